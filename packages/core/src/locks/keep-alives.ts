/**
 * When keep-alives are due, and when the server finds them late:
 *
 *     renewed        due        due again             over
 *        0 ───────── 1/3 ───────── 2/3 ──────────────── TTL
 *        HELD ────────────────────► JEOPARDY ─────────► LOST
 *
 * One that is missing may still be on its way. When the second one is due, nothing has come for
 * twice as long as it should have taken, and as much time is left to act as there is between two
 * keep-alives. A client counts in the same way from what was acknowledged, and so is mostly first.
 */

/** Keep-alives a client sends per TTL. */
export const KEEP_ALIVES_PER_TTL = 3;

/** Milliseconds from a renewal to when the next one is late; `NEVER` if there is no TTL. */
export function lateAfterMs(ttlMs: number): number {
  return (2 * ttlMs) / KEEP_ALIVES_PER_TTL;
}
