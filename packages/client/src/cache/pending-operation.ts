import { HoldfastError } from '@holdfast/core';
import type { CacheOperation, CacheOperationResult } from '@holdfast/core/backend';

/** How long one call may take, and what ends it early. */
export interface CallLimits {
  /** On the monotonic clock; `Infinity` for none. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  /** Fails as soon as there is no server to be reached, rather than waiting for one. */
  readonly isHurried?: boolean;
}

/**
 * One operation on its way. Its promise settles exactly once: with the server's answer, or with the
 * first of deadline, abort, broken stream and close. Whatever comes after that is ignored.
 */
export class PendingOperation {
  readonly operation: CacheOperation;
  readonly bytes: number;
  readonly deadlineMs: number;
  /** Asking twice is the same as asking once, so a broken stream may be forgotten. */
  readonly isRead: boolean;
  readonly isHurried: boolean;
  /** Sent in a batch of its own: an earlier batch with it in was too large to answer. */
  alone = false;
  settled = false;

  readonly #resolve: (result: CacheOperationResult) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onSettled: (operation: PendingOperation) => void;
  readonly #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    operation: CacheOperation,
    limits: CallLimits,
    resolve: (result: CacheOperationResult) => void,
    reject: (error: unknown) => void,
    onSettled: (operation: PendingOperation) => void,
  ) {
    this.operation = operation;
    this.bytes = operationBytes(operation);
    this.deadlineMs = limits.deadlineMs;
    this.isRead = operation.kind === 'get';
    this.isHurried = limits.isHurried === true;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onSettled = onSettled;
    this.#signal = limits.signal;
    if (this.#signal !== undefined) {
      this.#onAbort = () => this.fail(this.#signal?.reason);
      this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  answer(result: CacheOperationResult): void {
    if (result.kind === 'error') {
      this.fail(result.error);
    } else if (result.kind !== this.operation.kind) {
      // Answers of another kind than asked for: the server is not what we take it for.
      this.fail(
        new HoldfastError(
          'UNAVAILABLE',
          `the server answered another operation, got=${result.kind}`,
        ),
      );
    } else if (this.#settle()) {
      this.#resolve(result);
    }
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onSettled(this);
    return true;
  }
}

function operationBytes(operation: CacheOperation): number {
  if (operation.kind === 'invalidate') {
    return operation.tags.reduce((bytes, tag) => bytes + tag.length, 0);
  }
  const valueBytes = operation.kind === 'set' ? operation.value.data.length : 0;
  return operation.key.length + valueBytes;
}
