import type { Work } from '../workloads/workload.ts';
import { type Contestant, type Store, TTL_MS } from './contestant.ts';
import { requirePeer } from './installed.ts';

interface FlatCacheOptions {
  readonly cacheId: string;
  readonly cacheDir: string;
  readonly ttl: number;
  readonly lruSize: number;
  readonly expirationInterval: number;
}

interface Flat {
  load(cacheId: string, cacheDir: string): void;
  setKey(key: string, value: unknown): void;
  getKey(key: string): unknown;
  save(force: boolean): void;
  destroy(includeCacheDirectory: boolean): void;
}

// Saving is for everything at once, and turns are saved one by one.
const KEY_SHARE = 0.1;

export const flatCache: Contestant = {
  name: 'flat-cache',
  note: 'in memory with a TTL and a bound; `save()` writes everything into one file; no sync; 10 % of the keys',
  keyShare: KEY_SHARE,
  open(directory, keyCount) {
    const { FlatCache } = requirePeer<{ FlatCache: new (options: FlatCacheOptions) => Flat }>(
      'flat-cache',
    );
    const flat = new FlatCache({
      cacheId: 'cache',
      cacheDir: directory,
      ttl: TTL_MS,
      lruSize: keyCount,
      expirationInterval: 0,
    });
    flat.load('cache', directory);
    return new FlatCacheStore(flat);
  },
};

class FlatCacheStore implements Store {
  readonly #flat: Flat;

  constructor(flat: Flat) {
    this.#flat = flat;
  }

  setAll({ keys, values }: Work): void {
    for (let index = 0; index < keys.length; index++)
      this.#flat.setKey(keys[index]!, values[index]);
    this.#flat.save(true);
  }

  post(key: string, value: unknown): void {
    this.#flat.setKey(key, value);
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.#flat.getKey(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.#flat.getKey(key);
  }

  close(): void {}
}
