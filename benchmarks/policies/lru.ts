import { ArrivalQueue } from './arrival-queue.ts';
import type { Policy } from './policy.ts';

/** Evicts what was used least recently. */
export class Lru implements Policy {
  readonly #capacity: number;
  /** In order of use. */
  readonly #objects = new ArrivalQueue();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#objects.size;
  }

  hit(object: number): boolean {
    return this.#objects.moveToEnd(object);
  }

  insert(object: number): void {
    if (this.#objects.size === this.#capacity) this.#objects.takeOldest();
    this.#objects.put(object);
  }

  remove(object: number): void {
    this.#objects.delete(object);
  }
}
