import { InvalidArgumentError } from '../errors.ts';
import { type Duration, durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { SetOptions } from './entry.ts';

/** A TTL of 0 would store nothing: it is refused, as a mistake more likely than a wish. */
export function ttlMs(ttl: Duration, name: string): number {
  const ms = durationMs(ttl, name);
  if (ms === 0) throw new InvalidArgumentError(`${name} must be at least 1 ms; to remove, delete`);
  return ms;
}

/** The deadline a caller gave, in whole Unix milliseconds. */
export function expiryTime(expiresAt: number | { getTime(): number }): number {
  const ms = typeof expiresAt === 'number' ? expiresAt : expiresAt?.getTime?.();
  if (typeof ms !== 'number' || !(ms >= 0) || (ms > 1e15 && ms !== NEVER)) {
    throw new InvalidArgumentError(
      `expiresAt must be Unix milliseconds or a Date, got=${String(expiresAt)}`,
    );
  }
  return Math.ceil(ms);
}

/** The deadline of a write at `nowMs`: the one it asks for, or the cache's default from now. */
export function writeDeadline(
  { ttl, expiresAt }: Pick<SetOptions, 'ttl' | 'expiresAt'>,
  nowMs: number,
  defaultTtlMs: number,
): number {
  if (expiresAt !== undefined) {
    if (ttl !== undefined) throw new InvalidArgumentError('ttl and expiresAt exclude each other');
    return expiryTime(expiresAt);
  }
  const ms = ttl === undefined ? defaultTtlMs : ttlMs(ttl, 'ttl');
  return ms === NEVER ? NEVER : nowMs + ms;
}
