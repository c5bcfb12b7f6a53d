import { HoldfastError } from '../errors.ts';

/**
 * What a table refuses to grow beyond. Reaching one is `UNAVAILABLE`: the same request may pass
 * later.
 */
export interface LeaseTableLimits {
  readonly sessionsMax: number;
  /** Names that are held or waited for. */
  readonly locksMax: number;
  /** In the queue of one lock. */
  readonly waitersPerLockMax: number;
  /** Waiting and held together, of one session. */
  readonly claimsPerSessionMax: number;
}

/** For sessions of other processes. */
export const LEASE_TABLE_LIMITS: LeaseTableLimits = {
  sessionsMax: 100_000,
  locksMax: 200_000,
  waitersPerLockMax: 20_000,
  claimsPerSessionMax: 100_000,
};

/** For key locks: one session, and only this program's own memory at stake. */
export const KEY_LOCK_LIMITS: LeaseTableLimits = {
  sessionsMax: 1,
  locksMax: 1_000_000,
  waitersPerLockMax: 1_000_000,
  claimsPerSessionMax: 2_000_000,
};

export type LimitReason =
  | 'TOO_MANY_SESSIONS'
  | 'TOO_MANY_LOCKS'
  | 'WAIT_QUEUE_FULL'
  | 'TOO_MANY_REQUESTS';

/** Throws `UNAVAILABLE` unless one more still fits. */
export function checkLimit(count: number, limit: number, reason: LimitReason): void {
  if (count < limit) return;
  throw new HoldfastError('UNAVAILABLE', `a bound of the lock table is reached, limit=${limit}`, {
    details: { reason, limit },
  });
}
