/**
 * W-TinyLFU (Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy", ACM
 * Transactions on Storage 2017, section 4): a small LRU window before a segmented LRU, which a
 * newcomer may only enter if it was asked for more often than what it would displace.
 *
 *     insert ──► window, 1 % ──more frequent than a victim?──► probation ──used──► protected, 80 %
 *                                  │ no: evicted                   ▲ of the rest ──┘ overflow
 */
import { ArrivalQueue } from './arrival-queue.ts';
import { FrequencySketch } from './frequency-sketch.ts';
import type { Policy } from './policy.ts';

const WINDOW_SHARE = 0.01;
const PROTECTED_SHARE = 0.8;

export class WTinyLfu implements Policy {
  readonly #windowSize: number;
  readonly #mainSize: number;
  readonly #protectedSize: number;
  // Each in order of use.
  readonly #window = new ArrivalQueue();
  readonly #probation = new ArrivalQueue();
  readonly #protected = new ArrivalQueue();
  readonly #sketch: FrequencySketch;

  constructor(capacity: number) {
    this.#windowSize = Math.max(1, Math.floor(capacity * WINDOW_SHARE));
    this.#mainSize = capacity - this.#windowSize;
    this.#protectedSize = Math.floor(this.#mainSize * PROTECTED_SHARE);
    this.#sketch = new FrequencySketch(capacity);
  }

  get size(): number {
    return this.#window.size + this.#probation.size + this.#protected.size;
  }

  hit(object: number): boolean {
    this.#sketch.record(object);
    if (this.#window.moveToEnd(object) || this.#protected.moveToEnd(object)) return true;
    if (!this.#probation.delete(object)) return false;
    this.#protected.put(object);
    if (this.#protected.size > this.#protectedSize) {
      this.#probation.put(this.#protected.takeOldest());
    }
    return true;
  }

  insert(object: number): void {
    this.#window.put(object);
    if (this.#window.size > this.#windowSize) this.#admit(this.#window.takeOldest());
  }

  remove(object: number): void {
    if (this.#window.delete(object) || this.#probation.delete(object)) return;
    this.#protected.delete(object);
  }

  #admit(candidate: number): void {
    const isFull = this.#probation.size + this.#protected.size >= this.#mainSize;
    if (isFull) {
      if (this.#mainSize === 0) return;
      const queue = this.#probation.size > 0 ? this.#probation : this.#protected;
      const victim = queue.oldest();
      if (this.#sketch.countOf(candidate) <= this.#sketch.countOf(victim)) return;
      queue.delete(victim);
    }
    this.#probation.put(candidate);
  }
}
