/** How the index lays out its buckets and slots, in words; the picture is in hash-index.ts. */

import { assert } from '../assert.ts';

/** The position of a slot's first word. */
export type Slot = number;
export const NO_SLOT: Slot = -1;

export const BUCKET_WORDS = 16;
export const BUCKET_BYTES = 64;
export const FIRST_SLOT = 2;
export const OVERFLOW_WORD = 1;

/** What a slot can point at. */
export const SEGMENT_SLOTS_MAX: number = 1 << 20;
export const OFFSET_BYTES_MAX: number = 1 << 23;

/**
 * A segment with so much in it, which only a large value makes, gets no more records: there is room
 * behind the value, and a slot may be unable to point there.
 */
export const HEAD_BYTES_MAX: number = OFFSET_BYTES_MAX / 2;

/** Reads of an entry that are counted: as many bits as S3-FIFO needs (Yang et al., SOSP 2023). */
export const FREQUENCY_MAX = 3;
const FREQUENCY_BITS = 2;
const SLOT_WORDS = 2;
assert(FREQUENCY_BITS === SLOT_WORDS, 'a frequency is found at its slot’s own place');

/** Where a slot's frequency stands in its bucket's first word. */
export function frequencyShift(slot: Slot): number {
  return (slot & (BUCKET_WORDS - 1)) - FIRST_SLOT;
}

/** `tagged`: the tag where it belongs; what is below it does not matter. */
export function wordZero(tagged: number, segment: number, generation: number): number {
  return (tagged & ~0xffff) | (generation << 8) | (segment >>> 12);
}

export function wordOne(segment: number, offset: number): number {
  return (segment << 20) | (offset >>> 3);
}
