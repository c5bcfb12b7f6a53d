import type { Clock, Timer } from '@holdfast/core/ports';

/** The longest delay a timer takes; a later deadline is looked at again when this one is over. */
export const TIMER_MS_MAX: number = 2 ** 31 - 1;

/**
 * One timer for many deadlines: armed for the earliest, and left to run when what it was armed for
 * is done in time, which costs less than a timer for each. In the background: while something is
 * pending, a connection or the timer of the next attempt keeps the process alive.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #onDue: (nowMs: number) => number;
  #armed: { readonly timer: Timer; readonly dueMs: number } | undefined;

  /** `onDue` ends what is over and returns the next deadline, `Infinity` for none. */
  constructor(clock: Clock, onDue: (nowMs: number) => number) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Makes sure that `onDue` is called at this deadline, on the monotonic clock, or before. */
  watch(deadlineMs: number): void {
    if (this.#armed !== undefined && this.#armed.dueMs <= deadlineMs) return;
    this.cancel();
    if (deadlineMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.ceil(Math.max(0, deadlineMs - this.#clock.monotonicMs()));
    const timer = this.#clock.startTimer(Math.min(delayMs, TIMER_MS_MAX), 'background', () => {
      this.#armed = undefined;
      this.watch(this.#onDue(this.#clock.monotonicMs()));
    });
    this.#armed = { timer, dueMs: deadlineMs };
  }

  cancel(): void {
    this.#armed?.timer.cancel();
    this.#armed = undefined;
  }
}
