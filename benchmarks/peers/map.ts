import type { Work } from '../workloads/workload.ts';
import type { Contestant, Store } from './contestant.ts';

export const map: Contestant = {
  name: 'Map',
  note: 'references in memory: the floor for anything keyed by strings',
  open: () => new MapStore(),
};

class MapStore implements Store {
  readonly #map = new Map<string, unknown>();

  setAll({ keys, values }: Work): void {
    for (let index = 0; index < keys.length; index++) this.#map.set(keys[index]!, values[index]);
  }

  post(key: string, value: unknown): void {
    this.#map.set(key, value);
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.#map.get(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    return this.#map.get(key);
  }

  close(): void {
    this.#map.clear();
  }
}
