/** What a user calls: checks what it is given, has it done, and waits as long as asked. */

import type { CacheBackend } from '../backend/cache-backend.ts';
import type { LockBackend } from '../backend/lock-backend.ts';
import type { CompactionResult } from '../engine/compaction.ts';
import type { Engine } from '../engine/engine.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import type { VerifyReport } from '../engine/verification.ts';
import type { KeyLockOptions, Lease, LockManager } from '../locks/index.ts';
import type { CacheSettings } from './cache-options.ts';
import { type CacheParts, closeParts, namespaceParts, verifyParts } from './cache-parts.ts';
import { type CacheStats, cacheStats, memoryUsage } from './cache-stats.ts';
import { type CachedValues, ownKey } from './cached-values.ts';
import type { CallGuard } from './call-guard.ts';
import { assertKnownOptions, assertList, assertSignal } from './check-options.ts';
import {
  compareAndSet,
  increment,
  setIfAbsent,
  type WriteTerms,
  writeTerms,
} from './conditional-writes.ts';
import { ttlMs, writeDeadline } from './deadline.ts';
import { EmbeddedCacheBackend } from './embedded-cache-backend.ts';
import type {
  ClearOptions,
  CompareAndSetOptions,
  CompareAndSetResult,
  Entry,
  GetOrSetOptions,
  KeysOptions,
  Loader,
  MemoryUsage,
  SetOptions,
  TouchOptions,
  WriteOptions,
} from './entry.ts';
import { walkKeys } from './key-walk.ts';
import { deleteMany, setMany } from './many.ts';
import type { ChangeEvent, WatchOptions } from './watch.ts';
import {
  CLEAR_OPTIONS,
  COMPARE_OPTIONS,
  NO_OPTIONS,
  SET_OPTIONS,
  TOUCH_OPTIONS,
  WRITE_OPTIONS,
} from './write-options.ts';

/**
 * A persistent, bounded cache with exact deadlines and locks. Reads see every write at once; each
 * operation on a key is atomic, in the order of the calls. What a write's promise has survived is a
 * matter of `durability`; not awaiting it is fine: a failure reaches `onError` too and never ends
 * the process.
 *
 * Every method throws (or rejects with) `CLOSED` after `close()`, and `INVALID_ARGUMENT`, a
 * `TypeError`, for misuse. Writes also fail with `TOO_LARGE`, `NO_SPACE` while the disk is full,
 * `READ_ONLY` after failed syncs, `STALE_FENCING_TOKEN` for a `fence` that is not held.
 */
export class Cache<V = unknown> implements AsyncDisposable {
  /** Named leases, of the store: in no namespace. For a lock on one key see `lock`. */
  readonly locks: LockManager;
  readonly #parts: CacheParts<V>;
  readonly #guard: CallGuard;
  readonly #engine: Engine;
  readonly #settings: CacheSettings;
  readonly #values: CachedValues<V>;
  #closing: Promise<void> | undefined;

  /** @internal Use `openCache`. */
  constructor(parts: CacheParts<V>) {
    this.#parts = parts;
    this.#guard = parts.guard;
    this.#engine = parts.engine;
    this.#settings = parts.settings;
    this.#values = parts.values;
    this.locks = parts.locks.named;
  }

  /**
   * A cache of its own in the same files: its keys, tags and key locks are those of no other.
   * `name` is text of 1 to 256 bytes; the same name gives the same namespace, whenever and however
   * often it is asked for, and there are namespaces in namespaces, up to 8 deep.
   *
   * Only its own values are what `get`, `keys`, `size`, `watch`, `invalidateTags` and all other
   * methods are about; `clear` takes those of the namespaces within it as well, at the cost of one
   * write, however many there are. `stats`, `memoryUsage`, `flush`, `compact` and `verify` are the
   * store's. To `close` it ends this view, and those taken from it, and leaves the store open.
   * Each value takes 11 bytes and the name's; a namespace within takes 9 and its name's more.
   */
  namespace<T = V>(name: string): Cache<T> {
    this.#guard.assertOpen();
    return new Cache<T>(namespaceParts<T>(this.#parts, name));
  }

  /**
   * The value, a fresh copy, or `undefined`. A record that is only on disk is read at once,
   * blocking.
   */
  get(key: CacheKey): V | undefined {
    this.#guard.assertOpen();
    return this.#values.get(key);
  }

  /**
   * As `get`, but never blocks on a disk. `signal` gives up waiting and rejects with its reason.
   */
  async getAsync(key: CacheKey, options: { signal?: AbortSignal } = {}): Promise<V | undefined> {
    this.#guard.assertOpen();
    assertSignal(options.signal);
    options.signal?.throwIfAborted();
    const own = ownKey(key);
    this.#values.encode(own);
    if (this.#engine.needsRead) {
      await this.#engine.readAhead();
      options.signal?.throwIfAborted();
    }
    return this.get(own);
  }

  /** The value with its version, times, size and tier. */
  getEntry(key: CacheKey): Entry<V> | undefined {
    this.#guard.assertOpen();
    return this.#values.getEntry(key);
  }

  /** True if `get` would find a value. Does not count as a hit or a miss. */
  has(key: CacheKey): boolean {
    this.#guard.assertOpen();
    return this.#values.find(key);
  }

  /** Stores a copy of `value`. Visible at once; resolves as `durability` says. */
  set(key: CacheKey, value: V, options: SetOptions = NO_OPTIONS): Promise<void> {
    // As `CallGuard.write` does, without its closures.
    try {
      if (options !== NO_OPTIONS) assertKnownOptions(options, SET_OPTIONS, 'set');
      const durability = this.#guard.prepareWrite(options);
      const nowMs = this.#engine.clock.nowMs();
      const expiresAtMs = writeDeadline(options, nowMs, this.#settings.defaultTtlMs);
      const { tags: names, fence } = options;
      const tags = names === undefined ? undefined : this.#values.namespace.tagBytes(names);
      this.#values.set(key, value, expiresAtMs, nowMs, this.#values.fenced(fence), tags);
      return this.#engine.settle(durability);
    } catch (error) {
      return this.#guard.refuse(error);
    }
  }

  /** True if there was a value to delete. */
  delete(key: CacheKey, options: WriteOptions = NO_OPTIONS): Promise<boolean> {
    return this.#guard.write('delete', options, WRITE_OPTIONS, () =>
      this.#values.remove(key, options.fence),
    );
  }

  /** Gets and deletes, atomically. */
  take(key: CacheKey, options: WriteOptions = NO_OPTIONS): Promise<V | undefined> {
    return this.#guard.write('take', options, WRITE_OPTIONS, () =>
      this.#values.take(key, options.fence),
    );
  }

  /** Gives a value another deadline; false if there is none. */
  touch(key: CacheKey, options: TouchOptions): Promise<boolean> {
    return this.#guard.write('touch', options, TOUCH_OPTIONS, () => {
      const expiresAtMs = this.#engine.clock.nowMs() + ttlMs(options.ttl, 'ttl');
      return this.#values.touch(key, expiresAtMs, options.fence);
    });
  }

  /** Milliseconds left, `Infinity` if it never expires, `undefined` if there is no value. */
  ttl(key: CacheKey): number | undefined {
    this.#guard.assertOpen();
    if (!this.#values.find(key)) return undefined;
    return this.#engine.stamp().expiresAtMs - this.#engine.clock.nowMs();
  }

  /**
   * Deletes everything, at once, that is here and in the namespaces within; resolves when that has
   * survived a power cut.
   */
  clear(options: ClearOptions = NO_OPTIONS): Promise<void> {
    return this.#guard.run(() => {
      assertKnownOptions(options, CLEAR_OPTIONS, 'clear');
      this.#guard.prepareWrite(NO_OPTIONS);
      return this.#values.clear(options.fence);
    });
  }

  /**
   * Makes every value with one of the tags go, at once: a write for each tag, however many values.
   * Wins over loads under way whose value is to have one of them. Durable as a `set` is.
   */
  invalidateTags(tags: Iterable<string>, options: WriteOptions = NO_OPTIONS): Promise<void> {
    return this.#guard.write('invalidateTags', options, WRITE_OPTIONS, () =>
      this.#values.invalidateTags(tags, options.fence),
    );
  }

  /**
   * Live values, as `keys` gives them: those of namespaces within are not counted. Expired ones
   * leave the count within 64 ms of their deadline. The first call after `invalidateTags`, or after
   * a namespace was cleared, blocks: it looks at all that have tags or a namespace, on disk too.
   */
  get size(): number {
    this.#guard.assertOpen();
    return this.#engine.sizeOf(this.#values.namespace.ids[0]);
  }

  memoryUsage(): MemoryUsage {
    this.#guard.assertOpen();
    return memoryUsage(this.#engine, this.#parts.loads);
  }

  /** The values in the order of the keys, `undefined` for each miss. */
  getMany(keys: Iterable<CacheKey>): (V | undefined)[] {
    this.#guard.assertOpen();
    assertList(keys, 'getMany');
    return Array.from(keys, (key) => this.get(key));
  }

  /**
   * Sets all, in order; `options` are for those without their own, but its `fence` is for all that
   * have no other. Rejects with the first failure.
   */
  setMany(
    entries: Iterable<readonly [CacheKey, V, SetOptions?]>,
    options: SetOptions = NO_OPTIONS,
  ): Promise<void> {
    const set = (key: CacheKey, value: V, own: SetOptions) => this.set(key, value, own);
    return this.#guard.run(() => setMany(entries, options, set));
  }

  /** How many there were to delete. */
  deleteMany(keys: Iterable<CacheKey>, options: WriteOptions = NO_OPTIONS): Promise<number> {
    return this.#guard.run(() => deleteMany(keys, (key) => this.delete(key, options)));
  }

  /**
   * All keys, in no order: text as strings, others as bytes. Each that stays is seen exactly once.
   * Goes through the whole store, whatever namespace it is called on.
   */
  keys(options: KeysOptions = {}): Generator<CacheKey> {
    return walkKeys(this.#values, options, () => this.#guard.assertOpen());
  }

  /** As `keys`, with the value each key has when its turn comes. */
  *entries(options: KeysOptions = {}): Generator<[CacheKey, V]> {
    for (const key of this.keys(options)) {
      this.#guard.assertOpen();
      if (this.#values.find(key)) yield [key, this.#values.decodeFound()];
    }
  }

  /** Sets only if the key has no value; tells whether it did. */
  setIfAbsent(key: CacheKey, value: V, options: SetOptions = NO_OPTIONS): Promise<boolean> {
    return this.#guard.write('setIfAbsent', options, SET_OPTIONS, () =>
      setIfAbsent(this.#values, key, value, this.#terms(options)),
    );
  }

  /** Sets only if the key's version is the given one. */
  compareAndSet(
    key: CacheKey,
    value: V,
    options: CompareAndSetOptions,
  ): Promise<CompareAndSetResult> {
    return this.#guard.write('compareAndSet', options, COMPARE_OPTIONS, () =>
      compareAndSet(this.#values, key, value, options.version, this.#terms(options)),
    );
  }

  /**
   * Adds `by` to a number, 0 if there is none, and resolves to the sum. The deadline stays unless
   * one is given. Refused with `INVALID_ARGUMENT` if the value is not a number or the sum not a
   * finite one.
   */
  increment(key: CacheKey, by = 1, options: SetOptions = NO_OPTIONS): Promise<number> {
    return this.#guard.write('increment', options, SET_OPTIONS, () =>
      increment(this.#values, key, by, this.#terms(options)),
    );
  }

  /**
   * The value, or what `loader` makes of it, stored. One load per key at a time: others wait for
   * the same one. Its error goes to all who wait and is not stored. A write of the key during the
   * load wins: the loaded value goes to its waiters and is not stored. A failure of the cache
   * itself is reported and never fails this. A loader that gives `undefined` stores nothing; see
   * `negativeTtl`. Values past their deadline: see `staleWhileRevalidate` and `staleIfError`.
   */
  getOrSet(key: CacheKey, loader: Loader<V>, options?: GetOrSetOptions): Promise<V>;
  getOrSet(
    key: CacheKey,
    loader: Loader<V | undefined>,
    options?: GetOrSetOptions,
  ): Promise<V | undefined>;
  async getOrSet(
    key: CacheKey,
    loader: Loader<V | undefined>,
    options: GetOrSetOptions = {},
  ): Promise<V | undefined> {
    this.#guard.assertOpen();
    return this.#parts.loader.getOrSet(key, loader, options);
  }

  /**
   * Waits for the lock of `key`, first come, first served; not re-entrant. Does not stop `set` and
   * `get`.
   */
  lock(key: CacheKey, options: KeyLockOptions = {}): Promise<Lease> {
    const { locks, values } = this.#parts;
    return this.#guard.run(() => locks.byKey.lock(key, options, values.namespace.space));
  }

  /** The lock of `key` if it is free now. */
  tryLock(key: CacheKey): Lease | undefined {
    this.#guard.assertOpen();
    return this.#parts.locks.byKey.tryLock(key, this.#values.namespace.space);
  }

  /** Runs `fn` under the lock of `key` and releases it whatever happens. */
  withLock<T>(
    key: CacheKey,
    fn: (lease: Lease) => T | PromiseLike<T>,
    options: KeyLockOptions = {},
  ): Promise<T> {
    const { locks, values } = this.#parts;
    return this.#guard.run(() => locks.byKey.withLock(key, fn, options, values.namespace.space));
  }

  /**
   * What happens from now on, in order, whoever does it: `for await (const event of
   * cache.watch())`. An event tells of a change that can be read, whatever its durability. Up to
   * 1,024 wait for a slow reader; then follows one `overflow`. Ends, without an error, when
   * `signal` aborts, when the cache closes, or when the loop is left. Waiting does not keep the
   * program running.
   */
  watch(options: WatchOptions = {}): AsyncIterableIterator<ChangeEvent, undefined> {
    this.#guard.assertOpen();
    return this.#parts.changes.watch(options, this.#values.namespace, this.#guard);
  }

  /** Resolves when everything set before has survived a power cut. */
  flush(): Promise<void> {
    return this.#guard.run(() => this.#engine.flush());
  }

  /** Of the store, all namespaces included. */
  stats(): CacheStats {
    this.#guard.assertOpen();
    return cacheStats(this.#engine, this.#values.counters);
  }

  /**
   * Frees the space of what is dead or expired, where it is over a quarter of a segment, now rather
   * than when it is needed. Resolves when the files are gone; a second call joins the first.
   * Rejects with `CLOSED` when the cache closes first, and like a write while none is possible.
   */
  compact(): Promise<CompactionResult> {
    return this.#guard.run(() => this.#engine.maintenance.compact());
  }

  /**
   * Reads every file of the store back and checks every record, 256 KiB (or one record) a turn,
   * and the lock journal. Tells what is damaged and changes nothing.
   */
  verify(): Promise<VerifyReport> {
    return this.#guard.run(() => verifyParts(this.#parts));
  }

  /**
   * Writes and syncs what is left, frees the directory. Idempotent; rejects if a write failed. Of a
   * namespace: writes and syncs what is left, and nothing of the store is closed.
   */
  close(): Promise<void> {
    this.#closing ??= closeParts(this.#parts);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The cache as a server needs it: values stay encoded. */
  backend(): CacheBackend {
    return new EmbeddedCacheBackend(this.#parts);
  }

  /** The locks as a server needs them, in one table with `locks`. */
  lockBackend(): LockBackend {
    return this.#parts.locks.backend;
  }

  #terms(options: SetOptions): WriteTerms {
    return writeTerms(options, this.#values, this.#settings.defaultTtlMs);
  }
}
