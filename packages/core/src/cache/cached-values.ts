/**
 * Values under keys: the engine with the codec. Everything here is synchronous, atomic, and visible
 * at once; how durable it is, the caller waits for.
 *
 *     key ─► engine.keys.encode ─► engine.find ─► decode
 *     value ─► encode ─► key, the condition, the record: nothing runs in between
 *
 * With a `fence` nothing is written unless its lease is held in that very turn.
 *
 * `tags` are as they stand before a value, those of the namespace included; left out, these alone.
 */

import type { EncodedValue, Fence } from '../backend/cache-backend.ts';
import type { ValueDecoder } from '../codec/value-decoder.ts';
import type { ValueWriter } from '../codec/value-writer.ts';
import type { Engine } from '../engine/engine.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import { isExpired } from '../expiry/expiry.ts';
import { ownFence } from '../locks/index.ts';
import type { CacheLocks } from './cache-locks.ts';
import type { CallCounters } from './cache-stats.ts';
import type { Entry } from './entry.ts';
import type { Loads } from './loads.ts';
import { Namespace } from './namespace.ts';
import { ownTags } from './tags.ts';
import type { ChangeFeed } from './watch.ts';

/** Both directions between values and bytes, for one store. */
export interface ValueCoding {
  readonly writer: ValueWriter;
  readonly decoder: ValueDecoder;
}

export type WritableCounters = { -readonly [Name in keyof CallCounters]: CallCounters[Name] };

/** What there is one of in a store, however many namespaces it has. */
export interface SharedByNamespaces {
  readonly engine: Engine;
  readonly loads: Loads;
  readonly changes: ChangeFeed;
  readonly counters: WritableCounters;
  readonly locks: CacheLocks;
}

export class CachedValues<V> {
  readonly engine: Engine;
  readonly decoder: ValueDecoder;
  readonly namespace: Namespace;
  readonly counters: WritableCounters;
  readonly #writer: ValueWriter;
  readonly #loads: Loads;
  readonly #changes: ChangeFeed;
  readonly #locks: CacheLocks;
  /** The namespace's; kept here because every call needs them. */
  readonly #prefix: Uint8Array;
  readonly #space: string;
  readonly #tags: Uint8Array | undefined;

  /** `loads` and `changes` hear of every write. */
  constructor(options: ValueCoding & SharedByNamespaces, namespace: Namespace = Namespace.NONE) {
    this.namespace = namespace;
    this.#prefix = namespace.prefix;
    this.#space = namespace.space;
    this.#tags = namespace.tags;
    this.counters = options.counters;
    this.engine = options.engine;
    this.#writer = options.writer;
    this.decoder = options.decoder;
    this.#loads = options.loads;
    this.#changes = options.changes;
    this.#locks = options.locks;
  }

  /** The value, counted as a hit or a miss. Hot. */
  get(key: CacheKey): V | undefined {
    return this.findCounted(key) ? this.decodeFound() : undefined;
  }

  getEntry(key: CacheKey): Entry<V> | undefined {
    if (!this.findCounted(key)) return undefined;
    const { sequence, createdAtMs, expiresAtMs, bytes, tier } = this.engine.stamp();
    return {
      value: this.decodeFound(),
      version: BigInt(sequence),
      createdAt: createdAtMs,
      expiresAt: expiresAtMs,
      bytes,
      tier,
    };
  }

  /** True if the key has a live value; `engine.found` is its record, in this turn. */
  find(key: CacheKey): boolean {
    this.encode(key);
    return this.engine.find();
  }

  /** As `find`, counted as a hit or a miss. */
  findCounted(key: CacheKey): boolean {
    const isFound = this.find(key);
    if (isFound) this.counters.hits++;
    else this.counters.misses++;
    return isFound;
  }

  /** Makes `key`, in this namespace, the one that the engine is asked about. */
  encode(key: CacheKey): void {
    this.engine.keys.encode(key, this.#prefix);
  }

  /** The value before its deadline, or if it is kept, before `staleMs` have passed since. */
  getKept(key: CacheKey, staleMs: number): V | undefined {
    return this.findKept(key, staleMs) ? this.decodeFound() : undefined;
  }

  /** As `find`, also for a value whose deadline was reached less than `staleMs` ago. */
  findKept(key: CacheKey, staleMs: number): boolean {
    const { engine } = this;
    this.encode(key);
    if (!engine.findKept()) return false;
    return !isExpired(engine.stamp().expiresAtMs + staleMs, engine.clock.nowMs());
  }

  /** True if something is kept of the key past its deadline. */
  findStale(key: CacheKey): boolean {
    const { engine } = this;
    this.encode(key);
    return engine.findKept() && isExpired(engine.stamp().expiresAtMs, engine.clock.nowMs());
  }

  /** Removes what is kept of the key past its deadline. */
  removeStale(key: CacheKey, fence: Fence | undefined): void {
    this.#assertFence(fence);
    if (this.findStale(key)) this.engine.remove();
  }

  /** The value of the record just found. */
  decodeFound(): V {
    const { memory, offset } = this.engine.found;
    return this.decoder.decodeRecord(memory, offset) as V;
  }

  /**
   * Stores a value unless `mayStore` says no; returns its sequence. The value is encoded first:
   * what it runs (a getter, a toJSON) may use this cache itself. Only then is `mayStore` asked,
   * with the key encoded.
   */
  set(
    key: CacheKey,
    value: V,
    expiresAtMs: number,
    createdAtMs: number,
    mayStore?: () => boolean,
    tags?: Uint8Array,
  ): number | undefined {
    return this.#put(key, this.#writer.encode(value), expiresAtMs, createdAtMs, mayStore, tags);
  }

  /** As `set`, for a value that a client has encoded. */
  setEncoded(
    key: CacheKey,
    value: EncodedValue,
    expiresAtMs: number,
    createdAtMs: number,
    mayStore?: () => boolean,
    tags?: Uint8Array,
  ): number | undefined {
    const encoding = this.#writer.takeEncoded(value);
    return this.#put(key, encoding, expiresAtMs, createdAtMs, mayStore, tags);
  }

  /** What `set` is to ask before it stores: whether the fence holds, and then `mayStore`. */
  fenced(fence: Fence | undefined, mayStore?: () => boolean): (() => boolean) | undefined {
    if (fence === undefined) return mayStore;
    const own = ownFence(fence);
    return () => {
      this.#locks.assertHeld(own, this.#space);
      return mayStore === undefined || mayStore();
    };
  }

  /** Gives a value another deadline; false if there is none. */
  touch(key: CacheKey, expiresAtMs: number, fence?: Fence): boolean {
    this.#assertFence(fence);
    const exists = this.find(key);
    if (exists) this.engine.putAgain(expiresAtMs);
    return exists;
  }

  /** The value, which is gone with that; `undefined` if there is none. */
  take(key: CacheKey, fence: Fence | undefined): V | undefined {
    const value = this.get(key);
    this.remove(key, fence);
    return value;
  }

  /** False if there was no live value. */
  remove(key: CacheKey, fence?: Fence): boolean {
    this.#assertFence(fence);
    this.encode(key);
    this.#loads.supersede(key, this.#space);
    this.counters.deletes++;
    const wasLive = this.engine.remove();
    const changes = this.#changes;
    if (changes.isWatched && wasLive)
      changes.publish({ type: 'delete', key: ownKey(key) }, this.#space);
    return wasLive;
  }

  /** Whatever has one of the tags is gone, at once. */
  invalidateTags(names: Iterable<string>, fence?: Fence): void {
    const tags = ownTags(names);
    const ids = this.namespace.tagIds(tags);
    this.#assertFence(fence);
    this.#loads.supersedeTags(new Set(ids));
    for (const id of ids) this.engine.invalidate(id);
    if (ids.length > 0) this.#changes.publish({ type: 'invalidate', tags }, this.#space);
  }

  /**
   * Removes everything of this namespace and of those within it; of all if it is none. Resolves
   * when that has survived a power cut.
   */
  clear(fence?: Fence): Promise<void> {
    this.#assertFence(fence);
    const [id] = this.namespace.ids;
    const cleared = id === undefined ? this.#clearAll() : this.#clearNamespace(id);
    this.#changes.publishClear(this.namespace);
    return cleared;
  }

  /** Throws `STALE_FENCING_TOKEN` unless the fence's lease is held now. */
  #assertFence(fence: Fence | undefined): void {
    if (fence !== undefined) this.#locks.assertHeld(ownFence(fence), this.#space);
  }

  #clearAll(): Promise<void> {
    this.#loads.supersedeAll();
    return this.engine.clear();
  }

  #clearNamespace(id: number): Promise<void> {
    this.#loads.supersedeTags(new Set([id]));
    this.engine.invalidate(id);
    return this.engine.settle('synced');
  }

  #put(
    key: CacheKey,
    encoding: number,
    expiresAtMs: number,
    createdAtMs: number,
    mayStore: (() => boolean) | undefined,
    tags: Uint8Array | undefined = this.#tags,
  ): number | undefined {
    const { engine } = this;
    this.encode(key);
    if (mayStore !== undefined && !mayStore()) return undefined;
    this.#loads.supersede(key, this.#space);
    this.counters.sets++;
    const { data, start, length } = this.#writer;
    const sequence = engine.put(encoding, data, start, length, expiresAtMs, createdAtMs, tags);
    const changes = this.#changes;
    if (changes.isWatched) {
      changes.publish({ type: 'set', key: ownKey(key), version: BigInt(sequence) }, this.#space);
    }
    return sequence;
  }
}

/** A caller may use its buffer again while something is awaited. */
export function ownKey(key: CacheKey): CacheKey {
  return key instanceof Uint8Array ? new Uint8Array(key) : key;
}
