/**
 * Where the fencing tokens of an opening start: above those of every earlier one, whatever has
 * become of the files.
 *
 * The superblock keeps the last base, so two openings in one second differ. The clock counts as
 * well, so that a store that was put back from an old copy starts above what was granted after the
 * copy was made, unless the clock was put back too.
 *
 * Tokens stay under 2^53 until 2088, for clients whose numbers are doubles.
 */

/** More tokens than a second grants. */
const TOKENS_PER_SECOND = 2 ** 22;
/** More than an opening grants whose clock then turns out to have been ahead. */
const TOKENS_PER_OPENING = 2 ** 24;
const SECONDS_OF_2020 = 1_577_836_800;

export function nextTokenBase(previous: number, storeTimeMs: number): number {
  const seconds = Math.max(Math.ceil(storeTimeMs / 1_000) - SECONDS_OF_2020, 0);
  return Math.max(previous + TOKENS_PER_OPENING, seconds * TOKENS_PER_SECOND);
}
