import type { CacheStats } from '../cache/cache-stats.ts';
import type {
  ClearOptions,
  CompareAndSetOptions,
  CompareAndSetResult,
  GetOrSetOptions,
  KeysOptions,
  Loader,
  MemoryUsage,
  SetOptions,
  TouchOptions,
  WriteOptions,
} from '../cache/entry.ts';
import type { ChangeEvent, WatchOptions } from '../cache/watch.ts';
import type { CompactionResult } from '../engine/compaction.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import type { VerifyReport } from '../engine/verification.ts';
import type { KeyLockOptions } from '../locks/key-locks.ts';
import type { Lease } from '../locks/lease.ts';

/** At once, or later. */
export type Eventual<T> = T | Promise<T>;

export interface JudgedEntry {
  readonly value: unknown;
  readonly version: bigint;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly bytes: number;
}

/** What every cache can do, embedded or remote. */
export interface BasicCache {
  get(key: CacheKey): unknown;
  getEntry(key: CacheKey): Eventual<JudgedEntry | undefined>;
  has(key: CacheKey): Eventual<boolean>;
  ttl(key: CacheKey): Eventual<number | undefined>;
  set(key: CacheKey, value: unknown, options?: SetOptions): Promise<void>;
  setIfAbsent(key: CacheKey, value: unknown, options?: SetOptions): Promise<boolean>;
  delete(key: CacheKey, options?: WriteOptions): Promise<boolean>;
  touch(key: CacheKey, options: TouchOptions): Promise<boolean>;
  getMany(keys: Iterable<CacheKey>): Eventual<unknown[]>;
  setMany(
    entries: Iterable<readonly [CacheKey, unknown, SetOptions?]>,
    options?: SetOptions,
  ): Promise<void>;
  deleteMany(keys: Iterable<CacheKey>, options?: WriteOptions): Promise<number>;
}

/** A cache as the suite uses it: what it gives is always awaited. */
export interface JudgedCache extends BasicCache {
  readonly size: Eventual<number>;
  getAsync(key: CacheKey, options?: { signal?: AbortSignal }): Promise<unknown>;
  take(key: CacheKey, options?: WriteOptions): Promise<unknown>;
  clear(options?: ClearOptions): Promise<void>;
  keys(options?: KeysOptions): Iterable<CacheKey> | AsyncIterable<CacheKey>;
  entries(
    options?: KeysOptions,
  ): Iterable<readonly [CacheKey, unknown]> | AsyncIterable<readonly [CacheKey, unknown]>;
  compareAndSet(
    key: CacheKey,
    value: unknown,
    options: CompareAndSetOptions,
  ): Promise<CompareAndSetResult>;
  increment(key: CacheKey, by?: number, options?: SetOptions): Promise<number>;
  getOrSet(key: CacheKey, loader: Loader<unknown>, options?: GetOrSetOptions): Promise<unknown>;
  invalidateTags(tags: Iterable<string>, options?: WriteOptions): Promise<void>;
  lock(key: CacheKey, options?: KeyLockOptions): Promise<Lease>;
  tryLock(key: CacheKey): Eventual<Lease | undefined>;
  withLock<T>(
    key: CacheKey,
    work: (lease: Lease) => T | PromiseLike<T>,
    options?: KeyLockOptions,
  ): Promise<T>;
  watch(options?: WatchOptions): AsyncIterator<ChangeEvent> & AsyncIterable<ChangeEvent>;
  flush(): Promise<void>;
  stats(): Eventual<CacheStats>;
  compact(): Promise<CompactionResult>;
  verify(): Promise<VerifyReport>;
  memoryUsage(): Eventual<MemoryUsage>;
  namespace(name: string): JudgedNamespace;
}

/** A namespace is closed by itself; who opened a store, closes that. */
export interface JudgedNamespace extends JudgedCache {
  close(): Promise<void>;
}
