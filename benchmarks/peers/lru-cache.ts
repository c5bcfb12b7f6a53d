import type { Work } from '../workloads/workload.ts';
import { type Contestant, type Store, TTL_MS } from './contestant.ts';
import { requirePeer } from './installed.ts';

interface LruCache {
  set(key: string, value: unknown): void;
  get(key: string): unknown;
  clear(): void;
}

export const lruCache: Contestant = {
  name: 'lru-cache',
  note: 'references, memory only, with a TTL',
  open(_directory, keyCount) {
    const { LRUCache } = requirePeer<{
      LRUCache: new (options: { max: number; ttl: number }) => LruCache;
    }>('lru-cache');
    return new LruCacheStore(new LRUCache({ max: keyCount, ttl: TTL_MS }));
  },
};

class LruCacheStore implements Store {
  readonly #cache: LruCache;

  constructor(cache: LruCache) {
    this.#cache = cache;
  }

  setAll({ keys, values }: Work): void {
    for (let index = 0; index < keys.length; index++) this.#cache.set(keys[index]!, values[index]);
  }

  post(key: string, value: unknown): void {
    this.#cache.set(key, value);
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.#cache.get(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.#cache.get(key);
  }

  close(): void {
    this.#cache.clear();
  }
}
