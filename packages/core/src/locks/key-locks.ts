import type { CacheKey } from '../engine/key-encoder.ts';
import { type Duration, durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { Clock } from '../ports/clock.ts';
import { holderWith } from './fence.ts';
import { keyDisplayName, keyLockName } from './key-name.ts';
import type { Lease } from './lease.ts';
import { LeaseTable } from './lease-table.ts';
import { KEY_LOCK_LIMITS } from './lease-table-limits.ts';
import { runUnderLease } from './local-lease.ts';
import { LocalLocks, type LocalRequest } from './local-locks.ts';
import { leaseTtlMs } from './lock-arguments.ts';
import { TableDriver } from './table-driver.ts';
import type { TokenSource } from './token-source.ts';

export interface KeyLockOptions {
  /** Aborting leaves the queue at once. It has no effect on a lease already granted. */
  signal?: AbortSignal | undefined;
  /** How long to wait in the queue. Default: as long as it takes. 0 = not at all. */
  wait?: Duration | undefined;
  /**
   * Default: until released. With one, 100 ms to 24 h, the lease is lost unless renewed in time.
   */
  ttl?: Duration | undefined;
}

/**
 * The locks on a cache's keys, for this process: `cache.lock`, `tryLock` and `withLock`. First
 * come, first served, not re-entrant. They do not keep `set` or `get` from touching a key; they are
 * for programs that agree to lock it.
 */
export class KeyLocks {
  readonly #table: LeaseTable;
  readonly #local: LocalLocks;
  readonly #driver: TableDriver;

  constructor(components: { readonly clock: Clock; readonly tokens: TokenSource }) {
    const table = new LeaseTable({
      tokens: components.tokens,
      limits: KEY_LOCK_LIMITS,
      positionIntervalMs: NEVER,
    });
    this.#table = table;
    this.#driver = new TableDriver({
      clock: components.clock,
      table,
      tell: (event) => this.#local.onEvent(event),
    });
    this.#local = new LocalLocks(table, this.#driver, 'key-locks');
  }

  /**
   * Waits for the lock of `key`. Rejects with `LOCK_TIMEOUT` when `wait` is over, with the signal's
   * reason when it aborts first, with `CLOSED` when the cache is closed, and with
   * `INVALID_ARGUMENT` for a bad key or option. `space` is that of the key's namespace.
   */
  async lock(
    key: CacheKey,
    options: KeyLockOptions = NO_OPTIONS,
    space: string | undefined = undefined,
  ): Promise<Lease> {
    return this.#local.acquire(requestFor(key, options, space));
  }

  /** The lease, held until released, or `undefined` when the lock is not free at once. */
  tryLock(key: CacheKey, space: string | undefined = undefined): Lease | undefined {
    return this.#local.tryAcquire(keyLockName(key, space), keyDisplayName(key), NEVER);
  }

  /**
   * Runs `fn` under the lock of `key` and releases it whatever happens; resolves to what `fn`
   * returned. Rejects as `lock` does, with what `fn` threw, and with `LEASE_LOST` when a `ttl` was
   * over before `fn` was done.
   */
  async withLock<T>(
    key: CacheKey,
    fn: (lease: Lease) => T | PromiseLike<T>,
    options: KeyLockOptions = NO_OPTIONS,
    space: string | undefined = undefined,
  ): Promise<T> {
    return runUnderLease(await this.#local.acquire(requestFor(key, options, space)), fn);
  }

  /** Whether the lease with that token is held, of the key that is this text. */
  isHeld(key: string, token: bigint, space: string): boolean {
    this.#table.advance(this.#driver.clock.monotonicMs());
    this.#driver.afterChange();
    return holderWith(this.#table.locks.get(keyLockName(key, space)), token) !== undefined;
  }

  /** Waiters are rejected with `CLOSED`, leases lose their locks. Idempotent. */
  dispose(): void {
    this.#local.dispose();
    this.#driver.dispose();
  }
}

const NO_OPTIONS: KeyLockOptions = {};

function requestFor(
  key: CacheKey,
  options: KeyLockOptions,
  space: string | undefined,
): LocalRequest {
  const { ttl, wait, signal } = options;
  return {
    name: keyLockName(key, space),
    displayName: keyDisplayName(key),
    ttlMs: ttl === undefined ? NEVER : leaseTtlMs(ttl),
    waitMs: wait === undefined ? NEVER : durationMs(wait, 'wait'),
    signal,
  };
}
