import type { Clock, Timer } from '@holdfast/core/ports';
import type { RenewalDeadline } from './renewal-deadline.ts';

export interface RenewalWatchEvents {
  /** Ends the session if its deadline has passed; true if it is over. */
  expireIfPast(): boolean;
  onJeopardy(): void;
  onSafe(): void;
}

/**
 * Looks at a session's deadline when it is time to, with one timer.
 *
 *     HELD ─ acknowledgement late, or the server says so ─► JEOPARDY ─ deadline ─► LOST
 *       ▲                                                      │
 *       └────── acknowledged, and a third of the TTL left ─────┘
 *
 * The client mostly knows first that it is in jeopardy, since it is the acknowledgement that is
 * missing. The server knows first if this machine was suspended, and its clock with it.
 */
export class RenewalWatch {
  readonly #clock: Clock;
  readonly #deadline: RenewalDeadline;
  readonly #events: RenewalWatchEvents;
  #isWarned = false;
  #isInJeopardy = false;
  #timer: Timer | undefined;
  #timerDueMs = 0;

  constructor(clock: Clock, deadline: RenewalDeadline, events: RenewalWatchEvents) {
    this.#clock = clock;
    this.#deadline = deadline;
    this.#events = events;
  }

  get isInJeopardy(): boolean {
    return this.#isInJeopardy;
  }

  /** A renewal was acknowledged. */
  acknowledged(): void {
    this.#isWarned = false;
    this.#look();
  }

  /** The server says that renewals are late. */
  warned(): void {
    this.#isWarned = true;
    this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const isInJeopardy = this.#isWarned || this.#deadline.isLate(this.#clock.monotonicMs());
    this.#lookAgainAt(isInJeopardy ? this.#deadline.deadlineMs : this.#deadline.lateAtMs);
    if (isInJeopardy === this.#isInJeopardy) return;
    this.#isInJeopardy = isInJeopardy;
    if (isInJeopardy) this.#events.onJeopardy();
    else this.#events.onSafe();
  }

  /**
   * A timer is left to run when its moment moves on: it then looks again, which is cheaper than a
   * new timer per renewal.
   */
  #lookAgainAt(dueMs: number): void {
    if (this.#timer !== undefined && this.#timerDueMs <= dueMs) return;
    this.#timer?.cancel();
    this.#timerDueMs = dueMs;
    const delayMs = Math.max(0, Math.ceil(dueMs - this.#clock.monotonicMs()));
    this.#timer = this.#clock.startTimer(delayMs, 'background', () => {
      this.#timer = undefined;
      if (!this.#events.expireIfPast()) this.#look();
    });
  }
}
