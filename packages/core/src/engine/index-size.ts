/** How large an index is, and how it grows; the picture is in hash-index.ts. */

const BUCKET_BITS_MAX = 23;
export const TAG_BITS = 16;

/** A table starts with a thirty-second of the buckets it may grow to, within these bounds. */
const GROWTH_BITS = 5;
const START_BITS_MIN = BUCKET_BITS_MAX - TAG_BITS;
const START_BITS_MAX = 16;

/** Average slots used per bucket before the next one is split, times two. */
export const SPLIT_LOAD_DOUBLED = 11;

/** Room for chains in small tables, which do not grow. */
const OVERFLOW_BUCKETS_MIN = 4096;

/** What is decided when an index is made. */
export interface IndexSize {
  /** Bits of the hash that choose one of the first buckets. */
  readonly startBits: number;
  readonly bucketMax: number;
  readonly overflowMax: number;
}

/** What a table of some size has come to: with it, and its words, another one goes on. */
export interface IndexState extends Pick<IndexSize, 'startBits' | 'bucketMax'> {
  readonly bucketCount: number;
  readonly count: number;
  /** Buckets for chains that have ever been used, those used now, and the first free one. */
  readonly overflowUsed: number;
  readonly overflowInUse: number;
  readonly overflowFree: number;
}

export function indexSize(entriesMax: number): IndexSize {
  const wanted = bucketsFor(entriesMax);
  const bits = Math.min(Math.max(Math.ceil(Math.log2(Math.max(wanted, 1))), 3), BUCKET_BITS_MAX);
  const start = Math.min(Math.max(bits - GROWTH_BITS, START_BITS_MIN), START_BITS_MAX);
  const bucketMax = 1 << bits;
  return {
    startBits: Math.min(bits, start),
    bucketMax,
    overflowMax: Math.max(bucketMax >>> 2, OVERFLOW_BUCKETS_MIN),
  };
}

export function bucketsFor(entries: number): number {
  return Math.ceil((entries * 2) / SPLIT_LOAD_DOUBLED);
}
