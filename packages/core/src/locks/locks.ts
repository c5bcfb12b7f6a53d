import type { LockMode, LockSnapshot } from '../backend/lock-backend.ts';
import type { Duration } from '../expiry/duration.ts';
import type { Lease } from './lease.ts';

export interface LockTermsOptions {
  /**
   * `'exclusive'` (default), `'shared'` for readers, who exclude only writers, or `'permit'` for a
   * semaphore. First come, first served over all of them. A lock that is in use as a semaphore
   * cannot be asked for in another mode.
   */
  mode?: LockMode | undefined;
  /** For `'permit'`: how many of `capacity` to take, from 1. Default 1. */
  permits?: number | undefined;
  /** For `'permit'`, and needed there: 1 to 1,000,000, the same for all who use the lock. */
  capacity?: number | undefined;
  /**
   * For how long nobody is granted the lock after this lease was lost, for resources that cannot
   * check tokens: 0 to 1 h. Default 0. A release opens the lock at once.
   */
  lockDelay?: Duration | undefined;
  /** After this the lease is lost, renewed or not; from 100 ms. Default: no limit. */
  maxHold?: Duration | undefined;
}

export interface LockOptions extends LockTermsOptions {
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

/** `wait` is not among them: trying does not wait. */
export type TryLockOptions = Omit<LockOptions, 'wait'>;

export interface LockQuery {
  /** Only locks whose name starts with it. Default: all. */
  prefix?: string | undefined;
}

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

  /**
   * What is held and waited for, with owners. A remote server tells the first 1,000 holders and the
   * first 1,000 waiters of each lock, a page of locks after the other.
   */
  query(options?: LockQuery): Promise<LockSnapshot>;
}

export const LEASE_TTL_MS_DEFAULT = 15_000;
