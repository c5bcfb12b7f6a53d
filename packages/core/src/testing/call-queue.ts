import type { DiskCall } from './disk-faults.ts';
import type { SeededRandom } from './seeded-random.ts';

/** In which order calls that are in flight together are carried out. */
export type CallOrder = 'any' | 'issued';

/** A call between being issued and being carried out. */
export interface QueuedCall {
  readonly call: DiskCall;
  /** Carries the call out and settles its promise. */
  run(): void;
}

/**
 * The calls in flight. They are carried out one at a time, a few microtasks apart, in an order the
 * seed decides: a runtime's thread pool promises no more, even for two calls on one file.
 */
export class CallQueue {
  readonly #random: SeededRandom;
  readonly #order: CallOrder;
  #waiting: QueuedCall[] = [];
  #isPumping = false;
  #isPaused = false;

  constructor(random: SeededRandom, order: CallOrder) {
    this.#random = random;
    this.#order = order;
  }

  /** Whether calls are still being carried out without anybody's help. */
  get isBusy(): boolean {
    return this.#waiting.length > 0 && !this.#isPaused;
  }

  get waiting(): readonly DiskCall[] {
    return this.#waiting.map((queued) => queued.call);
  }

  add(queued: QueuedCall): void {
    this.#waiting.push(queued);
    this.#pump();
  }

  /** Takes a call out again; it will not run. */
  drop(queued: QueuedCall): void {
    this.#waiting = this.#waiting.filter((other) => other !== queued);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#pump();
  }

  /** Carries out one waiting call, of those `accepts` names; false if there is none. */
  step(accepts: (call: DiskCall) => boolean = () => true): boolean {
    const candidates = this.#waiting.filter((queued) => accepts(queued.call));
    if (candidates.length === 0) return false;
    const index = this.#order === 'issued' ? 0 : this.#random.below(candidates.length);
    const chosen = candidates[index]!;
    this.drop(chosen);
    chosen.run();
    return true;
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    void this.#carryOut();
  }

  async #carryOut(): Promise<void> {
    while (this.isBusy) {
      for (let turn = this.#random.below(3); turn >= 0; turn--) await Promise.resolve();
      if (!this.#isPaused) this.step();
    }
    this.#isPumping = false;
  }
}
