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
 * 2. Only the oldest segment ever leaves. What it hides lies in older ones, which are gone already.
 * 3. Every record belongs to exactly one batch, and a batch to one segment; its FRAME follows its
 *    last record.
 *
 * It does no I/O: `GroupCommit` writes the batches.
 */

import { assert } from '../assert.ts';
import { ENCODING_MSGPACK, refersToShapes } from '../codec/value-encoding.ts';
import type { Random } from '../ports/random.ts';
import { type Batch, newBatch } from './batch.ts';
import { copyBytes } from './copy-bytes.ts';
import type { Crc32 } from './crc32.ts';
import {
  BatchEntries,
  frameRecordBytes,
  frameValueBytes,
  LOG_START,
  type LogPosition,
  writeFrameValue,
} from './frame.ts';
import { SEGMENT_SLOTS_MAX } from './hash-index.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { MemoryPool } from './memory-pool.ts';
import type { NewRecord } from './new-record.ts';
import {
  KIND_FRAME,
  KIND_SHAPES,
  needsWide,
  type RecordMemory,
  recordBytes,
  writeRecordCrc,
  writeRecordHeader,
} from './record.ts';
import { Segment } from './segment.ts';
import {
  encodeSegmentHeader,
  NO_FILE,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';
import type { StoreClock } from './store-clock.ts';

/**
 * An opening's first segment; each further one is twice as large, up to the full size. A small
 * store takes little memory, and all that happens when a segment is full has happened before the
 * code of the hot path is compiled: it is not thrown away at the first full one.
 */
const FIRST_SEGMENT_BYTES = 16 * 1024;

/** A record, and the shapes it refers to. */
const RECORDS_AT_ONCE_MAX = 2;

export interface YoungLogOptions {
  readonly isPersistent: boolean;
  readonly segmentBytes: number;
  readonly epoch: number;
  readonly storeId: Uint8Array;
  readonly hashSeed: number;
  readonly clock: StoreClock;
  readonly random: Random;
  readonly crc32: Crc32;
  readonly shapes: LoggedShapes;
}

export class YoungLog {
  readonly lane: Segment[] = [];
  readonly table: (Segment | undefined)[] = [];
  readonly pool: MemoryPool;
  /** Everything before it, in this epoch, has been synced. Kept by `GroupCommit`. */
  durable: LogPosition = LOG_START;
  /** The bytes of all records in the lane, dead ones and FRAMEs included. */
  bytes = 0;
  /** The newest batch with anything in it. */
  lastBatch: Batch | undefined;
  readonly #options: YoungLogOptions;
  readonly #generations: number[] = [];
  readonly #freeSlots: number[] = [];
  readonly #entries = new BatchEntries();
  #openBatch: Batch | undefined;
  #closed: Batch[] = [];
  #closedBytes = 0;
  #current: Segment | undefined;
  #nextNumber = 1;
  #nextSegmentBytes: number;
  #previous: Segment | undefined;

  constructor(options: YoungLogOptions) {
    this.#options = options;
    this.#nextSegmentBytes = Math.min(FIRST_SEGMENT_BYTES, options.segmentBytes);
    this.pool = new MemoryPool(options.segmentBytes);
  }

  /** The opening of the store that writes here. */
  get epoch(): number {
    return this.#options.epoch;
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
    const { keyBytes, valueBytes, sequence, createdAtMs, expiresAtMs } = record;
    const { shapes } = this.#options;
    let segment = this.#current;
    let wide = segment !== undefined && needsWide(segment, sequence, createdAtMs, expiresAtMs);
    let bytes = recordBytes(keyBytes, valueBytes, wide);
    if (
      segment === undefined ||
      !this.#hasRoom(segment, bytes, 1) ||
      (refersToShapes(record.encoding) && segment.shapeCount !== shapes.count)
    ) {
      segment = this.#makeReady(record);
      wide = needsWide(segment, sequence, createdAtMs, expiresAtMs);
      bytes = recordBytes(keyBytes, valueBytes, wide);
    }
    const memory = segment.memory as RecordMemory;
    const offset = segment.head;
    const keyAt = writeRecordHeader(
      memory,
      offset,
      segment,
      record.kind,
      record.isTextKey,
      record.encoding,
      keyBytes,
      valueBytes,
      sequence,
      createdAtMs,
      expiresAtMs,
      wide,
    );
    copyBytes(record.key, record.keyStart, keyBytes, memory.bytes, keyAt);
    copyBytes(record.value, record.valueStart, valueBytes, memory.bytes, keyAt + keyBytes);
    this.#publish(segment, bytes, record.hash, record.kind);
    if (expiresAtMs > segment.lastExpiryMs) segment.lastExpiryMs = expiresAtMs;
    return offset;
  }

  /** A segment with room for the record that knows the shapes it may refer to. */
  #makeReady({ encoding, keyBytes, valueBytes, sequence }: NewRecord): Segment {
    const { shapes, isPersistent } = this.#options;
    const usesShapes = refersToShapes(encoding);
    const encoded = usesShapes && isPersistent ? shapes.encode() : undefined;
    const shapesBytes = encoded === undefined ? 0 : recordBytes(0, encoded.length, false);
    const bytes = shapesBytes + recordBytes(keyBytes, valueBytes, true);
    let segment = this.#current;
    if (segment === undefined || !this.#hasRoom(segment, bytes, RECORDS_AT_ONCE_MAX)) {
      segment = this.#openSegment(bytes, sequence);
    }
    if (encoded !== undefined && segment.shapeCount !== shapes.count) {
      this.#appendShapes(segment, encoded);
    }
    if (usesShapes) segment.shapeCount = shapes.count;
    return segment;
  }

  #appendShapes(segment: Segment, encoded: Uint8Array): void {
    const { sequenceBase, timeBaseMs } = segment;
    const memory = segment.memory as RecordMemory;
    const valueAt = writeRecordHeader(
      memory,
      segment.head,
      segment,
      KIND_SHAPES,
      false,
      ENCODING_MSGPACK,
      0,
      encoded.length,
      sequenceBase,
      timeBaseMs,
      timeBaseMs,
      false,
    );
    memory.bytes.set(encoded, valueAt);
    this.#publish(segment, recordBytes(0, encoded.length, false), 0, KIND_SHAPES);
  }

  #publish(segment: Segment, bytes: number, hash: number, kind: number): void {
    const offset = segment.head;
    this.#advance(segment, bytes);
    if (!this.#options.isPersistent) return;
    this.#openBatch ??= newBatch(segment, offset);
    this.#entries.add(hash, offset, kind);
  }

  /** Ends the open batch with a FRAME, ready to be written. */
  closeBatch(): void {
    const batch = this.#openBatch;
    if (batch === undefined) return;
    const { segment } = batch;
    const memory = segment.memory as RecordMemory;
    const { crc32 } = this.#options;
    const { salt } = segment.header;
    writeCrcs(memory, this.#entries, salt, crc32);
    const nowMs = this.#options.clock.nowMs();
    const valueBytes = frameValueBytes(this.#entries.count);
    const offset = segment.head;
    const valueAt = writeRecordHeader(
      memory,
      offset,
      segment,
      KIND_FRAME,
      false,
      0,
      0,
      valueBytes,
      segment.sequenceBase,
      segment.timeBaseMs,
      segment.timeBaseMs,
      false,
    );
    batch.mark = this.durable;
    const frame = { batchStart: batch.start, durable: batch.mark, storeTimeMs: nowMs };
    writeFrameValue(memory, valueAt, frame, this.#entries);
    writeRecordCrc(memory, offset, salt, crc32);
    this.#advance(segment, recordBytes(0, valueBytes, false));
    batch.end = segment.head;
    batch.state = 'closed';
    this.#entries.count = 0;
    this.#openBatch = undefined;
    this.#closed.push(batch);
    this.#closedBytes += batch.end - batch.start;
    this.lastBatch = batch;
  }

  /** Puts a segment that recovery has read at the end of the lane. */
  adopt(header: SegmentHeader, memory: RecordMemory | undefined, head: number): Segment {
    const segment = this.#newSegment(header, memory, head);
    segment.isSealed = true;
    segment.isNamed = true;
    segment.head = head;
    segment.writtenTo = head;
    segment.durableTo = head;
    this.bytes += head;
    return segment;
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
    if (segment.isWritten || !this.#options.isPersistent) this.dropMemory(segment);
    this.table[segment.tableSlot] = undefined;
    this.#generations[segment.tableSlot] = (segment.generation + 1) & 0xff;
    this.#freeSlots.push(segment.tableSlot);
    if (segment === this.#current) this.#current = undefined;
    return segment;
  }

  dropMemory(segment: Segment): void {
    if (segment.memory === undefined) return;
    assert(!segment.isWriting, 'memory that is being written would be used again');
    this.pool.give(segment.memory);
    segment.memory = undefined;
  }

  /** Closes a batch even if it is empty: its FRAME says how far the log is durable. */
  vouch(): void {
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
    const reserve = this.#options.isPersistent
      ? frameRecordBytes(this.#entries.count + records)
      : 0;
    return segment.head + bytes + reserve <= segment.capacity;
  }

  #openSegment(bytes: number, sequence: number): Segment {
    this.seal();
    const { segmentBytes, epoch, storeId, hashSeed, random, clock } = this.#options;
    const needed = SEGMENT_HEADER_BYTES + bytes + frameRecordBytes(RECORDS_AT_ONCE_MAX);
    const capacity = Math.max(this.#nextSegmentBytes, (needed + 7) & -8);
    this.#nextSegmentBytes = Math.min(this.#nextSegmentBytes * 2, segmentBytes);
    const header: SegmentHeader = {
      salt: new Int32Array(random.fill(new Uint8Array(4)).buffer)[0] as number,
      storeId,
      id: { epoch, number: this.#nextNumber++ },
      previous: this.#previous?.header.id ?? NO_FILE,
      previousLength: this.#previous?.laneLength ?? 0,
      sequenceBase: sequence,
      timeBaseMs: clock.nowMs(),
      hashSeed,
    };
    const memory = this.pool.take(capacity);
    memory.bytes.set(encodeSegmentHeader(header));
    const segment = this.#newSegment(header, memory, capacity);
    this.bytes += SEGMENT_HEADER_BYTES;
    this.#current = segment;
    return segment;
  }

  #newSegment(header: SegmentHeader, memory: RecordMemory | undefined, capacity: number): Segment {
    const tableSlot = this.#freeSlots.pop() ?? this.table.length;
    assert(tableSlot < SEGMENT_SLOTS_MAX, 'too many segments');
    const generation = this.#generations[tableSlot] ?? 0;
    this.#generations[tableSlot] = generation;
    const segment = new Segment(tableSlot, generation, header, memory, capacity);
    this.table[tableSlot] = segment;
    this.lane.push(segment);
    this.#previous = segment;
    return segment;
  }

  #advance(segment: Segment, bytes: number): void {
    segment.head += bytes;
    this.bytes += bytes;
    assert(segment.head <= segment.capacity, 'record end past segment end');
  }
}

/**
 * A function of its own: compiled in the middle of a long loop, code knows nothing of what follows
 * the loop, and one function of both was thrown away and compiled again for every segment.
 */
function writeCrcs(memory: RecordMemory, entries: BatchEntries, salt: number, crc32: Crc32): void {
  const { count } = entries;
  for (let index = 0; index < count; index++) {
    writeRecordCrc(memory, entries.offsetAt(index), salt, crc32);
  }
}
