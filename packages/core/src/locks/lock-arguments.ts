import { InvalidArgumentError } from '../errors.ts';
import { type Duration, durationMs } from '../expiry/duration.ts';
import type { LockQuery } from './locks.ts';

export const LOCK_NAME_BYTES_MAX = 512;
export const LEASE_TTL_MS_MIN = 100;
/** 24 hours: a holder that died is to be noticed within a day. */
export const LEASE_TTL_MS_MAX = 86_400_000;

/** Throws `INVALID_ARGUMENT` (`INVALID_LOCK_NAME`) unless `name` is 1 to 512 bytes of UTF-8. */
export function assertLockName(name: string): void {
  const bytes = typeof name === 'string' ? utf8Size(name, LOCK_NAME_BYTES_MAX) : undefined;
  if (bytes !== undefined && bytes >= 1 && bytes <= LOCK_NAME_BYTES_MAX) return;
  throw new InvalidArgumentError(
    `a lock's name must be text of 1 to ${LOCK_NAME_BYTES_MAX} bytes in UTF-8`,
    { reason: 'INVALID_LOCK_NAME' },
  );
}

/** Throws `INVALID_ARGUMENT` unless the prefix is text. */
export function lockPrefix({ prefix = '' }: LockQuery): string {
  if (typeof prefix === 'string') return prefix;
  throw new InvalidArgumentError(`a prefix must be text, got=${String(prefix)}`);
}

/** What a client says of itself is kept as long as its session lives. */
const CLIENT_TEXT_LENGTH_MAX = 4_096;

/** Throws `INVALID_ARGUMENT` (`INVALID_CLIENT`) if name and metadata exceed 4,096 characters. */
export function assertClientText(
  clientName: string,
  metadata: Readonly<Record<string, string>>,
): void {
  let length = clientName.length;
  for (const [key, value] of Object.entries(metadata)) length += key.length + value.length;
  if (length <= CLIENT_TEXT_LENGTH_MAX) return;
  throw new InvalidArgumentError(
    `a client's name and metadata may have ${CLIENT_TEXT_LENGTH_MAX} characters together`,
    { reason: 'INVALID_CLIENT' },
  );
}

/**
 * Milliseconds of a lease's TTL; throws `INVALID_ARGUMENT` (`INVALID_TTL`) outside 100 ms to 24 h.
 */
export function leaseTtlMs(ttl: Duration): number {
  const ttlMs = typeof ttl === 'number' ? Math.ceil(ttl) : durationMs(ttl, 'ttl');
  if (ttlMs >= LEASE_TTL_MS_MIN && ttlMs <= LEASE_TTL_MS_MAX) return ttlMs;
  throw new InvalidArgumentError(`a lease's ttl must be 100 ms to 24 h, got=${ttl}`, {
    reason: 'INVALID_TTL',
  });
}

/**
 * Bytes of `text` in UTF-8, `undefined` if it has a lone surrogate and so no UTF-8 form. Stops
 * counting beyond `limit`.
 */
export function utf8Size(text: string, limit: number): number | undefined {
  let size = 0;
  for (let index = 0; index < text.length && size <= limit; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) size += 1;
    else if (unit < 0x800) size += 2;
    else if (unit < 0xd800 || unit > 0xdfff) size += 3;
    else {
      const low = text.charCodeAt(index + 1);
      if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return undefined;
      size += 4;
      index += 1;
    }
  }
  return size;
}
