import type { LockSnapshot } from '../backend/lock-backend.ts';
import { InvalidArgumentError } from '../errors.ts';
import { durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import type { Lease } from './lease.ts';
import { type LocalLease, runUnderLease } from './local-lease.ts';
import { assertLockName, leaseTtlMs, lockPrefix } from './lock-arguments.ts';
import { lockTerms } from './lock-terms.ts';
import {
  LEASE_TTL_MS_DEFAULT,
  type LockManager,
  type LockOptions,
  type LockQuery,
  type TryLockOptions,
} from './locks.ts';

/** A lease is renewed this many times in its TTL, so that one late timer does not lose it. */
const RENEWALS_PER_TTL = 3;

type Callback<T> = (lease: Lease) => T | PromiseLike<T>;

/**
 * `cache.locks` of an embedded cache: named leases of this process, in one table with those of
 * remote sessions. Holder and table share one monotonic clock, so the lease's deadline here is the
 * table's own. A lease renews itself by timers: a program that blocks its event loop past the TTL
 * loses it, and hears so before the next holder starts.
 */
export class EmbeddedLocks implements LockManager {
  readonly #backend: EmbeddedLockBackend;

  constructor(backend: EmbeddedLockBackend) {
    this.#backend = backend;
  }

  request<T>(name: string, callback: Callback<T>): Promise<T>;
  request<T>(name: string, options: LockOptions, callback: Callback<T>): Promise<T>;
  async request<T>(
    name: string,
    optionsOrCallback: LockOptions | Callback<T>,
    callbackAfterOptions?: Callback<T>,
  ): Promise<T> {
    const hasOptions = typeof optionsOrCallback !== 'function';
    const callback = hasOptions ? callbackAfterOptions : optionsOrCallback;
    if (typeof callback !== 'function') {
      throw new InvalidArgumentError('the callback of a lock request must be a function');
    }
    const lease = await this.#acquire(name, hasOptions ? optionsOrCallback : {});
    return runUnderLease(lease, callback);
  }

  async acquire(name: string, options: LockOptions = {}): Promise<Lease> {
    return this.#acquire(name, options);
  }

  async tryAcquire(name: string, options: TryLockOptions = {}): Promise<Lease | undefined> {
    assertLockName(name);
    const terms = lockTerms(options);
    const ttlMs = leaseTtlMs(options.ttl ?? LEASE_TTL_MS_DEFAULT);
    const request = { name, displayName: name, ttlMs, terms, signal: options.signal };
    const lease = await this.#backend.local.tryAcquireKept(request);
    lease?.renewEvery(Math.floor(ttlMs / RENEWALS_PER_TTL));
    return lease;
  }

  async query(options: LockQuery = {}): Promise<LockSnapshot> {
    return this.#backend.query({ prefix: lockPrefix(options) });
  }

  async #acquire(name: string, options: LockOptions): Promise<LocalLease> {
    assertLockName(name);
    const terms = lockTerms(options);
    const ttlMs = leaseTtlMs(options.ttl ?? LEASE_TTL_MS_DEFAULT);
    const lease = await this.#backend.local.acquire({
      name,
      displayName: name,
      ttlMs,
      terms,
      waitMs: options.wait === undefined ? NEVER : durationMs(options.wait, 'wait'),
      signal: options.signal,
    });
    lease.renewEvery(Math.floor(ttlMs / RENEWALS_PER_TTL));
    return lease;
  }
}
