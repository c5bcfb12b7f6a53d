/**
 * The young log: one lane of segments that every set and delete appends to. It is write-ahead log
 * and queue in one.
 *
 *     lane   oldest ──────────────────────────────► newest
 *            [sealed, on disk only] [sealed] [sealed] [open: append here]
 *                                             └── batches closed by a FRAME, waiting to be written
 *
 * Invariants
 * 1. Records are appended in the order of the calls; position in the lane is the order of writes.
 * 2. Only the oldest segment ever leaves. What it hides in young lies in older ones, which are gone
 *    already; what it hides in main, `Reclaim` sees to.
 * 3. Every record belongs to exactly one batch, and a batch to one segment; its FRAME follows its
 *    last record.
 *
 * It does no I/O: `GroupCommit` writes the batches.
 */

import { assert } from '../assert.ts';
import { refersToShapes } from '../codec/value-encoding.ts';
import { type Batch, newBatch } from './batch.ts';
import { BatchEntries, frameRecordBytes, LOG_START, type LogPosition } from './frame.ts';
import { HEAD_BYTES_MAX } from './index-slot.ts';
import type { NewRecord } from './new-record.ts';
import { HIDES_NOTHING, KIND_SHAPES, needsWide, type RecordMemory, recordBytes } from './record.ts';
import { renewSegment, restoreMemory } from './renewal.ts';
import type { Segment } from './segment.ts';
import { appendFrame, appendRecord, appendShapes, writeCrcs } from './segment-append.ts';
import {
  type FileId,
  NO_FILE,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';
import { openSegment, type SegmentOrigin } from './segment-origin.ts';
import type { SegmentPlace, SegmentTable } from './segment-table.ts';
import type { LaneTail } from './superblock.ts';

/**
 * An opening's first segment; each further one is twice as large, up to the full size. A small
 * store takes little memory, and all that happens when a segment is full has happened before the
 * code of the hot path is compiled: it is not thrown away at the first full one.
 */
const FIRST_SEGMENT_BYTES = 16 * 1024;

/** A record, and the shapes it refers to. */
const RECORDS_AT_ONCE_MAX = 2;

export class YoungLog {
  readonly lane: Segment[] = [];
  /** Everything before it, in this epoch, has been synced. Kept by `GroupCommit`. */
  durable: LogPosition = LOG_START;
  /** The bytes of all records in the lane, dead ones and FRAMEs included. */
  bytes = 0;
  /** The newest batch with anything in it. */
  lastBatch: Batch | undefined;
  readonly #origin: SegmentOrigin;
  readonly #table: SegmentTable;
  /** So are all segments that are appended to. */
  readonly #isEncrypted: boolean;
  readonly #entries = new BatchEntries();
  #openBatch: Batch | undefined;
  #closed: Batch[] = [];
  #closedBytes = 0;
  #current: Segment | undefined;
  #nextSegmentBytes: number;
  #previous: Segment | undefined;
  /** What the first file has to follow, if that is missing. */
  missingTail: LaneTail | undefined;

  constructor(origin: SegmentOrigin, table: SegmentTable) {
    this.#origin = origin;
    this.#table = table;
    this.#isEncrypted = table.keyring.isEncrypting;
    this.#nextSegmentBytes = Math.min(FIRST_SEGMENT_BYTES, origin.segmentBytes);
  }

  /** The opening of the store that writes here. */
  get epoch(): number {
    return this.#origin.epoch;
  }

  /** Where the last record went. */
  get current(): Segment {
    assert(this.#current !== undefined, 'the log has no open segment');
    return this.#current;
  }

  /** Bytes appended that nobody has taken to be written. */
  get pendingBytes(): number {
    const batch = this.#openBatch;
    return batch === undefined
      ? this.#closedBytes
      : this.#closedBytes + batch.segment.head - batch.start;
  }

  /** The batch that a durability promise made now has to wait for. */
  get newestBatch(): Batch | undefined {
    return this.#openBatch ?? this.lastBatch;
  }

  /** Batches nobody has taken to be written: those closed, and the open one. */
  pendingBatches(): Batch[] {
    return this.#openBatch === undefined ? this.#closed : [...this.#closed, this.#openBatch];
  }

  /** Closes the open batch and hands over all that are closed, to be written. */
  takeBatches(): Batch[] {
    this.closeBatch();
    const taken = this.#closed;
    this.#closed = [];
    this.#closedBytes = 0;
    return taken;
  }

  /** Appends and returns the record's offset in `current`; it ends at the head. Hot. */
  append(record: NewRecord): number {
    const { keyBytes, valueBytes, sequence, createdAtMs, expiresAtMs, untilMs } = record;
    const { shapes } = this.#origin;
    let segment = this.#current;
    let wide = segment !== undefined && needsWide(segment, sequence, createdAtMs, expiresAtMs);
    let bytes = recordBytes(keyBytes, valueBytes, wide, untilMs, this.#isEncrypted);
    if (
      segment === undefined ||
      !this.#hasRoom(segment, bytes, 1) ||
      (refersToShapes(record.encoding) && segment.shapeCount !== shapes.count)
    ) {
      segment = this.#makeReady(record);
      wide = needsWide(segment, sequence, createdAtMs, expiresAtMs);
      bytes = recordBytes(keyBytes, valueBytes, wide, untilMs, this.#isEncrypted);
    }
    const offset = appendRecord(segment, record, bytes, wide);
    this.#note(segment, offset, record.hash, record.kind);
    return offset;
  }

  /** A segment with room for the record that knows the shapes it may refer to. */
  #makeReady({ encoding, keyBytes, valueBytes, sequence, untilMs }: NewRecord): Segment {
    const { shapes, isPersistent } = this.#origin;
    const usesShapes = refersToShapes(encoding);
    const encoded = usesShapes && isPersistent ? shapes.encode() : undefined;
    const shapesBytes =
      encoded === undefined
        ? 0
        : recordBytes(0, encoded.length, false, HIDES_NOTHING, this.#isEncrypted);
    const bytes = shapesBytes + recordBytes(keyBytes, valueBytes, true, untilMs, this.#isEncrypted);
    let segment = this.#current;
    if (segment === undefined || !this.#hasRoom(segment, bytes, RECORDS_AT_ONCE_MAX)) {
      segment = this.#openSegment(bytes, sequence);
    }
    if (encoded !== undefined && segment.shapeCount !== shapes.count) {
      this.#note(segment, appendShapes(segment, encoded), 0, KIND_SHAPES);
    }
    if (usesShapes) segment.shapeCount = shapes.count;
    return segment;
  }

  /** A record was appended at `offset`, up to the head. */
  #note(segment: Segment, offset: number, hash: number, kind: number): void {
    this.bytes += segment.head - offset;
    if (!this.#origin.isPersistent) return;
    this.#openBatch ??= newBatch(segment, offset);
    this.#entries.add(hash, offset, kind);
  }

  /** Ends the open batch with a FRAME, ready to be written. */
  closeBatch(): void {
    const batch = this.#openBatch;
    if (batch === undefined) return;
    const { segment } = batch;
    const { clock, crc32 } = this.#origin;
    batch.mark = this.durable;
    const frame = { batchStart: batch.start, durable: batch.mark, storeTimeMs: clock.nowMs() };
    const frameAt = segment.head;
    writeCrcs(segment, this.#entries, crc32);
    appendFrame(segment, frame, this.#entries, crc32);
    this.bytes += segment.head - frameAt;
    batch.end = segment.head;
    batch.state = 'closed';
    this.#entries.count = 0;
    this.#openBatch = undefined;
    this.#closed.push(batch);
    this.#closedBytes += batch.end - batch.start;
    this.lastBatch = batch;
  }

  /** Puts a segment that recovery has read at the end of the lane. */
  adopt(
    header: SegmentHeader,
    memory: RecordMemory | undefined,
    head: number,
    place?: SegmentPlace,
  ): Segment {
    const segment = this.#table.add(header, memory, head, place);
    segment.adopted(head);
    this.#join(segment);
    this.bytes += head;
    return segment;
  }

  /** Gives segments other files, in their order: the oldest of them still follows what it did. */
  renew(segments: readonly Segment[]): void {
    let previous: FileId | undefined;
    for (const segment of segments) {
      renewSegment(segment, previous ?? segment.header.previous, this.#origin, this.#table);
      previous = segment.header.id;
    }
  }

  /** Of a segment that is to be renewed. */
  restoreMemory(segment: Segment): void {
    restoreMemory(segment, this.#origin, this.#table);
  }

  /** Cuts a segment that recovery has adopted. */
  truncate(segment: Segment, end: number): void {
    this.bytes -= segment.head - end;
    segment.head = end;
    segment.writtenTo = end;
    segment.durableTo = end;
  }

  /**
   * Takes the oldest segment out of the lane; index slots that still point into it point nowhere.
   */
  removeOldest(): Segment {
    const segment = this.lane.shift();
    assert(segment !== undefined, 'the lane is empty');
    this.bytes -= segment.head;
    // What was promised of an unwritten batch holds until its removal is durable: it is written
    // first.
    if (segment.isWritten || !this.#origin.isPersistent) this.#table.dropMemory(segment);
    this.#table.remove(segment);
    if (segment === this.#current) this.#current = undefined;
    return segment;
  }

  /** Closes a batch even if it is empty: a lane always has a newest file. */
  closeEmptyBatch(): void {
    if (this.#openBatch === undefined) {
      let segment = this.#current;
      if (segment === undefined || !this.#hasRoom(segment, 0, 0)) {
        segment = this.#openSegment(0, this.#previous?.sequenceBase ?? 0);
      }
      this.#openBatch = newBatch(segment, segment.head);
    }
    this.closeBatch();
  }

  /** Stops appending to the open segment. */
  seal(): void {
    this.closeBatch();
    if (this.#current === undefined) return;
    this.#current.isSealed = true;
    this.#current = undefined;
  }

  /** A FRAME for `records` more has to fit behind them. */
  #hasRoom(segment: Segment, bytes: number, records: number): boolean {
    if (segment.head > HEAD_BYTES_MAX) return false;
    if (!this.#origin.isPersistent) return segment.head + bytes <= segment.capacity;
    const reserve = frameRecordBytes(this.#entries.count + records, this.#isEncrypted);
    return segment.head + bytes + reserve <= segment.capacity;
  }

  #openSegment(bytes: number, sequence: number): Segment {
    this.seal();
    const frameBytes = frameRecordBytes(RECORDS_AT_ONCE_MAX, this.#isEncrypted);
    const needed = SEGMENT_HEADER_BYTES + bytes + frameBytes;
    const segment = openSegment(this.#origin, this.#table, {
      bytes: Math.max(this.#nextSegmentBytes, needed),
      sequenceBase: sequence,
      previous: this.missingTail?.id ?? this.#previous?.header.id ?? NO_FILE,
      previousLength: this.missingTail?.length ?? this.#previous?.laneLength ?? 0,
      main: undefined,
    });
    this.missingTail = undefined;
    this.#nextSegmentBytes = Math.min(this.#nextSegmentBytes * 2, this.#origin.segmentBytes);
    this.bytes += SEGMENT_HEADER_BYTES;
    this.#current = segment;
    this.#join(segment);
    return segment;
  }

  #join(segment: Segment): void {
    this.lane.push(segment);
    this.#previous = segment;
  }
}
