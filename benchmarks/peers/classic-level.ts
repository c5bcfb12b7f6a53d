import { join } from 'node:path';
import type { Work } from '../workloads/workload.ts';
import type { Contestant, Store } from './contestant.ts';
import { requirePeer } from './installed.ts';

interface Put {
  readonly type: 'put';
  readonly key: string;
  readonly value: unknown;
}

interface Level {
  open(): Promise<void>;
  put(key: string, value: unknown, options?: { sync: boolean }): Promise<void>;
  batch(operations: readonly Put[], options?: { sync: boolean }): Promise<void>;
  getSync(key: string): unknown;
  close(): Promise<void>;
}

/** One each would cost a round to a thread of the pool each. */
const BATCH_ROWS = 1_000;

export const classicLevel: Contestant = {
  name: 'classic-level',
  note: `persistent, JSON, compressed, batches of ${BATCH_ROWS}, \`getSync\`; no TTL, no bound`,
  async open(directory) {
    const { ClassicLevel } = requirePeer<{
      ClassicLevel: new (path: string, options: { valueEncoding: string }) => Level;
    }>('classic-level');
    const level = new ClassicLevel(join(directory, 'level'), { valueEncoding: 'json' });
    await level.open();
    return new ClassicLevelStore(level);
  },
};

class ClassicLevelStore implements Store {
  readonly #level: Level;

  constructor(level: Level) {
    this.#level = level;
  }

  async setAll(work: Work): Promise<void> {
    const puts = work.keys.map(
      (key, index): Put => ({ type: 'put', key, value: work.values[index] }),
    );
    for (let from = 0; from < puts.length; from += BATCH_ROWS) {
      await this.#level.batch(puts.slice(from, from + BATCH_ROWS));
    }
  }

  set(key: string, value: unknown): Promise<void> {
    return this.#level.put(key, value);
  }

  setSynced(key: string, value: unknown): Promise<void> {
    return this.#level.put(key, value, { sync: true });
  }

  async sync(): Promise<void> {
    // LevelDB syncs its log, and with it everything before, along with a synced write.
    await this.#level.batch([{ type: 'put', key: '', value: 0 }], { sync: true });
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.#level.getSync(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.#level.getSync(key);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}
