import type { Clock } from '../ports/clock.ts';

/**
 * Wall time that never goes back, restarts included, so that what has expired stays expired. Where
 * the wall clock has been set back, time goes on at the monotonic clock's pace until the wall clock
 * has caught up.
 */
export class StoreClock {
  readonly #clock: Clock;
  #latestMs: number;
  /**
   * Where the store's time stood, and the monotonic clock with it, when the wall clock was seen
   * behind.
   */
  #anchor: { readonly storeMs: number; readonly monotonicMs: number } | undefined;

  /** `floorMs` is the latest time any earlier opening of the store has seen. */
  constructor(clock: Clock, floorMs: number) {
    this.#clock = clock;
    this.#latestMs = floorMs;
  }

  /** Whole milliseconds since the Unix epoch. */
  nowMs(): number {
    const wallMs = Math.floor(this.#clock.wallMs());
    if (wallMs >= this.#latestMs) {
      this.#latestMs = wallMs;
      this.#anchor = undefined;
      return wallMs;
    }
    return this.#behind();
  }

  /** Another opening has seen this time. */
  raiseTo(floorMs: number): void {
    if (floorMs <= this.#latestMs) return;
    this.#latestMs = floorMs;
    // Time goes on from there, not from where it stood before.
    this.#anchor = undefined;
  }

  #behind(): number {
    const monotonicMs = this.#clock.monotonicMs();
    this.#anchor ??= { storeMs: this.#latestMs, monotonicMs };
    const goneOnMs = Math.floor(monotonicMs - this.#anchor.monotonicMs);
    this.#latestMs = Math.max(this.#latestMs, this.#anchor.storeMs + goneOnMs);
    return this.#latestMs;
  }
}
