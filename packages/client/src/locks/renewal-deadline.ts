import { KEEP_ALIVES_PER_TTL } from '@holdfast/core/client';

/**
 * Until when a session certainly lives, by this machine's monotonic clock alone. The server renews
 * when a keep-alive *arrives*, which cannot be before it was sent; so the time of sending plus the
 * TTL is never later than the server's own deadline, however long the answer took to come back.
 *
 *     sent ──────────────────────────► sent + TTL − margin   here: the session is over
 *       └─► arrived ─────────────────────► arrived + TTL      there: another may be granted
 *
 * The margin is 1 % of the TTL (clocks that run at different rates) and one round trip. The next
 * acknowledgement is late when a third of the TTL is left: it has taken about as long as there is
 * between two keep-alives, and only another one can still help.
 *
 * Invariants: the deadline never moves back; an acknowledgement counts once, and only for what was
 * sent.
 */
export class RenewalDeadline {
  readonly #sentAtMs = new Map<number, number>();
  #nextSequence = 1;
  #deadlineMs = Number.NEGATIVE_INFINITY;
  #lateAtMs = Number.NEGATIVE_INFINITY;
  #acknowledgedSentAtMs = Number.NEGATIVE_INFINITY;

  /** Monotonic milliseconds; `-Infinity` before the first acknowledgement. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** When the next acknowledgement is late: monotonic milliseconds, before the deadline. */
  get lateAtMs(): number {
    return this.#lateAtMs;
  }

  /** A renewal is about to be sent: the number it is acknowledged by. */
  sent(nowMs: number): number {
    const sequence = this.#nextSequence++;
    this.#sentAtMs.set(sequence, nowMs);
    return sequence;
  }

  /** True if this was an answer to something sent and not answered before. */
  acknowledged(sequence: number, ttlMs: number, nowMs: number): boolean {
    const sentAtMs = this.#sentAtMs.get(sequence);
    if (sentAtMs === undefined) return false;
    // Renewals before this one can only say less.
    for (const earlier of this.#sentAtMs.keys()) {
      if (earlier <= sequence) this.#sentAtMs.delete(earlier);
    }
    this.#acknowledgedSentAtMs = sentAtMs;
    const marginMs = ttlMs * 0.01 + (nowMs - sentAtMs);
    const deadlineMs = sentAtMs + ttlMs - marginMs;
    if (deadlineMs > this.#deadlineMs) {
      this.#deadlineMs = deadlineMs;
      this.#lateAtMs = deadlineMs - ttlMs / KEEP_ALIVES_PER_TTL;
    }
    return true;
  }

  /**
   * When something surely has not happened yet that the server dates `afterMs` after the arrival of
   * the renewal it answered last; 1 % earlier, for clocks that run at different rates.
   */
  earliestMs(afterMs: number): number {
    return this.#acknowledgedSentAtMs + afterMs * 0.99;
  }

  /** The number the next renewal gets. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** Renewals sent and neither answered nor overtaken by a later answer. */
  get unacknowledgedCount(): number {
    return this.#sentAtMs.size;
  }

  /** The stream they were sent on is gone, so their answers never come. */
  forgetUnacknowledged(): void {
    this.#sentAtMs.clear();
  }

  isLate(nowMs: number): boolean {
    return nowMs >= this.#lateAtMs;
  }

  isPast(nowMs: number): boolean {
    return nowMs >= this.#deadlineMs;
  }
}
