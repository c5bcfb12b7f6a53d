import type { Durability, Fence } from '../backend/cache-backend.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import type { Duration } from '../expiry/duration.ts';
import type { Jitter } from './jitter.ts';

/** A value with what the cache knows of it. */
export interface Entry<V> {
  readonly value: V;
  /**
   * Grows with every write of the key (`touch` included), over restarts; what `compareAndSet`
   * compares.
   */
  readonly version: bigint;
  /** When the value was set: Unix milliseconds. */
  readonly createdAt: number;
  /** The deadline: Unix milliseconds, `Infinity` when it never expires. */
  readonly expiresAt: number;
  /** Bytes of the whole record: header, key and value. */
  readonly bytes: number;
  /** Whether reading it took a file. */
  readonly tier: 'memory' | 'disk';
}

export interface SetOptions {
  /**
   * From now, 1 ms at least; `Infinity` = never. Default: the cache's `defaultTtl`. Not with
   * `expiresAt`.
   */
  ttl?: Duration | undefined;
  /**
   * The deadline itself: Unix milliseconds, or a `Date`. One that has passed stores nothing that
   * can be read.
   */
  expiresAt?: number | { getTime(): number } | undefined;
  /** Default: the cache's `durability`. */
  durability?: Durability | undefined;
  /**
   * Up to 16 names, of 1 to 256 bytes each, by which `invalidateTags` can make the value go; they
   * take nine bytes of the record, and eight more for each after the first. `touch` keeps them, and
   * `increment` unless it is given others; every other write starts without any. Default: none.
   */
  tags?: Iterable<string> | undefined;
  /** See `WriteOptions`. */
  fence?: Fence | undefined;
}

export interface WriteOptions {
  /** Default: the cache's `durability`. */
  durability?: Durability | undefined;
  /**
   * The lease this is written under, of the store's `locks` or of a key of this cache: unless it is
   * held at the moment of the write, that fails with `STALE_FENCING_TOKEN` and nothing is written.
   * Default: none.
   */
  fence?: Fence | undefined;
}

export type ClearOptions = Pick<WriteOptions, 'fence'>;

export interface TouchOptions extends WriteOptions {
  /** The new deadline, from now; `Infinity` = never. */
  ttl: Duration;
}

export interface CompareAndSetOptions extends SetOptions {
  /**
   * The version the key must have now, as `getEntry` tells; `undefined` = the key must have no
   * value.
   */
  version: bigint | undefined;
}

export type CompareAndSetResult =
  | { readonly stored: true; readonly version: bigint }
  /** `version` is the one found, `undefined` if the key has no value. */
  | { readonly stored: false; readonly version: bigint | undefined };

/** What is about storing counts for the call that starts the load; others join it as it is. */
export interface GetOrSetOptions extends SetOptions {
  /**
   * Detaches this caller when it aborts; the load goes on for others, and ends with the last of
   * them.
   */
  signal?: AbortSignal | undefined;
  /**
   * The longest the load may take, 1 ms to a day: then its signal aborts, and all who wait for it
   * are told `UNAVAILABLE`. Counts for the load that this call starts; who joins one may leave by
   * `signal`. Default: no limit.
   */
  timeout?: Duration | undefined;
  /**
   * Shortens the TTL by a random time, so that values loaded together do not expire together: a
   * share of the TTL from 0 to 1, or a time as text like `'30s'`. Evenly spread from nothing to all
   * of it; at least 1 ms is left. Default 0.
   */
  jitter?: Jitter | undefined;
  /**
   * How long it is remembered that the loader gave `undefined`, 1 ms at least: until then every
   * `getOrSet` of the key gives `undefined` without loading, and any write of the key ends it. In
   * memory only, for the last 16,384 such keys; `get` and `has` know nothing of it. Default: not at
   * all.
   */
  negativeTtl?: Duration | undefined;
  /**
   * For how long past its deadline a value is still good enough for this call: it is given at once,
   * and one load in the background makes a new one. That load's failure is told to `onError`
   * (`UNAVAILABLE`, the loader's error as its cause); the next call tries again. 0 ms (the default)
   * to `Infinity`. See `staleIfError` for how long values are kept.
   */
  staleWhileRevalidate?: Duration | undefined;
  /**
   * For how long past its deadline a value is still better than an error for this call: if the load
   * fails, or takes longer than its `timeout`, the old value is given, and `onError` is told as for
   * `staleWhileRevalidate`. A caller's own `signal` is not a failure. 0 ms (the default) to
   * `Infinity`.
   *
   * A value is kept past its deadline for the longer of the two times of the `getOrSet` that has
   * stored it, restarts included, and never longer; one of any other write is not kept at all.
   * `touch` before the deadline moves both ends. Only a `getOrSet` that asks for it sees such a
   * value: to every other read it is gone at its deadline, `delete` and `setIfAbsent` included. A
   * loader that gives `undefined` ends it.
   */
  staleIfError?: Duration | undefined;
}

/** Makes the value of a cold key. `signal` aborts when nobody waits for it any more. */
export type Loader<V> = (context: {
  readonly key: CacheKey;
  readonly signal: AbortSignal;
}) => V | PromiseLike<V>;

export interface KeysOptions {
  /** Only keys that begin with this text. */
  prefix?: string | undefined;
}

/** Bytes of memory by what they are for. */
export interface MemoryUsage {
  readonly index: number;
  /** Segments in memory, dead records and room still free in them included. */
  readonly records: number;
  readonly buffers: number;
  readonly total: number;
}
