/**
 * Main segments hold records that expire at about the same time, so that whole files expire. A
 * class covers what has up to so long to live:
 *
 *     class  0    1     2     …  14      …  23                 24
 *     up to  8 s  16 s  32 s  …  36.4 h  …  2.1 years and up   never expires
 *
 * The class only decides what lies together. When a segment may go is known exactly: at the latest
 * deadline of what is in it.
 */

import { NEVER } from '../expiry/expiry.ts';

const SHORTEST_SPAN_MS = 8_000;
const LONGEST_FINITE = 23;
export const TTL_CLASS_NEVER: number = LONGEST_FINITE + 1;
const SPANS_MS = Array.from(
  { length: LONGEST_FINITE + 1 },
  (_, index) => SHORTEST_SPAN_MS * 2 ** index,
);

/** The class of what has `remainingMs` left; `NEVER` for what has no end. */
export function ttlClassOf(remainingMs: number): number {
  if (remainingMs === NEVER) return TTL_CLASS_NEVER;
  let ttlClass = 0;
  while (ttlClass < LONGEST_FINITE && remainingMs > (SPANS_MS[ttlClass] as number)) ttlClass++;
  return ttlClass;
}

/** The longest that a record of this class had to live when it was put there. */
export function ttlClassSpanMs(ttlClass: number): number {
  return SPANS_MS[ttlClass] ?? NEVER;
}
