import { isExpired } from '../expiry/expiry.ts';
import { HIDES_NOTHING, recordExpiresAtMs, recordUntilMs } from './record.ts';
import type { Found } from './record-table.ts';
import type { StoreClock } from './store-clock.ts';

/**
 * Until when what replaces the found record has to hide it, and what that one hides: an older file
 * of main may outlast a newer one (rule N2 of no-resurrection).
 */
export function hidesUntilMs({ memory, offset, segment }: Found, clock: StoreClock): number {
  const { words } = memory;
  const hiddenMs = recordUntilMs(words, offset, segment.timeBaseMs);
  const ownMs = segment.isMain ? recordExpiresAtMs(words, offset, segment.timeBaseMs) : 0;
  const untilMs = Math.max(hiddenMs, ownMs);
  if (untilMs === HIDES_NOTHING) return HIDES_NOTHING;
  return isExpired(untilMs, clock.nowMs()) ? HIDES_NOTHING : untilMs;
}
