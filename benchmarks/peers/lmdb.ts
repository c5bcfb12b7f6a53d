import { join } from 'node:path';
import type { Work } from '../workloads/workload.ts';
import type { Contestant, Store } from './contestant.ts';
import { requirePeer } from './installed.ts';

interface LmdbDatabase {
  put(key: string, value: unknown): Promise<boolean>;
  get(key: string): unknown;
  readonly flushed: Promise<boolean>;
  close(): Promise<void>;
}

interface LmdbModule {
  open(options: { path: string; sharedStructuresKey?: symbol }): LmdbDatabase;
}

export const lmdb: Contestant = {
  name: 'lmdb',
  note: 'persistent, msgpack, its defaults; no TTL',
  open: (directory) =>
    new LmdbStore(requirePeer<LmdbModule>('lmdb').open({ path: join(directory, 'lmdb') })),
};

/** What lmdb-js recommends for many objects of one shape. Strings gain nothing from it. */
export const lmdbSharedStructures: Contestant = {
  name: 'lmdb + structures',
  note: 'the same with `sharedStructuresKey`',
  open: (directory) =>
    new LmdbStore(
      requirePeer<LmdbModule>('lmdb').open({
        path: join(directory, 'lmdb'),
        sharedStructuresKey: Symbol.for('structures'),
      }),
    ),
};

class LmdbStore implements Store {
  readonly #database: LmdbDatabase;

  constructor(database: LmdbDatabase) {
    this.#database = database;
  }

  /**
   * Puts are batched into transactions by lmdb itself; the last promise is the last transaction's
   * commit.
   */
  async setAll({ keys, values }: Work): Promise<void> {
    let last: Promise<boolean> | undefined;
    for (let index = 0; index < keys.length; index++) {
      last = this.#database.put(keys[index]!, values[index]);
    }
    await last;
  }

  post(key: string, value: unknown): void {
    void this.#database.put(key, value);
  }

  set(key: string, value: unknown): Promise<boolean> {
    return this.#database.put(key, value);
  }

  async setSynced(key: string, value: unknown): Promise<void> {
    await this.#database.put(key, value);
    await this.#database.flushed;
  }

  async sync(): Promise<void> {
    await this.#database.flushed;
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.#database.get(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.#database.get(key);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
