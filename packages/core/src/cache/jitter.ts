import { InvalidArgumentError } from '../errors.ts';
import { type Duration, durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { Random } from '../ports/random.ts';

/** A share of the TTL, 0 to 1, or a time as text: `0.1`, `'30s'`. */
export type Jitter = number | Exclude<Duration, number>;

/** Throws `InvalidArgumentError` for what is no jitter. */
export function assertJitter(jitter: Jitter): void {
  jitterMs(jitter, 0);
}

/**
 * A deadline made earlier by a random time of at most `jitter`, evenly spread, so that values
 * stored together do not all have to be loaded again at once. At least 1 ms is left.
 */
export function jitteredDeadline(
  expiresAtMs: number,
  nowMs: number,
  jitter: Jitter,
  random: Random,
): number {
  const leftMs = expiresAtMs - nowMs;
  const mostMs = jitterMs(jitter, leftMs);
  if (expiresAtMs === NEVER || leftMs <= 1) return expiresAtMs;
  return expiresAtMs - Math.floor(randomShare(random) * (Math.min(mostMs, leftMs - 1) + 1));
}

function jitterMs(jitter: Jitter, leftMs: number): number {
  if (typeof jitter === 'string') return durationMs(jitter, 'jitter');
  const isShare = typeof jitter === 'number' && jitter >= 0 && jitter <= 1;
  if (isShare) return Math.floor(jitter * leftMs);
  throw new InvalidArgumentError(
    `jitter must be a share of the TTL, 0 to 1, or a time like '30s', got=${String(jitter)}`,
  );
}

/** From 0 up to but not 1. */
function randomShare(random: Random): number {
  const bytes = random.fill(new Uint8Array(4));
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32;
}
