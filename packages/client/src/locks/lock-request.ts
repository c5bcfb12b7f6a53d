import type { Timer } from '@holdfast/core/ports';
import type { RemoteLease } from './remote-lease.ts';

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
  readonly signal: AbortSignal | undefined;
  readonly onQueued: ((position: QueuePosition) => void) | undefined;
}

/** One call waiting for its lock. Its promise settles once. */
export class LockRequest {
  readonly id: string;
  readonly options: LockRequestOptions;
  readonly result: Promise<RemoteLease>;
  /** It was written to a stream at least once, so the server may know it. */
  wasSent = false;
  timer: Timer | undefined;

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

  settle(lease: RemoteLease): void {
    this.#finish();
    this.#resolve(lease);
  }

  fail(error: unknown): void {
    this.#finish();
    this.#reject(error);
  }

  #finish(): void {
    this.timer?.cancel();
    this.options.signal?.removeEventListener('abort', this.#onAbort);
  }
}
