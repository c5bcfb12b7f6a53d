import { openCache } from '@holdfast/node';
import type { Work } from '../workloads/workload.ts';
import { type Contestant, HOLDFAST, HOLDFAST_IN_MEMORY, type Store, TTL_MS } from './contestant.ts';

type OpenCache = Awaited<ReturnType<typeof openCache>>;

export const holdfast: Contestant = {
  name: HOLDFAST,
  note: 'persistent, msgpack, its defaults, with a TTL',
  async open(directory) {
    return new HoldfastStore(await openCache({ directory, defaultTtl: TTL_MS }));
  },
};

export const holdfastInMemory: Contestant = {
  name: HOLDFAST_IN_MEMORY,
  note: 'the same with `persistent: false`',
  async open() {
    const cache = await openCache({ persistent: false, defaultTtl: TTL_MS });
    return new HoldfastInMemoryStore(cache);
  },
};

class HoldfastInMemoryStore implements Store {
  protected readonly cache: OpenCache;

  constructor(cache: OpenCache) {
    this.cache = cache;
  }

  async setAll({ keys, values }: Work): Promise<void> {
    for (let index = 0; index < keys.length; index++) {
      void this.cache.set(keys[index]!, values[index]);
    }
  }

  post(key: string, value: unknown): void {
    void this.cache.set(key, value);
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.cache.get(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.cache.get(key);
  }

  memoryBytes(): number {
    return this.cache.memoryUsage().total;
  }

  async close(): Promise<void> {
    await this.cache.close();
  }
}

class HoldfastStore extends HoldfastInMemoryStore {
  /** Writes reach the operating system in order, so the last one's promise stands for all. */
  override async setAll({ keys, values }: Work): Promise<void> {
    const last = keys.length - 1;
    for (let index = 0; index < last; index++) void this.cache.set(keys[index]!, values[index]);
    await this.cache.set(keys[last]!, values[last], { durability: 'written' });
  }

  set(key: string, value: unknown): Promise<void> {
    return this.cache.set(key, value, { durability: 'written' });
  }

  setSynced(key: string, value: unknown): Promise<void> {
    return this.cache.set(key, value, { durability: 'synced' });
  }

  async sync(): Promise<void> {
    await this.cache.flush();
  }
}
