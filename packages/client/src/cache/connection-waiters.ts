import type { HoldfastError } from '@holdfast/core';
import type { Clock } from '@holdfast/core/ports';
import { TIMER_MS_MAX } from './deadline-timer.ts';
import type { CallLimits } from './pending-operation.ts';

/** Those who wait for a connection and nothing else. Each settles once. */
export class ConnectionWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<(error: unknown) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#waiters.size;
  }

  /** Rejects with `makeTimeout()` at the deadline, or with the signal's reason. */
  wait({ deadlineMs, signal }: CallLimits, makeTimeout: () => HoldfastError): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const delayMs = Math.max(0, deadlineMs - this.#clock.monotonicMs());
      const timer = this.#clock.startTimer(Math.min(delayMs, TIMER_MS_MAX), 'background', () =>
        settle(makeTimeout()),
      );
      const onAbort = (): void => settle(signal?.reason);
      const settle = (error: unknown): void => {
        this.#waiters.delete(settle);
        timer.cancel();
        signal?.removeEventListener('abort', onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(settle);
    });
  }

  /** Without an error: there is a connection. */
  settleAll(error?: HoldfastError): void {
    for (const settle of [...this.#waiters]) settle(error);
  }
}
