/**
 * Values under keys: the engine with the codec. Everything here is synchronous, atomic, and visible
 * at once; how durable it is, the caller waits for.
 *
 *     key ─► engine.keys.encode ─► engine.find ─► decode
 *     value ─► encode ─► key, the condition, the record: nothing runs in between
 */

import type { EncodedValue } from '../backend/cache-backend.ts';
import type { ValueDecoder } from '../codec/value-decoder.ts';
import type { ValueWriter } from '../codec/value-writer.ts';
import type { Engine } from '../engine/engine.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import type { Entry } from './entry.ts';
import type { Loads } from './loads.ts';
import { ownTags, tagIds } from './tags.ts';
import type { ChangeFeed } from './watch.ts';

/** Both directions between values and bytes, for one store. */
export interface ValueCoding {
  readonly writer: ValueWriter;
  readonly decoder: ValueDecoder;
}

export class CachedValues<V> {
  readonly engine: Engine;
  readonly decoder: ValueDecoder;
  readonly counters: { hits: number; misses: number; sets: number; deletes: number } = {
    hits: 0,
    misses: 0,
    sets: 0,
    deletes: 0,
  };
  readonly #writer: ValueWriter;
  readonly #loads: Loads;
  readonly #changes: ChangeFeed;

  /** `loads` and `changes` hear of every write. */
  constructor(options: ValueCoding & { engine: Engine; loads: Loads; changes: ChangeFeed }) {
    this.engine = options.engine;
    this.#writer = options.writer;
    this.decoder = options.decoder;
    this.#loads = options.loads;
    this.#changes = options.changes;
  }

  /** The value, counted as a hit or a miss. Hot. */
  get(key: CacheKey): V | undefined {
    return this.#findCounted(key) ? this.decodeFound() : undefined;
  }

  getEntry(key: CacheKey): Entry<V> | undefined {
    if (!this.#findCounted(key)) return undefined;
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
    this.engine.keys.encode(key);
    return this.engine.find();
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
  ): number | undefined {
    return this.#put(key, this.#writer.takeEncoded(value), expiresAtMs, createdAtMs, mayStore);
  }

  /** Gives a value another deadline; false if there is none. */
  touch(key: CacheKey, expiresAtMs: number): boolean {
    const exists = this.find(key);
    if (exists) this.engine.putAgain(expiresAtMs);
    return exists;
  }

  /** False if there was no live value. */
  remove(key: CacheKey): boolean {
    this.engine.keys.encode(key);
    this.#loads.supersede(key);
    this.counters.deletes++;
    const wasLive = this.engine.remove();
    const changes = this.#changes;
    if (changes.isWatched && wasLive) changes.publish({ type: 'delete', key: ownKey(key) });
    return wasLive;
  }

  /** Whatever has one of the tags is gone, at once. */
  invalidateTags(names: Iterable<string>): void {
    const tags = ownTags(names);
    const ids = tagIds(tags);
    this.#loads.supersedeTags(new Set(ids));
    for (const id of ids) this.engine.invalidate(id);
    if (ids.length > 0) this.#changes.publish({ type: 'invalidate', tags });
  }

  /** Removes everything; resolves when that has survived a power cut. */
  clear(): Promise<void> {
    this.#loads.supersedeAll();
    const cleared = this.engine.clear();
    this.#changes.publish({ type: 'clear' });
    return cleared;
  }

  #findCounted(key: CacheKey): boolean {
    const isFound = this.find(key);
    if (isFound) this.counters.hits++;
    else this.counters.misses++;
    return isFound;
  }

  #put(
    key: CacheKey,
    encoding: number,
    expiresAtMs: number,
    createdAtMs: number,
    mayStore: (() => boolean) | undefined,
    tags?: Uint8Array,
  ): number | undefined {
    const { engine } = this;
    engine.keys.encode(key);
    if (mayStore !== undefined && !mayStore()) return undefined;
    this.#loads.supersede(key);
    this.counters.sets++;
    const { data, start, length } = this.#writer;
    const sequence = engine.put(encoding, data, start, length, expiresAtMs, createdAtMs, tags);
    const changes = this.#changes;
    if (changes.isWatched) {
      changes.publish({ type: 'set', key: ownKey(key), version: BigInt(sequence) });
    }
    return sequence;
  }
}

/** A caller may use its buffer again while something is awaited. */
export function ownKey(key: CacheKey): CacheKey {
  return key instanceof Uint8Array ? new Uint8Array(key) : key;
}
