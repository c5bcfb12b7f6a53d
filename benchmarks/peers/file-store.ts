import type { Work } from '../workloads/workload.ts';
import type { Store } from './contestant.ts';
import { inWindows } from './in-windows.ts';

interface Calls {
  set(key: string, value: unknown): Promise<unknown>;
  get(key: string): Promise<unknown>;
}

/** What keeps files by key, asynchronously, and syncs nothing. */
export class FileStore implements Store {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  async setAll({ keys, values }: Work): Promise<void> {
    await inWindows(keys, (key, index) => this.#calls.set(key, values[index]));
  }

  set(key: string, value: unknown): Promise<unknown> {
    return this.#calls.set(key, value);
  }

  async getAll(keys: readonly string[]): Promise<number> {
    let found = 0;
    await inWindows(keys, async (key) => {
      if ((await this.#calls.get(key)) !== undefined) found++;
    });
    return found;
  }

  get(key: string): Promise<unknown> {
    return this.#calls.get(key);
  }

  close(): void {}
}
