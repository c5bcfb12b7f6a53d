import { HoldfastError } from '../errors.ts';
import type { IndexState } from './index-size.ts';
import { BUCKET_WORDS, OVERFLOW_WORD } from './index-slot.ts';

type OverflowState = Pick<IndexState, 'overflowUsed' | 'overflowInUse' | 'overflowFree'>;

/** The buckets of an index that continue others; the free ones are a list through themselves. */
export class OverflowBuckets {
  /** Taken at least once. */
  used = 0;
  inUse = 0;
  /** The first free one of those used; 0 = none. */
  free = 0;
  readonly #words: Int32Array;
  readonly #first: number;
  readonly #max: number;

  constructor(words: Int32Array, first: number, max: number) {
    this.#words = words;
    this.#first = first;
    this.#max = max;
  }

  get areAllTaken(): boolean {
    return this.used === this.#max && this.free === 0;
  }

  /** Throws `NO_SPACE` if all are taken. */
  take(): number {
    if (this.areAllTaken) throw new HoldfastError('NO_SPACE', 'the index is full');
    this.inUse++;
    const { free } = this;
    if (free === 0) return this.#first + this.used++;
    this.free = this.#words[free * BUCKET_WORDS + OVERFLOW_WORD] as number;
    this.#words[free * BUCKET_WORDS + OVERFLOW_WORD] = 0;
    return free;
  }

  /** Gives back a bucket and all that continue it; 0 = none. */
  giveChain(first: number): void {
    for (let bucket = first; bucket !== 0; ) {
      const next = this.#words[bucket * BUCKET_WORDS + OVERFLOW_WORD] as number;
      this.give(bucket);
      bucket = next;
    }
  }

  get state(): OverflowState {
    return { overflowUsed: this.used, overflowInUse: this.inUse, overflowFree: this.free };
  }

  restore({ overflowUsed, overflowInUse, overflowFree }: OverflowState): void {
    this.used = overflowUsed;
    this.inUse = overflowInUse;
    this.free = overflowFree;
  }

  give(bucket: number): void {
    const base = bucket * BUCKET_WORDS;
    this.#words.fill(0, base, base + BUCKET_WORDS);
    this.#words[base + OVERFLOW_WORD] = this.free;
    this.free = bucket;
    this.inUse--;
  }

  /** Their words, of all that were ever taken. */
  get wordsUsed(): Int32Array {
    const start = this.#first * BUCKET_WORDS;
    return this.#words.subarray(start, start + this.used * BUCKET_WORDS);
  }

  clear(): void {
    this.wordsUsed.fill(0);
    this.used = 0;
    this.free = 0;
    this.inUse = 0;
  }
}
