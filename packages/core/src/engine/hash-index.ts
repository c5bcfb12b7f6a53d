/**
 * The index: which record is the live one of each key. One slot of eight bytes an entry, in buckets
 * of one cache line, in one SharedArrayBuffer that is reserved whole and touched only as far as it
 * is used.
 *
 *     bucket   word 0 bits 0–13 how often each slot was read, 0 to 3 · 14–31 version, for other
 *              threads · word 1 overflow bucket, 0 = none · 7 slots
 *     slot     word 0  bits 16–31 tag: bits of the hash · 8–15 generation · 0–7 segment, high
 *              word 1  bits 20–31 segment, low · 0–19 offset / 8; 0 = empty slot
 *
 * It grows by linear hashing (Litwin, 1980): one bucket is split for every few inserts, so there is
 * never a rehash to wait for. The low bits of the hash choose the bucket, and the 16 bits above
 * those that the first buckets need are the tag: it has every further address bit, so a split reads
 * no keys.
 *
 * Invariants
 * 1. Every slot of a key is in the bucket its hash leads to now, or in that bucket's overflow
 *    chain.
 * 2. Splitting only moves entries to higher buckets: a walk in rising order misses nothing.
 * 3. An empty slot may lie anywhere in a chain.
 * 4. A stale slot, whose segment is gone, counts as used until an insert, a split or a sweep comes
 *    by: dropping a segment costs nothing for its entries.
 *
 * It does not compare keys: a slot found is a candidate, and the caller looks at the record.
 */

import { assert } from '../assert.ts';
import {
  bucketsFor,
  type IndexState,
  indexSize,
  SPLIT_LOAD_DOUBLED,
  TAG_BITS,
} from './index-size.ts';
import {
  BUCKET_BYTES,
  BUCKET_WORDS,
  FIRST_SLOT,
  FREQUENCY_MAX,
  frequencyShift,
  NO_SLOT,
  OVERFLOW_WORD,
  type Slot,
  wordOne,
  wordZero,
} from './index-slot.ts';
import { OverflowBuckets } from './overflow-buckets.ts';

export class HashIndex {
  readonly words: Int32Array;
  /** Used slots, stale ones included. */
  count = 0;
  /** Set by who drops segments: only then are stale slots looked for. */
  mayHoldStale = false;
  #bucketCount: number;
  readonly #bucketMax: number;
  #lowMask: number;
  #highMask: number;
  readonly #startBits: number;
  /** Brings a hash's tag to where it stands in a slot. */
  readonly #tagShift: number;
  readonly #overflow: OverflowBuckets;
  #moving = new Int32Array(63);
  readonly #isStale: (segment: number, generation: number) => boolean;

  /**
   * `entriesMax` sizes the reservation; more than that still fit, in longer chains. `isStale` tells
   * entries of segments that are gone.
   */
  constructor(
    entriesMax: number,
    isStale: (segment: number, generation: number) => boolean = () => false,
  ) {
    this.#isStale = isStale;
    const { startBits, bucketMax, overflowMax } = indexSize(entriesMax);
    this.#startBits = startBits;
    this.#tagShift = TAG_BITS - startBits;
    this.#bucketCount = 1 << startBits;
    this.#bucketMax = bucketMax;
    this.#lowMask = this.#bucketCount - 1;
    this.#highMask = this.#bucketCount * 2 - 1;
    this.words = new Int32Array(new SharedArrayBuffer((bucketMax + overflowMax) * BUCKET_BYTES));
    this.#overflow = new OverflowBuckets(this.words, bucketMax, overflowMax);
  }

  /** Bytes of the buckets in use. */
  get bytes(): number {
    return (this.#bucketCount + this.#overflow.inUse) * BUCKET_BYTES;
  }

  /** True when an insert may find no room: every bucket for chains is taken. */
  get isFull(): boolean {
    return this.#overflow.areAllTaken;
  }

  get bucketCount(): number {
    return this.#bucketCount;
  }

  /** The first candidate for `hash`, or `NO_SLOT`. */
  first(hash: number): Slot {
    return this.#scan(hash, (this.home(hash) * BUCKET_WORDS + FIRST_SLOT) | 0);
  }

  /** The next candidate after `slot`. */
  next(hash: number, slot: Slot): Slot {
    return this.#scan(hash, slot + 2);
  }

  /** The bucket that a hash leads to. */
  home(hash: number): number {
    const bucket = hash & this.#highMask;
    return bucket < this.#bucketCount ? bucket : hash & this.#lowMask;
  }

  /**
   * Hot: one cache line in most cases. `from` is a slot, or the end of the bucket it would be in.
   */
  #scan(hash: number, from: number): Slot {
    const words = this.words;
    const tagged = hash << this.#tagShift;
    let base = (from - FIRST_SLOT) & -BUCKET_WORDS;
    let at = from;
    for (;;) {
      for (; at < base + BUCKET_WORDS; at += 2) {
        if (words[at + 1] !== 0 && ((words[at] as number) ^ tagged) >>> 16 === 0) return at;
      }
      const overflow = words[base + OVERFLOW_WORD] as number;
      if (overflow === 0) return NO_SLOT;
      base = overflow * BUCKET_WORDS;
      at = base + FIRST_SLOT;
    }
  }

  segmentAt(slot: Slot): number {
    return (
      (((this.words[slot] as number) & 0xff) << 12) | ((this.words[slot + 1] as number) >>> 20)
    );
  }

  generationAt(slot: Slot): number {
    return ((this.words[slot] as number) >>> 8) & 0xff;
  }

  offsetAt(slot: Slot): number {
    return ((this.words[slot + 1] as number) & 0xfffff) << 3;
  }

  /** True while `slot` still points at exactly that record. */
  pointsAt(slot: Slot, segment: number, offset: number): boolean {
    return this.segmentAt(slot) === segment && this.offsetAt(slot) === offset;
  }

  /** The new entry counts as read `frequency` times. */
  insert(
    hash: number,
    segment: number,
    generation: number,
    offset: number,
    frequency: number,
  ): void {
    if (this.count * 2 >= this.#bucketCount * SPLIT_LOAD_DOUBLED) this.#splitNext();
    const zero = wordZero(hash << this.#tagShift, segment, generation);
    this.#place(this.home(hash), zero, wordOne(segment, offset), frequency);
  }

  /** How often the entry was read, up to `FREQUENCY_MAX`. */
  frequencyAt(slot: Slot): number {
    const word = this.words[slot & -BUCKET_WORDS] as number;
    return (word >>> frequencyShift(slot)) & FREQUENCY_MAX;
  }

  setFrequency(slot: Slot, frequency: number): void {
    const base = slot & -BUCKET_WORDS;
    const shift = frequencyShift(slot);
    const others = (this.words[base] as number) & ~(FREQUENCY_MAX << shift);
    this.words[base] = others | (frequency << shift);
  }

  /** Notes one more read. Hot: in the cache line that the look-up has just read. */
  touch(slot: Slot): void {
    const base = slot & -BUCKET_WORDS;
    const shift = frequencyShift(slot);
    const word = this.words[base] as number;
    if (((word >>> shift) & FREQUENCY_MAX) !== FREQUENCY_MAX)
      this.words[base] = word + (1 << shift);
  }

  /** Points an existing slot at a newer record of the same key. */
  replace(slot: Slot, hash: number, segment: number, generation: number, offset: number): void {
    this.words[slot] = wordZero(hash << this.#tagShift, segment, generation);
    this.words[slot + 1] = wordOne(segment, offset);
  }

  remove(slot: Slot): void {
    assert(this.words[slot + 1] !== 0, 'removing an empty slot');
    this.setFrequency(slot, 0);
    this.words[slot + 1] = 0;
    this.words[slot] = 0;
    this.count--;
  }

  /**
   * Empties the stale slots of `[from, to)` of the buckets. Chains are made as short as they can
   * be: once the table has all its buckets, each would keep the longest one it ever had.
   */
  sweep(from: number, to: number): void {
    for (let bucket = from; bucket < to; bucket++) {
      if (this.words[bucket * BUCKET_WORDS + OVERFLOW_WORD] !== 0) {
        this.#placeTaken(this.#takeChain(bucket), () => bucket);
        continue;
      }
      for (let slot = this.#anySlot(bucket); slot !== NO_SLOT; slot = this.#nextSlot(slot)) {
        if (this.#isStale(this.segmentAt(slot), this.generationAt(slot))) this.remove(slot);
      }
    }
  }

  /** Empties the table without giving up its size. */
  clear(): void {
    this.words.fill(0, 0, this.#bucketCount * BUCKET_WORDS);
    this.#overflow.clear();
    this.count = 0;
  }

  /**
   * Calls `visit` for every slot of one bucket of the table as it was when it had `bucketCount`
   * buckets, wherever splits have moved its entries since. Walking all of them visits each entry
   * that stays exactly once.
   */
  visitBucket(bucket: number, bucketCount: number, visit: (slot: Slot) => void): void {
    const step = 1 << Math.floor(Math.log2(bucketCount));
    for (let at = bucket; at < this.#bucketCount; at += step) {
      for (let slot = this.#anySlot(at); slot !== NO_SLOT; slot = this.#nextSlot(slot)) {
        const wide = this.#addressOf(at, this.words[slot] as number) & (step * 2 - 1);
        const home = wide < bucketCount ? wide : wide & (step - 1);
        if (home === bucket) visit(slot);
      }
    }
  }

  /** The low bits of a hash, from the bucket and the word that it is found in. */
  #addressOf(bucket: number, zero: number): number {
    const low = bucket & ((1 << this.#startBits) - 1);
    return ((zero >>> 16) << this.#startBits) | low;
  }

  /**
   * Grows an empty table at once to what so many entries need, instead of step by step.
   */
  reserve(entries: number): void {
    assert(this.count === 0, 'only an empty table can be grown at once');
    const count = Math.min(Math.max(bucketsFor(entries), this.#bucketCount), this.#bucketMax);
    this.#setBucketCount(count);
  }

  /** True if the words of a table like that would mean the same here. */
  isOfSize(state: IndexState): boolean {
    return state.startBits === this.#startBits && state.bucketMax === this.#bucketMax;
  }

  get state(): IndexState {
    return {
      startBits: this.#startBits,
      bucketMax: this.#bucketMax,
      bucketCount: this.#bucketCount,
      count: this.count,
      ...this.#overflow.state,
    };
  }

  /** Takes over the state of another table; its words have been put into `room`. */
  restore(state: IndexState): void {
    assert(this.isOfSize(state), 'a table can only become one of its own size');
    this.count = state.count;
    this.#setBucketCount(state.bucketCount);
    this.#overflow.restore(state);
  }

  /** The words that hold anything: those of the buckets, and those of the chains. */
  get parts(): readonly [Int32Array, Int32Array] {
    return this.room(this.#bucketCount, this.#overflow.used) as [Int32Array, Int32Array];
  }

  /** The words of so many buckets and chains; `undefined` if there is no room for them. */
  room(buckets: number, chains: number): readonly [Int32Array, Int32Array] | undefined {
    const { words } = this;
    const start = this.#bucketMax * BUCKET_WORDS;
    const end = start + chains * BUCKET_WORDS;
    if (buckets > this.#bucketMax || end > words.length) return undefined;
    return [words.subarray(0, buckets * BUCKET_WORDS), words.subarray(start, end)];
  }

  #setBucketCount(count: number): void {
    this.#bucketCount = count;
    this.#lowMask = 2 ** Math.floor(Math.log2(count)) - 1;
    this.#highMask = this.#lowMask * 2 + 1;
  }

  #anySlot(bucket: number): Slot {
    return this.#used(bucket * BUCKET_WORDS + FIRST_SLOT);
  }

  #nextSlot(slot: Slot): Slot {
    return this.#used(slot + 2);
  }

  #used(from: number): Slot {
    let at = from;
    let base = (from - FIRST_SLOT) & -BUCKET_WORDS;
    for (;;) {
      for (; at < base + BUCKET_WORDS; at += 2) if (this.words[at + 1] !== 0) return at;
      const overflow = this.words[base + OVERFLOW_WORD] as number;
      if (overflow === 0) return NO_SLOT;
      base = overflow * BUCKET_WORDS;
      at = base + FIRST_SLOT;
    }
  }

  #place(bucket: number, zero: number, one: number, frequency: number): void {
    const words = this.words;
    let base = bucket * BUCKET_WORDS;
    for (;;) {
      const slot = this.#freeSlot(base);
      if (slot !== NO_SLOT) {
        words[slot] = zero;
        words[slot + 1] = one;
        if (frequency !== 0) this.setFrequency(slot, frequency);
        this.count++;
        return;
      }
      let overflow = words[base + OVERFLOW_WORD] as number;
      if (overflow === 0) {
        overflow = this.#overflow.take();
        words[base + OVERFLOW_WORD] = overflow;
      }
      base = overflow * BUCKET_WORDS;
    }
  }

  /** An empty slot of one bucket; a stale one is emptied for it. */
  #freeSlot(base: number): Slot {
    const words = this.words;
    for (let slot = base + FIRST_SLOT; slot < base + BUCKET_WORDS; slot += 2) {
      if (words[slot + 1] === 0) return slot;
    }
    if (!this.mayHoldStale) return NO_SLOT;
    for (let slot = base + FIRST_SLOT; slot < base + BUCKET_WORDS; slot += 2) {
      if (!this.#isStale(this.segmentAt(slot), this.generationAt(slot))) continue;
      this.remove(slot);
      return slot;
    }
    return NO_SLOT;
  }

  /** Moves about half of the entries of the next bucket in turn to a new one at the end. */
  #splitNext(): void {
    if (this.#bucketCount === this.#bucketMax) return;
    const source = this.#bucketCount & this.#lowMask;
    const target = this.#bucketCount;
    const bit = this.#lowMask + 1;
    const entries = this.#takeChain(source);
    this.#bucketCount++;
    if (this.#bucketCount > this.#highMask) {
      this.#lowMask = this.#highMask;
      this.#highMask = this.#highMask * 2 + 1;
    }
    const isMoving = (zero: number): boolean => (this.#addressOf(source, zero) & bit) !== 0;
    this.#placeTaken(entries, (zero) => (isMoving(zero) ? target : source));
  }

  #placeTaken(words: number, bucketOf: (zero: number) => number): void {
    for (let index = 0; index < words; index += 3) {
      const [zero, one] = [this.#moving[index] as number, this.#moving[index + 1] as number];
      this.#place(bucketOf(zero), zero, one, this.#moving[index + 2] as number);
    }
  }

  /** Empties a chain into `#moving`, stale slots left out; returns how many words it took. */
  #takeChain(bucket: number): number {
    let taken = 0;
    for (let slot = this.#anySlot(bucket); slot !== NO_SLOT; slot = this.#nextSlot(slot)) {
      if (taken === this.#moving.length) {
        const grown = new Int32Array(taken * 2);
        grown.set(this.#moving);
        this.#moving = grown;
      }
      this.count--;
      if (this.#isStale(this.segmentAt(slot), this.generationAt(slot))) continue;
      this.#moving[taken++] = this.words[slot] as number;
      this.#moving[taken++] = this.words[slot + 1] as number;
      this.#moving[taken++] = this.frequencyAt(slot);
    }
    const base = bucket * BUCKET_WORDS;
    this.#overflow.giveChain(this.words[base + OVERFLOW_WORD] as number);
    this.words.fill(0, base, base + BUCKET_WORDS);
    return taken;
  }
}
