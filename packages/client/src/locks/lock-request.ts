import { HoldfastError } from '@holdfast/core';
import type { LockTerms } from '@holdfast/core/backend';
import type { Clock, Timer } from '@holdfast/core/ports';
import type { RemoteLease } from './remote-lease.ts';

/** The longest delay a timer takes. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Where a waiting request stands. */
export interface QueuePosition {
  /** 1 = next in line. */
  readonly position: number;
  /** The client name of who holds the lock. */
  readonly holder: string;
}

export interface LockRequestOptions {
  readonly name: string;
  /** 0 = not at all, `Infinity` = as long as it takes. */
  readonly waitMs: number;
  readonly terms: LockTerms;
  readonly signal: AbortSignal | undefined;
  readonly onQueued: ((position: QueuePosition) => void) | undefined;
  readonly onJeopardy: LeaseListener | undefined;
  readonly onSafe: LeaseListener | undefined;
}

export type LeaseListener = (lease: RemoteLease) => void;

/** One call waiting for its lock. Its promise settles once. */
export class LockRequest {
  readonly id: string;
  readonly options: LockRequestOptions;
  readonly result: Promise<RemoteLease>;
  /** It was written to a stream at least once, so the server may know it. */
  wasSent = false;
  #timer: Timer | undefined;

  readonly #onAbort: () => void;
  #resolve: (lease: RemoteLease) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(id: string, options: LockRequestOptions, onAbort: () => void) {
    this.id = id;
    this.options = options;
    this.#onAbort = onAbort;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.signal?.addEventListener('abort', onAbort, { once: true });
  }

  /** Calls back once, unless the request is settled before; in place of an earlier timer. */
  startTimer(clock: Clock, delayMs: number, onTimeout: () => void): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (delayMs <= TIMER_MS_MAX) {
      this.#timer = clock.startTimer(delayMs, 'background', onTimeout);
    }
  }

  timeoutError(cause: HoldfastError | undefined): HoldfastError {
    const details = { name: this.options.name };
    return this.wasSent && this.options.waitMs > 0
      ? new HoldfastError('LOCK_TIMEOUT', 'the lock was not free in time', { details })
      : new HoldfastError('UNAVAILABLE', 'the server did not answer', { details, cause });
  }

  settle(lease: RemoteLease): void {
    this.#finish();
    this.#resolve(lease);
  }

  fail(error: unknown): void {
    this.#finish();
    this.#reject(error);
  }

  #finish(): void {
    this.#timer?.cancel();
    this.options.signal?.removeEventListener('abort', this.#onAbort);
  }
}
