/**
 * The live records: the index together with the segments it points into, and the counts that follow
 * from it.
 *
 * Invariants
 * 1. At most one slot per key, pointing at the newest record of that key.
 * 2. `liveCount`, `liveBytes`, each segment's counts and the expiry counts are those of exactly the
 *    records that have a slot.
 */

import { HoldfastError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import { ExpiryCounter } from '../expiry/expiry-counter.ts';
import { HashIndex } from './hash-index.ts';
import { NO_SLOT, type Slot } from './index-slot.ts';
import type { KeyEncoder } from './key-encoder.ts';
import {
  isTagged,
  keyLength,
  keyMeasure,
  keyStart,
  type RecordMemory,
  recordExpiresAtMs,
  recordKeyMeasure,
  recordLength,
} from './record.ts';
import type { RecordReader } from './record-reader.ts';
import type { Segment } from './segment.ts';
import type { SegmentTable } from './segment-table.ts';
import { TaggedCounts } from './tagged-counts.ts';

/**
 * A record in memory: its segment's, or a buffer it was read into. Valid until the next look-up.
 */
export interface Found {
  memory: RecordMemory;
  /** Where it starts in `memory`. */
  offset: number;
  segment: Segment;
}

/** Buckets looked at in one go: a fraction of a millisecond; fewer in a turn with other work. */
const SWEEP_BUCKETS = 2_048;
const SWEEP_BUCKETS_BESIDE = 512;

export class RecordTable {
  readonly index: HashIndex;
  readonly expiry: ExpiryCounter = new ExpiryCounter();
  readonly tagged: TaggedCounts = new TaggedCounts();
  readonly found: Found = { memory: undefined!, offset: 0, segment: undefined! };
  /** Records that have a slot, expired ones included. */
  liveCount = 0;
  liveBytes = 0;
  damagedRecords = 0;
  /**
   * True once a record that is still in a file has lost its slot, because it could not be read. It
   * may be readable at the next opening: a delete has to leave its tombstone although the key looks
   * unknown.
   */
  mayHideRecords = false;
  readonly #segments: SegmentTable;
  readonly #reader: RecordReader;
  readonly #onError: (error: HoldfastError) => void;
  #sweptTo = 0;

  constructor(options: {
    entriesMax: number;
    segments: SegmentTable;
    reader: RecordReader;
    onError: (error: HoldfastError) => void;
  }) {
    const { segments } = options;
    this.index = new HashIndex(options.entriesMax, (tableSlot, generation) =>
      segments.isStale(tableSlot, generation),
    );
    this.#segments = segments;
    this.#reader = options.reader;
    this.#onError = options.onError;
  }

  /** Records with a slot before their deadline, some of the last 64 ms aside; of namespaces too. */
  sizeAt(nowMs: number): number {
    const gone = this.expiry.expiredCount(nowMs) + this.tagged.staleAt(nowMs);
    return Math.max(this.liveCount - gone, 0);
  }

  /** The slot of the encoded key, expired or not; sets `found`. Hot. */
  find(keys: KeyEncoder): Slot {
    const { index } = this;
    const { hash } = keys;
    const measure = keyMeasure(keys.length, keys.isNamed);
    for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
      if (!this.load(slot)) continue;
      const { memory, offset } = this.found;
      if (recordKeyMeasure(memory.words, offset) !== measure) continue;
      if (keyEquals(memory, offset, keys.bytes, keys.length)) return slot;
    }
    return NO_SLOT;
  }

  /** As `find`, of the key of a record in `memory`. Hot while a store is opened. */
  findKeyOf(memory: RecordMemory, offset: number, hash: number): Slot {
    const { index } = this;
    const measure = recordKeyMeasure(memory.words, offset);
    for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
      if (!this.load(slot)) continue;
      const { memory: other, offset: otherOffset } = this.found;
      if (recordKeyMeasure(other.words, otherOffset) !== measure) continue;
      if (haveEqualKeys(other, otherOffset, memory, offset)) return slot;
    }
    return NO_SLOT;
  }

  /** The slot that points at exactly this record, if it is live. */
  findAt(hash: number, segment: Segment, offset: number): Slot {
    const { index } = this;
    for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
      const isSame = index.pointsAt(slot, segment.tableSlot, offset);
      if (isSame && index.generationAt(slot) === segment.generation) return slot;
    }
    return NO_SLOT;
  }

  /** The segment a slot points into; `undefined` for a slot left behind by one that is gone. */
  segmentAt(slot: Slot): Segment | undefined {
    const segment = this.#segments.slots[this.index.segmentAt(slot)];
    if (segment === undefined || segment.generation !== this.index.generationAt(slot)) {
      return undefined;
    }
    return segment;
  }

  /** Sets `found` to a slot's record; false if it cannot be had. Hot. */
  load(slot: Slot): boolean {
    const segment = this.segmentAt(slot);
    if (segment === undefined) return false;
    const { found } = this;
    found.segment = segment;
    found.offset = this.index.offsetAt(slot);
    if (segment.memory !== undefined) {
      found.memory = segment.memory;
      return true;
    }
    return this.#loadFromFile(slot);
  }

  /** The record in `found` was read: the second time, one that is only on disk comes to memory. */
  noteRead(slot: Slot): void {
    const { index } = this;
    const { segment } = this.found;
    if (segment.memory === undefined && index.frequencyAt(slot) > 0) {
      this.#reader.keep(segment, index.offsetAt(slot));
    }
    index.touch(slot);
  }

  /**
   * A record that cannot be read costs itself: the slot goes, and with it the only way to the
   * bytes. Were it kept, it could answer once more after a newer record of the key had been
   * written.
   */
  #loadFromFile(slot: Slot): boolean {
    const { found } = this;
    const { segment, offset } = found;
    let cause: HoldfastError | undefined;
    try {
      if (this.#reader.readSync(segment, offset)) {
        found.memory = this.#reader.memory;
        found.offset = this.#reader.start;
        return true;
      }
    } catch (error) {
      cause = HoldfastError.from(error);
    }
    this.index.remove(slot);
    // Its length and deadline are unknown: the bytes count as live until the segment goes, and
    // `size` may be one low.
    segment.liveCount--;
    this.liveCount--;
    this.#reportLost(segment, `offset=${offset}`, 1, cause);
    return false;
  }

  /**
   * A segment is about to go; the slots of what is still in it go stale. If all of it could be
   * read, those are records that have expired; otherwise they are lost.
   */
  leave(segment: Segment, isWhole: boolean, nowMs: number): void {
    const { liveCount, liveBytes } = segment;
    if (isWhole) this.expiry.removeExpired(liveCount, liveBytes, nowMs);
    else if (liveCount > 0) {
      this.#reportLost(segment, `records=${liveCount}`, liveCount, undefined);
    }
    if (liveCount > 0) this.index.mayHoldStale = true;
    this.tagged.leave(segment, isWhole, nowMs);
    this.liveCount -= liveCount;
    this.liveBytes -= liveBytes;
    segment.liveCount = 0;
    segment.liveBytes = 0;
  }

  #reportLost(
    segment: Segment,
    what: string,
    count: number,
    cause: HoldfastError | undefined,
  ): void {
    this.damagedRecords += count;
    this.mayHideRecords = true;
    const message = `unreadable record file=${segment.fileName} ${what}`;
    const details = { file: segment.fileName };
    this.#onError(
      new HoldfastError('CORRUPT', message, cause === undefined ? { details } : { details, cause }),
    );
  }

  /**
   * Points `slot`, or a new one, at a record of `bytes` that expires then. `frequency` is that of a
   * new slot. Hot.
   */
  point(
    slot: Slot,
    hash: number,
    segment: Segment,
    offset: number,
    bytes: number,
    expiresAtMs: number,
    frequency = 0,
  ): void {
    const { tableSlot, generation } = segment;
    if (slot === NO_SLOT) this.index.insert(hash, tableSlot, generation, offset, frequency);
    else this.index.replace(slot, hash, tableSlot, generation, offset);
    segment.liveCount++;
    segment.liveBytes += bytes;
    this.liveCount++;
    this.liveBytes += bytes;
    if (expiresAtMs !== NEVER) this.expiry.add(expiresAtMs, bytes);
    if (segment.hasTags) this.tagged.add(segment, segment.memory as RecordMemory, offset);
  }

  /** The record in `found` is about to lose its slot. */
  forgetFound(): void {
    const { memory, offset, segment } = this.found;
    this.forget(segment, memory, offset);
  }

  forget(segment: Segment, memory: RecordMemory, offset: number): void {
    const bytes = recordLength(memory.words, offset);
    this.liveCount--;
    segment.liveCount--;
    segment.liveBytes -= bytes;
    this.liveBytes -= bytes;
    this.expiry.remove(recordExpiresAtMs(memory.words, offset, segment.timeBaseMs), bytes);
    if (segment.hasTags) this.tagged.remove(segment, memory, offset);
  }

  clear(): void {
    this.index.clear();
    this.expiry.clear();
    this.tagged.clear();
    this.liveCount = 0;
    this.liveBytes = 0;
    for (const segment of this.#segments.slots) {
      if (segment === undefined) continue;
      segment.liveCount = 0;
      segment.liveBytes = 0;
      segment.tally = undefined;
    }
  }

  /** Takes the slot of each record that has tags and that `isGone` says is gone, in `found`. */
  purgeTagged(isGone: (found: Found) => boolean): void {
    const { index } = this;
    const { bucketCount } = index;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      index.visitBucket(bucket, bucketCount, (slot) => {
        // A segment without tags is not read for this.
        if (this.segmentAt(slot)?.hasTags !== true || !this.load(slot)) return;
        const { memory, offset } = this.found;
        if (!isTagged(memory.words, offset) || !isGone(this.found)) return;
        this.forgetFound();
        index.remove(slot);
      });
    }
  }

  /** For a new entry, where the index is full. Throws `NO_SPACE` if there is none so far. */
  makeRoom(): void {
    this.sweep(false);
    if (!this.index.isFull) return;
    throw new HoldfastError('NO_SPACE', `the index is full entries=${this.liveCount}`);
  }

  /** Looks at some more of the index for slots gone stale, in the background. */
  sweep(isBesideOtherWork: boolean): void {
    const { index } = this;
    const hasStale = index.count !== this.liveCount || this.#segments.wantsSweep;
    // Chains whose entries were removed, one by one, are there to be given back as well.
    if (!hasStale && !index.isFull) return;
    const from = this.#sweptTo < index.bucketCount ? this.#sweptTo : 0;
    const buckets = isBesideOtherWork ? SWEEP_BUCKETS_BESIDE : SWEEP_BUCKETS;
    const to = Math.min(from + buckets, index.bucketCount);
    index.sweep(from, to);
    if (to === index.bucketCount) {
      this.#segments.swept();
      index.mayHoldStale = index.count > this.liveCount;
    }
    this.#sweptTo = to === index.bucketCount ? 0 : to;
  }
}

/**
 * Of keys of one length. Hot: byte by byte, because keys are short and a view would cost more than
 * the loop.
 */
function keyEquals(memory: RecordMemory, offset: number, key: Uint8Array, length: number): boolean {
  const { bytes } = memory;
  const start = keyStart(memory.words, offset);
  for (let index = 0; index < length; index++) {
    if (bytes[start + index] !== key[index]) return false;
  }
  return true;
}

/** Of two records with keys of one length. */
function haveEqualKeys(
  left: RecordMemory,
  leftOffset: number,
  right: RecordMemory,
  rightOffset: number,
): boolean {
  const leftStart = keyStart(left.words, leftOffset);
  const rightStart = keyStart(right.words, rightOffset);
  const length = keyLength(left.words, leftOffset);
  for (let index = 0; index < length; index++) {
    if (left.bytes[leftStart + index] !== right.bytes[rightStart + index]) return false;
  }
  return true;
}
