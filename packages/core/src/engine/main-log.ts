/**
 * The main generation: segments of what proved worth keeping, by TTL class and by the prefix of the
 * keys' SHA-256.
 *
 *     demoted record ─► open segment of its class and prefix ─► FRAME, write, sync ─► manifest
 *
 * Invariants
 * 1. A record is in the table of live records as soon as it is copied here; what it was copied from
 *    stays on the disk until the copy is durable and named by the manifest.
 * 2. A segment's drop time is the latest deadline, or end of hiding, of what is in it.
 *
 * It does no I/O: `MainFiles` writes it.
 */

import { assert } from '../assert.ts';
import { refersToShapes } from '../codec/value-encoding.ts';
import { BatchEntries, frameRecordBytes, LOG_START } from './frame.ts';
import { HEAD_BYTES_MAX } from './index-slot.ts';
import type { NewRecord } from './new-record.ts';
import {
  HIDES_NOTHING,
  KIND_PUT,
  KIND_SHAPES,
  needsWide,
  type RecordMemory,
  recordBytes,
  writeRecordCrc,
} from './record.ts';
import { renewSegment, restoreMemory } from './renewal.ts';
import type { Segment } from './segment.ts';
import { appendFrame, appendRecord, appendShapes } from './segment-append.ts';
import {
  type MainPlace,
  NO_FILE,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';
import { openSegment, type SegmentOrigin } from './segment-origin.ts';
import type { SegmentPlace, SegmentTable } from './segment-table.ts';
import { ttlClassSpanMs } from './ttl-class.ts';

/** The first segment of a place; each further one is twice as large, up to the full size. */
const FIRST_SEGMENT_BYTES = 16 * 1024;

/** A record, and the shapes it refers to. */
const RECORDS_AT_ONCE_MAX = 2;

/** Where records of one class and prefix go now. */
interface OpenPlace {
  segment: Segment | undefined;
  readonly entries: BatchEntries;
  batchStart: number;
  nextBytes: number;
}

/** Whole batches of a segment, not all of them durable. */
export interface NotDurable {
  readonly segment: Segment;
  readonly end: number;
}

export class MainLog {
  /** Oldest first: in the order they were made. */
  readonly segments: Segment[] = [];
  /** The bytes of all records here, dead ones and FRAMEs included. */
  bytes = 0;
  /** Young segments that something was copied from since the last `closeBatches`. */
  readonly sources: Set<Segment> = new Set();
  readonly #origin: SegmentOrigin;
  readonly #table: SegmentTable;
  /** So are all segments that are appended to. */
  readonly #isEncrypted: boolean;
  readonly #places = new Map<string, OpenPlace>();
  #current: Segment | undefined;

  constructor(origin: SegmentOrigin, table: SegmentTable) {
    this.#origin = origin;
    this.#table = table;
    this.#isEncrypted = table.keyring.isEncrypting;
  }

  /** Where the last record went. */
  get current(): Segment {
    assert(this.#current !== undefined, 'nothing was appended to main');
    return this.#current;
  }

  /** Appends and returns the record's offset in `current`; it ends at the head. */
  append(record: NewRecord, main: MainPlace): number {
    const { kind, sequence, createdAtMs, expiresAtMs, keyBytes, valueBytes, untilMs } = record;
    const place = this.#placeOf(main);
    const segment = this.#makeReady(place, record, main);
    const wide = needsWide(segment, sequence, createdAtMs, expiresAtMs);
    const bytes = recordBytes(keyBytes, valueBytes, wide, untilMs, this.#isEncrypted);
    const offset = appendRecord(segment, record, bytes, wide);
    this.#note(place, segment, offset, record.hash, kind);
    segment.noteRecord(sequence, kind !== KIND_PUT);
    this.#current = segment;
    return offset;
  }

  /**
   * True if what was copied here may become durable: of writes that a power cut takes, none may
   * survive by its copy.
   */
  get areSourcesDurable(): boolean {
    for (const source of this.sources) if (!source.isDurable) return false;
    return true;
  }

  /** Ends every batch with a FRAME; returns what is to become durable, and up to where. */
  closeBatches(): NotDurable[] {
    this.sources.clear();
    for (const place of this.#places.values()) this.#closeBatch(place);
    return this.segments
      .filter(({ isDurable }) => !isDurable)
      .map((segment) => ({ segment, end: segment.head }));
  }

  /** Stops appending to the oldest open segment, so that it can be reclaimed; false if none is. */
  sealOldest(): boolean {
    const oldest = this.segments.find((segment) => !segment.isSealed);
    if (oldest !== undefined) this.seal(oldest);
    return oldest !== undefined;
  }

  /** Stops appending to it. */
  seal(segment: Segment): void {
    this.sealThose((each) => each === segment);
  }

  /** Stops appending to each open segment that is to be reclaimed. */
  sealThose(isMeant: (segment: Segment) => boolean): void {
    for (const place of this.#places.values()) {
      if (place.segment !== undefined && isMeant(place.segment)) this.#seal(place);
    }
  }

  /** Seals what has been open for longer than its records live: it could not go while they come. */
  sealStale(): void {
    const nowMs = this.#origin.clock.nowMs();
    for (const place of this.#places.values()) {
      const main = place.segment?.header.main;
      if (place.segment === undefined || main === undefined) continue;
      if (nowMs - place.segment.timeBaseMs > ttlClassSpanMs(main.ttlClass)) this.#seal(place);
    }
  }

  /** The smallest sequence of any value here, `except` left out. */
  valueSequenceMin(except?: Segment): number {
    let least = Number.POSITIVE_INFINITY;
    for (const segment of this.segments) {
      if (segment !== except && segment.valueSequenceMin < least) {
        least = segment.valueSequenceMin;
      }
    }
    return least;
  }

  /** Puts a segment that recovery has read here. To be called in the order of ids. */
  adopt(
    header: SegmentHeader,
    memory: RecordMemory | undefined,
    head: number,
    place?: SegmentPlace,
  ): Segment {
    const segment = this.#table.add(header, memory, head, place);
    segment.adopted(head);
    this.segments.push(segment);
    this.bytes += head;
    return segment;
  }

  /** Gives a segment another file, whether it is still here or not. */
  renew(segment: Segment): void {
    renewSegment(segment, NO_FILE, this.#origin, this.#table);
  }

  /** Of a segment that is to be renewed. */
  restoreMemory(segment: Segment): void {
    restoreMemory(segment, this.#origin, this.#table);
  }

  /** Index slots that still point into it point nowhere. Its file is the caller's affair. */
  remove(segment: Segment): void {
    const at = this.segments.indexOf(segment);
    assert(at !== -1, 'the segment is not in main');
    this.segments.splice(at, 1);
    this.seal(segment);
    this.bytes -= segment.head;
    // Something else may be unlinked for what only this memory holds: it is written first.
    if (segment.isWritten || !this.#origin.isPersistent) this.#table.dropMemory(segment);
    this.#table.remove(segment);
  }

  #placeOf({ prefix, ttlClass }: MainPlace): OpenPlace {
    const name = `${prefix}-${ttlClass}`;
    let place = this.#places.get(name);
    if (place === undefined) {
      const nextBytes = Math.min(FIRST_SEGMENT_BYTES, this.#origin.segmentBytes);
      place = { segment: undefined, entries: new BatchEntries(), batchStart: 0, nextBytes };
      this.#places.set(name, place);
    }
    return place;
  }

  /** A segment with room for the record that knows the shapes it may refer to. */
  #makeReady(place: OpenPlace, record: NewRecord, main: MainPlace): Segment {
    const { shapes, isPersistent } = this.#origin;
    const usesShapes = refersToShapes(record.encoding);
    const isCurrent = place.segment?.shapeCount === shapes.count;
    const encoded = usesShapes && isPersistent && !isCurrent ? shapes.encode() : undefined;
    const shapesBytes =
      encoded === undefined
        ? 0
        : recordBytes(0, encoded.length, false, HIDES_NOTHING, this.#isEncrypted);
    const { keyBytes, valueBytes, untilMs } = record;
    const bytes = shapesBytes + recordBytes(keyBytes, valueBytes, true, untilMs, this.#isEncrypted);
    let { segment } = place;
    if (segment === undefined || !this.#hasRoom(place, segment, bytes)) {
      segment = this.#open(place, main, bytes, record.sequence);
    }
    if (usesShapes && segment.shapeCount !== shapes.count) {
      const list = encoded ?? (isPersistent ? shapes.encode() : undefined);
      if (list !== undefined) {
        this.#note(place, segment, appendShapes(segment, list), 0, KIND_SHAPES);
      }
      segment.shapeCount = shapes.count;
    }
    return segment;
  }

  #hasRoom({ entries }: OpenPlace, segment: Segment, bytes: number): boolean {
    if (segment.head > HEAD_BYTES_MAX) return false;
    const reserve = frameRecordBytes(entries.count + RECORDS_AT_ONCE_MAX, this.#isEncrypted);
    return segment.head + bytes + reserve <= segment.capacity;
  }

  #open(place: OpenPlace, main: MainPlace, bytes: number, sequence: number): Segment {
    this.#seal(place);
    const { shapes, segmentBytes } = this.#origin;
    const frameBytes = frameRecordBytes(RECORDS_AT_ONCE_MAX, this.#isEncrypted);
    const needed = SEGMENT_HEADER_BYTES + bytes + shapes.bytesMax + frameBytes;
    const segment = openSegment(this.#origin, this.#table, {
      bytes: Math.max(place.nextBytes, needed),
      sequenceBase: sequence,
      previous: NO_FILE,
      previousLength: 0,
      main,
    });
    place.nextBytes = Math.min(place.nextBytes * 2, segmentBytes);
    place.segment = segment;
    place.batchStart = segment.head;
    this.segments.push(segment);
    this.bytes += SEGMENT_HEADER_BYTES;
    return segment;
  }

  #note(place: OpenPlace, segment: Segment, offset: number, hash: number, kind: number): void {
    this.bytes += segment.head - offset;
    const { isPersistent, crc32 } = this.#origin;
    if (!isPersistent) return;
    place.entries.add(hash, offset, kind);
    // At once: those of a whole batch, which may be a whole segment, would make one turn long.
    writeRecordCrc(segment.memory as RecordMemory, offset, segment.header.salt, crc32);
  }

  #seal(place: OpenPlace): void {
    this.#closeBatch(place);
    if (place.segment !== undefined) place.segment.isSealed = true;
    place.segment = undefined;
  }

  #closeBatch(place: OpenPlace): void {
    const { segment, entries, batchStart } = place;
    if (segment === undefined || entries.count === 0) return;
    const frameAt = segment.head;
    const { clock, crc32 } = this.#origin;
    const frame = { batchStart, durable: LOG_START, storeTimeMs: clock.nowMs() };
    appendFrame(segment, frame, entries, crc32);
    this.bytes += segment.head - frameAt;
    entries.count = 0;
    place.batchStart = segment.head;
  }
}
