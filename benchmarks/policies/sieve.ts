import type { Policy } from './policy.ts';

/**
 * SIEVE (Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is Simpler than LRU", NSDI 2024): one queue
 * whose members never move, and a hand that walks from the oldest to the newest. It spares what was
 * used since it last came by, once, and evicts the first that was not.
 */
export class Sieve implements Policy {
  readonly #capacity: number;
  /** Object → whether it was used since the hand came by. */
  readonly #visited = new Map<number, boolean>();
  /** An iterator of a `Map` is such a hand: members that come or go meanwhile do not disturb it. */
  #hand: Iterator<[number, boolean]> = this.#visited.entries();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#visited.size;
  }

  hit(object: number): boolean {
    if (!this.#visited.has(object)) return false;
    this.#visited.set(object, true);
    return true;
  }

  insert(object: number): void {
    if (this.#visited.size === this.#capacity) this.#evict();
    this.#visited.set(object, false);
  }

  remove(object: number): void {
    this.#visited.delete(object);
  }

  #evict(): void {
    for (;;) {
      const next = this.#hand.next();
      if (next.done === true) {
        this.#hand = this.#visited.entries();
        continue;
      }
      const [object, isVisited] = next.value;
      if (!isVisited) {
        this.#visited.delete(object);
        return;
      }
      this.#visited.set(object, false);
    }
  }
}
