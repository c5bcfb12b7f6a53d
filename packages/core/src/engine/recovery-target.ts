import { refersToShapes } from '../codec/value-encoding.ts';
import type { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import { BucketFetch } from './bucket-fetch.ts';
import { type Floors, floorTag } from './floors.ts';
import { NO_SLOT, type Slot } from './index-slot.ts';
import type { KeyEncoder } from './key-encoder.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import type { MainLog } from './main-log.ts';
import {
  HIDES_NOTHING,
  isNamed,
  isTagged,
  isTextKey,
  KIND_DELETE,
  KIND_PUT,
  keyLength,
  keyStart,
  type RecordMemory,
  recordEncoding,
  recordExpiresAtMs,
  recordKind,
  recordLength,
  recordSequence,
  recordUntilMs,
  valueEnd,
  valueStart,
} from './record.ts';
import type { RecordTable } from './record-table.ts';
import type { Segment } from './segment.ts';
import type { SegmentHeader } from './segment-header.ts';
import type { SegmentTable } from './segment-table.ts';
import type { YoungLog } from './young-log.ts';

/** The engine's side: it keeps the index. */
export interface RecoveryTarget {
  adopt(header: SegmentHeader, memory: RecordMemory, head: number, file: OpenFile): Segment;
  /** The segment ends here: what lies behind was torn. */
  truncate(segment: Segment, end: number): void;
  /**
   * A record of main, in any order: the highest sequence counts. A tombstone hides what is older
   * than its sequence, not the record it was left for: what had replaced that may not have become
   * durable.
   */
  applyMain(segment: Segment, memory: RecordMemory, offset: number, hash: number): void;
  applyPut(segment: Segment, memory: RecordMemory, offset: number, hash: number): void;
  applyDelete(segment: Segment, memory: RecordMemory, offset: number, hash: number): void;
  applyClear(segment: Segment, memory: RecordMemory, offset: number): void;
  /** What the log says of shapes; `false` if no value can be read that was written with others. */
  applyShapes(segment: Segment, memory: RecordMemory, offset: number): boolean;
  /** True if the record's value can be read: the segment has named the shapes it may refer to. */
  isReadable(segment: Segment, memory: RecordMemory, offset: number): boolean;
  /** Any record with this hash that was applied before may be outdated. */
  forgetHash(hash: number): void;
  /**
   * Any record of main below that sequence that expires by then may be outdated: what hid it is
   * lost.
   */
  forgetHiddenBy(sequence: number, untilMs: number): void;
  /** Every record applied before may be outdated. */
  forgetAll(): void;
  /** What has a tag and a smaller sequence is gone; of the lane and of main. */
  applyFloor(segment: Segment, memory: RecordMemory, offset: number): void;
  /** What of main was lost may have been a floor below that sequence. */
  loseFloorsBelow(sequence: number): void;
  /** A floor of the lane was lost, here: it may cover all that was applied before. */
  loseFloor(): void;
  noteStoreTime(storeTimeMs: number): void;
  onDamage(error: HoldfastError): void;
  allocate(bytes: number): RecordMemory;
  /** Gives back what was allocated and not adopted. */
  release(memory: RecordMemory): void;
  /** Of a record's key. */
  hashOf(memory: RecordMemory, offset: number): number;
  /** Records with these hashes are about to be applied. */
  expect(hashes: Int32Array, count: number): void;
}

/** A record of main that must stay hidden, although what hid it is lost. */
export interface Outdated {
  readonly key: Uint8Array;
  readonly isText: boolean;
  readonly isNamed: boolean;
  readonly untilMs: number;
}

/** Puts what recovery reads, in the order of the log, into the table. */
export class TableRebuild implements RecoveryTarget {
  /** The highest sequence seen. */
  sequence = 0;
  storeTimeMs = 0;
  /** Main segments with nothing from here on hold only what is gone. */
  mainFloor = 0;
  /** Everything with tags below it may have been covered by what is lost. */
  lostFloor = 0;
  readonly outdated: Outdated[] = [];
  readonly #tombstones: { readonly hash: number; readonly segment: Segment; offset: number }[] = [];
  readonly #main: MainLog;
  readonly #log: YoungLog;
  readonly #segments: SegmentTable;
  readonly #table: RecordTable;
  readonly #buckets: BucketFetch;
  readonly #keys: KeyEncoder;
  readonly #shapes: LoggedShapes;
  readonly #floors: Floors;
  #isFloorLost = false;
  readonly #onError: (error: HoldfastError) => void;
  readonly #afterAdopt: () => void;

  constructor(options: {
    log: YoungLog;
    main: MainLog;
    segments: SegmentTable;
    table: RecordTable;
    keys: KeyEncoder;
    shapes: LoggedShapes;
    floors: Floors;
    onError: (error: HoldfastError) => void;
    /** Called with each segment: memory may be over its limit. */
    afterAdopt: () => void;
  }) {
    this.#log = options.log;
    this.#main = options.main;
    this.#segments = options.segments;
    this.#table = options.table;
    this.#buckets = new BucketFetch(options.table.index);
    this.#keys = options.keys;
    this.#shapes = options.shapes;
    this.#floors = options.floors;
    this.#onError = options.onError;
    this.#afterAdopt = options.afterAdopt;
  }

  allocate(bytes: number): RecordMemory {
    this.#afterAdopt();
    return this.#segments.pool.take(bytes);
  }

  release(memory: RecordMemory): void {
    this.#segments.pool.give(memory);
  }

  adopt(header: SegmentHeader, memory: RecordMemory, head: number, file: OpenFile): Segment {
    const log = header.main === undefined ? this.#log : this.#main;
    const segment = log.adopt(header, memory, head);
    segment.file = file;
    return segment;
  }

  truncate(segment: Segment, end: number): void {
    this.#log.truncate(segment, end);
  }

  applyMain(segment: Segment, memory: RecordMemory, offset: number, hash: number): void {
    const sequence = this.#noteRecord(segment, memory, offset);
    const isTombstone = recordKind(memory.words, offset) === KIND_DELETE;
    segment.noteRecord(sequence, isTombstone);
    const slot = this.#table.findKeyOf(memory, offset, hash);
    if (slot !== NO_SLOT) {
      const known = this.#foundSequence();
      if (known > sequence) return;
      // A crash came between writing a copy, or a tombstone, and unlinking the file it came from.
      if (known === sequence) (isTombstone ? segment : this.#table.found.segment).goesFirst = true;
      if (known === sequence && isTombstone) return;
    }
    if (!this.#point(slot, segment, memory, offset, hash)) return;
    if (isTombstone) this.#tombstones.push({ hash, segment, offset });
  }

  /** An expired record is put as well: it hides older ones, and the cleaner drops it. */
  applyPut(segment: Segment, memory: RecordMemory, offset: number, hash: number): void {
    const sequence = this.#noteRecord(segment, memory, offset);
    const slot = this.#table.findKeyOf(memory, offset, hash);
    // In the lane the later place counts, but its copy may have gone to main already.
    if (slot !== NO_SLOT && this.#table.found.segment.isMain) {
      const known = this.#foundSequence();
      if (known > sequence || (known === sequence && !this.#isFoundTombstone())) return;
    }
    this.#point(slot, segment, memory, offset, hash);
  }

  applyDelete(segment: Segment, memory: RecordMemory, offset: number, hash: number): void {
    const sequence = this.#noteRecord(segment, memory, offset);
    const slot = this.#table.findKeyOf(memory, offset, hash);
    if (slot === NO_SLOT) return;
    if (this.#table.found.segment.isMain && this.#foundSequence() > sequence) return;
    this.#forget(slot);
  }

  applyClear(segment: Segment, memory: RecordMemory, offset: number): void {
    const sequence = this.#noteRecord(segment, memory, offset);
    this.#dropBelow(sequence);
    // What was set after it may have gone to main already.
    const isLater = ({ sequenceMax }: Segment): boolean => sequenceMax > sequence;
    if (!this.#main.segments.some(isLater)) this.#table.clear();
    else {
      this.#visitAll((slot) => {
        const isKept = this.#table.found.segment.isMain && this.#foundSequence() > sequence;
        if (!isKept) this.#forget(slot);
      });
    }
  }

  /** Tombstones have done their work once everything was applied. */
  removeTombstones(): void {
    for (const { hash, segment, offset } of this.#tombstones) {
      const slot = this.#table.findAt(hash, segment, offset);
      if (slot === NO_SLOT || !this.#table.load(slot)) continue;
      this.#forget(slot);
    }
  }

  #forget(slot: Slot): void {
    this.#table.forgetFound();
    this.#table.index.remove(slot);
  }

  applyShapes(segment: Segment, memory: RecordMemory, offset: number): boolean {
    const { words, bytes } = memory;
    // A copy: decoders do not take shared memory.
    const encoded = bytes.slice(valueStart(words, offset), valueEnd(words, offset));
    const adopted = this.#shapes.adopt(encoded);
    segment.shapeCount = adopted === 'unreadable' ? 0 : this.#shapes.count;
    return adopted === 'known';
  }

  isReadable(segment: Segment, memory: RecordMemory, offset: number): boolean {
    return !refersToShapes(recordEncoding(memory.words, offset)) || segment.shapeCount > 0;
  }

  forgetHash(hash: number): void {
    const { index } = this.#table;
    for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
      if (this.#table.load(slot)) this.#forgetOutdated(slot);
    }
  }

  forgetHiddenBy(sequence: number, untilMs: number): void {
    this.#visitAll((slot) => {
      const { memory, offset, segment } = this.#table.found;
      const expiresAtMs = recordExpiresAtMs(memory.words, offset, segment.timeBaseMs);
      const isHidden = this.#foundSequence() < sequence && expiresAtMs <= untilMs;
      if (segment.isMain && isHidden) this.#forgetOutdated(slot);
    });
  }

  forgetAll(): void {
    this.#table.clear();
    this.#dropBelow(Number.POSITIVE_INFINITY);
  }

  applyFloor(segment: Segment, memory: RecordMemory, offset: number): void {
    const sequence = this.#noteRecord(segment, memory, offset);
    if (segment.isMain) segment.noteRecord(sequence, true);
    const tag = floorTag({ memory, offset });
    if (tag === undefined) this.#floors.raiseAll(sequence);
    else this.#floors.raise(tag, sequence);
  }

  loseFloorsBelow(sequence: number): void {
    this.lostFloor = Math.max(this.lostFloor, sequence);
    this.#floors.raiseAll(sequence);
  }

  loseFloor(): void {
    this.#isFloorLost = true;
  }

  /** Everything was applied: what nothing came after covers all there is. */
  settleFloors(): void {
    if (this.#isFloorLost) this.loseFloorsBelow(this.sequence + 1);
  }

  /** What young was hiding in main goes as well: of neither anything is needed any more. */
  #dropBelow(sequence: number): void {
    this.mainFloor = Math.max(this.mainFloor, sequence);
    for (const segment of this.#log.lane) segment.untilMs = HIDES_NOTHING;
  }

  hashOf(memory: RecordMemory, offset: number): number {
    const { words, bytes } = memory;
    const start = keyStart(words, offset);
    return this.#keys.hashOf(bytes, start, start + keyLength(words, offset));
  }

  expect(hashes: Int32Array, count: number): void {
    this.#buckets.fetch(hashes, count);
  }

  /** Calls `visit` for every slot, with its record in `found`. */
  #visitAll(visit: (slot: Slot) => void): void {
    const { index } = this.#table;
    const { bucketCount } = index;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      index.visitBucket(bucket, bucketCount, (slot) => {
        if (this.#table.load(slot)) visit(slot);
      });
    }
  }

  /** Its file may stay for long, and what hid it is lost: it needs a tombstone of its own. */
  #forgetOutdated(slot: Slot): void {
    const { memory, offset, segment } = this.#table.found;
    const { words, bytes } = memory;
    if (segment.isMain && recordKind(words, offset) === KIND_PUT) {
      const start = keyStart(words, offset);
      const { timeBaseMs } = segment;
      this.outdated.push({
        key: bytes.slice(start, start + keyLength(words, offset)),
        isText: isTextKey(words, offset),
        isNamed: isNamed(words, offset),
        untilMs: Math.max(
          recordExpiresAtMs(words, offset, timeBaseMs),
          recordUntilMs(words, offset, timeBaseMs),
        ),
      });
    }
    this.#forget(slot);
  }

  noteStoreTime(storeTimeMs: number): void {
    if (storeTimeMs > this.storeTimeMs) this.storeTimeMs = storeTimeMs;
  }

  onDamage(error: HoldfastError): void {
    this.#onError(error);
  }

  /** False if the index has no room: the record is left out, as if evicted. */
  #point(
    slot: Slot,
    segment: Segment,
    memory: RecordMemory,
    offset: number,
    hash: number,
  ): boolean {
    if (slot !== NO_SLOT) this.#table.forgetFound();
    // Another machine's larger index may have held more.
    else if (this.#table.index.isFull) {
      this.#table.mayHideRecords = true;
      return false;
    }
    const bytes = recordLength(memory.words, offset);
    const expiresAtMs = recordExpiresAtMs(memory.words, offset, segment.timeBaseMs);
    this.#table.point(slot, hash, segment, offset, bytes, expiresAtMs);
    if (expiresAtMs > segment.lastExpiryMs) segment.lastExpiryMs = expiresAtMs;
    return true;
  }

  /** Also of one that is hidden: what it hides has to stay hidden. Returns its sequence. */
  #noteRecord(segment: Segment, memory: RecordMemory, offset: number): number {
    const untilMs = recordUntilMs(memory.words, offset, segment.timeBaseMs);
    if (untilMs > segment.untilMs) segment.untilMs = untilMs;
    const sequence = recordSequence(memory.words, offset, segment.sequenceBase);
    if (sequence > this.sequence) this.sequence = sequence;
    if (isTagged(memory.words, offset)) segment.hasTags = true;
    if (this.#isFloorLost && !segment.isMain) {
      // It came before this one, so its sequence is smaller.
      this.#isFloorLost = false;
      this.loseFloorsBelow(sequence);
    }
    return sequence;
  }

  #isFoundTombstone(): boolean {
    const { memory, offset } = this.#table.found;
    return recordKind(memory.words, offset) === KIND_DELETE;
  }

  #foundSequence(): number {
    const { memory, offset, segment } = this.#table.found;
    return recordSequence(memory.words, offset, segment.sequenceBase);
  }
}
