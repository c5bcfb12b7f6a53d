import { join } from 'node:path';
import type { Work } from '../workloads/workload.ts';
import { type Contestant, type Store, TTL_MS } from './contestant.ts';
import { CALLS_IN_FLIGHT, inWindows } from './in-windows.ts';
import { requirePeer } from './installed.ts';

interface Keyv {
  set(key: string, value: unknown, ttl: number): Promise<boolean>;
  get(key: string): Promise<unknown>;
  disconnect(): Promise<void>;
}

// A transaction a set: more than a millisecond each.
const KEY_SHARE = 0.001;
export const keyvSqlite: Contestant = {
  name: 'keyv + @keyv/sqlite',
  note: `persistent, JSON, ${CALLS_IN_FLIGHT} calls in flight, with a TTL; 0.1 % of the keys`,
  keyShare: KEY_SHARE,
  open(directory) {
    const { Keyv } = requirePeer<{ Keyv: new (options: { store: unknown }) => Keyv }>('keyv');
    const { KeyvSqlite } = requirePeer<{ KeyvSqlite: new (uri: string) => unknown }>(
      '@keyv/sqlite',
    );
    return new KeyvSqliteStore(
      new Keyv({ store: new KeyvSqlite(`sqlite://${join(directory, 'keyv.sqlite')}`) }),
    );
  },
};

class KeyvSqliteStore implements Store {
  readonly #keyv: Keyv;

  constructor(keyv: Keyv) {
    this.#keyv = keyv;
  }

  async setAll({ keys, values }: Work): Promise<void> {
    await inWindows(keys, (key, index) => this.#keyv.set(key, values[index], TTL_MS));
  }

  set(key: string, value: unknown): Promise<boolean> {
    return this.#keyv.set(key, value, TTL_MS);
  }

  /** With a rollback journal and SQLite's default, every commit is synced. */
  setSynced(key: string, value: unknown): Promise<boolean> {
    return this.set(key, value);
  }

  async getAll(keys: readonly string[]): Promise<number> {
    let found = 0;
    await inWindows(keys, async (key) => {
      if ((await this.#keyv.get(key)) !== undefined) found++;
    });
    return found;
  }

  get(key: string): Promise<unknown> {
    return this.#keyv.get(key);
  }

  async close(): Promise<void> {
    await this.#keyv.disconnect();
  }
}
