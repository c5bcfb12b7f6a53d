import type { LockSnapshot } from '../backend/lock-backend.ts';
import type { Duration } from '../expiry/duration.ts';
import type { Lease } from './lease.ts';

export interface LockOptions {
  /**
   * Default `'exclusive'`. `'shared'` and `'permit'` are reserved: until they are implemented they
   * are refused with `INVALID_ARGUMENT`.
   */
  mode?: LockMode | undefined;
  /**
   * How long the lease lives without a renewal, 100 ms to 24 h; renewed every third of it. Default
   * 15 s.
   */
  ttl?: Duration | undefined;
  /** How long to wait in the queue. Default: as long as it takes. 0 = not at all. */
  wait?: Duration | undefined;
  /** Aborting leaves the queue at once. It has no effect on a lease already granted. */
  signal?: AbortSignal | undefined;
}

export type LockMode = 'exclusive' | 'shared' | 'permit';

/** `wait` is not among them: trying does not wait. */
export type TryLockOptions = Omit<LockOptions, 'wait'>;

/**
 * Named leases, in the shape of the Web Locks API; embedded (`cache.locks`) and remote alike. Names
 * are UTF-8 of 1 to 512 bytes. Locks are not re-entrant: a holder who asks again waits for itself.
 *
 * Every method rejects with `INVALID_ARGUMENT` for a bad name or option, `UNAVAILABLE` when a bound
 * is reached (`details.reason` says which) and `CLOSED` after the cache or client was closed.
 */
export interface LockManager {
  /**
   * Runs `callback` under the lock and releases it whatever happens; resolves to what `callback`
   * returned. Rejects with `LOCK_TIMEOUT` when `wait` is over, with the signal's reason when it
   * aborts first, with what `callback` threw, and with `LEASE_LOST` when the lease was lost before
   * `callback` was done.
   */
  request<T>(name: string, callback: (lease: Lease) => T | PromiseLike<T>): Promise<T>;
  request<T>(
    name: string,
    options: LockOptions,
    callback: (lease: Lease) => T | PromiseLike<T>,
  ): Promise<T>;

  /** As `request`, for `await using`: the caller releases. The lease is renewed until then. */
  acquire(name: string, options?: LockOptions): Promise<Lease>;

  /** The lease, or `undefined` when the lock is not free at once. */
  tryAcquire(name: string, options?: TryLockOptions): Promise<Lease | undefined>;

  /** What is held and waited for, with owners. */
  query(): Promise<LockSnapshot>;
}

export const LEASE_TTL_MS_DEFAULT = 15_000;
