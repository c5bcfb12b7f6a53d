import { openCache } from '@holdfast/node';
import type { Work } from '../workloads/workload.ts';
import { type Contestant, type Store, TTL_MS } from './contestant.ts';

type OpenCache = Awaited<ReturnType<typeof openCache>>;

export const holdfast: Contestant = {
  name: 'Holdfast',
  note: 'persistent, msgpack, its defaults, with a TTL',
  async open(directory) {
    return new HoldfastStore(await openCache({ directory, defaultTtl: TTL_MS }));
  },
};

class HoldfastStore implements Store {
  readonly #cache: OpenCache;

  constructor(cache: OpenCache) {
    this.#cache = cache;
  }

  /** Writes reach the operating system in order, so the last one's promise stands for all. */
  async setAll({ keys, values }: Work): Promise<void> {
    const last = keys.length - 1;
    for (let index = 0; index < last; index++) void this.#cache.set(keys[index]!, values[index]);
    await this.#cache.set(keys[last]!, values[last], { durability: 'written' });
  }

  async sync(): Promise<void> {
    await this.#cache.flush();
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.#cache.get(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.#cache.get(key);
  }

  async close(): Promise<void> {
    await this.#cache.close();
  }
}
