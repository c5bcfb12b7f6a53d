/**
 * Many callers, one stream. Calls made in one turn of the event loop travel in one batch, several
 * batches travel at once, and the stream is replaced when it breaks.
 *
 *     execute ──► queue ──(microtask)──► batches in flight ──► answered
 *                   ▲                          │
 *                   └───── reads, on a break ──┘   writes fail: nobody knows whether they happened
 *
 * Invariants
 * - P1 operations are sent in the order of the calls; a retried read goes before everything not yet
 *   sent.
 * - P2 a write is sent again only if the server said that it had not read it.
 * - P3 every operation settles by its deadline, whatever the server does.
 * - P4 at most `batchesInFlightMax` batches and `pendingBytesMax` bytes wait for answers.
 */
import { HoldfastError } from '@holdfast/core';
import type { CacheOperation, CacheOperationResult } from '@holdfast/core/backend';
import type { Timer } from '@holdfast/core/ports';
import { Backoff } from '../backoff.ts';
import { closedError } from '../closed-error.ts';
import type { ClientSettings } from '../connect-options.ts';
import type { ClientSystem } from '../system.ts';
import type { BatchStream, BatchStreamEvents, OpenBatchStream } from './batch-stream.ts';
import { ConnectionWaiters } from './connection-waiters.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { type CallLimits, PendingOperation } from './pending-operation.ts';

/** How long `close` waits for answers. */
const DRAIN_MS_MAX = 5_000;

type Batch = readonly PendingOperation[];

type Connection =
  | { readonly state: 'none' }
  | { readonly state: 'waiting'; readonly timer: Timer }
  | { readonly state: 'opening'; readonly stream: BatchStream }
  | { readonly state: 'open'; readonly stream: BatchStream };

const NO_CONNECTION: Connection = { state: 'none' };

export class Pipeline {
  readonly #openStream: OpenBatchStream;
  readonly #system: ClientSystem;
  readonly #settings: ClientSettings;
  readonly #backoff: Backoff;

  #connection: Connection = NO_CONNECTION;
  /** Counts connections, so that what a replaced one still has to say is not heard. */
  #epoch = 0;
  #queue: PendingOperation[] = [];
  readonly #waiters: ConnectionWaiters;
  readonly #deadlineTimer: DeadlineTimer;
  readonly #inFlight = new Map<number, Batch>();
  #nextBatchId = 1;
  #pendingCount = 0;
  #pendingBytes = 0;
  #flushScheduled = false;
  #streamIsFull = false;
  #lastError: HoldfastError | undefined;
  /** The last attempt to connect has failed; who hurries does not wait for the next. */
  #isUnreachable = false;
  #nextAttemptMs = 0;
  #closing: Promise<void> | undefined;
  #onDrained: (() => void) | undefined;

  constructor(openStream: OpenBatchStream, system: ClientSystem, settings: ClientSettings) {
    this.#openStream = openStream;
    this.#system = system;
    this.#settings = settings;
    this.#backoff = new Backoff(settings.reconnectDelayMsMax, system.random);
    this.#waiters = new ConnectionWaiters(system.clock);
    this.#deadlineTimer = new DeadlineTimer(system.clock, (nowMs) => this.#failOverdue(nowMs));
  }

  /**
   * Rejects with the operation's own error, with the signal's reason, with `CLOSED`, or with
   * `UNAVAILABLE` when the deadline passed or the connection broke while a write was under way
   * (which may then have happened or not).
   */
  execute(operation: CacheOperation, limits: CallLimits): Promise<CacheOperationResult> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) return reject(closedError());
      if (limits.signal?.aborted === true) return reject(limits.signal.reason);
      if (limits.isHurried === true && this.#isUnreachable) {
        this.#tryAgain();
        return reject(this.#unreachableError());
      }
      const pending = new PendingOperation(operation, limits, resolve, reject, this.#onSettled);
      this.#pendingCount++;
      this.#pendingBytes += pending.bytes;
      if (this.#pendingBytes > this.#settings.pendingBytesMax && this.#pendingCount > 1) {
        return pending.fail(tooManyBytesError(this.#settings.pendingBytesMax));
      }
      this.#queue.push(pending);
      this.#deadlineTimer.watch(pending.deadlineMs);
      this.#scheduleFlush();
    });
  }

  /**
   * Resolves once there is a connection; rejects with `UNAVAILABLE` at the deadline, or with the
   * signal's reason.
   */
  async ready(limits: CallLimits): Promise<void> {
    if (this.#closing !== undefined) throw closedError();
    if (this.#connection.state === 'open') return;
    const waiting = this.#waiters.wait(
      limits,
      () => new HoldfastError('UNAVAILABLE', 'cannot connect', this.#lastCause()),
    );
    this.#flush();
    await waiting;
  }

  /**
   * Lets what is under way finish if the server is there, for at most 5 s, and fails the rest with
   * `CLOSED`.
   */
  close(): Promise<void> {
    this.#closing ??= this.#drain().then(() => {
      this.#failAll(closedError());
      this.#dropConnection();
      this.#deadlineTimer.cancel();
    });
    return this.#closing;
  }

  async #drain(): Promise<void> {
    if (this.#connection.state !== 'open' || this.#pendingCount === 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.#system.clock.startTimer(DRAIN_MS_MAX, 'foreground', resolve);
      this.#onDrained = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  readonly #onSettled = (operation: PendingOperation): void => {
    this.#pendingCount--;
    this.#pendingBytes -= operation.bytes;
    if (this.#pendingCount === 0) this.#onDrained?.();
  };

  get #isNeeded(): boolean {
    return this.#queue.length + this.#waiters.count > 0;
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#connection.state === 'none' && this.#isNeeded) this.#connect();
    if (this.#connection.state !== 'open') return;
    const stream = this.#connection.stream;
    let sentCount = 0;
    while (
      sentCount < this.#queue.length &&
      !this.#streamIsFull &&
      this.#inFlight.size < this.#settings.batchesInFlightMax
    ) {
      const end = this.#batchEnd(sentCount);
      const operations = this.#queue.slice(sentCount, end).filter((pending) => !pending.settled);
      sentCount = end;
      if (operations.length > 0) this.#send(stream, operations);
    }
    // One removal for the whole turn: taking batch after batch off the front would be quadratic.
    if (sentCount > 0) this.#queue = this.#queue.slice(sentCount);
  }

  /**
   * Where in the queue a batch that begins at `start` ends: always after at least one operation.
   */
  #batchEnd(start: number): number {
    const { batchOperationsMax, batchBytesMax } = this.#settings;
    let bytes = 0;
    let end = start;
    while (end < this.#queue.length && end - start < batchOperationsMax) {
      const pending = this.#queue[end] as PendingOperation;
      bytes += pending.bytes;
      if (end > start && (bytes > batchBytesMax || pending.alone)) break;
      end++;
      if (pending.alone) break;
    }
    return end;
  }

  #send(stream: BatchStream, operations: Batch): void {
    const batchId = this.#nextBatchId++;
    this.#inFlight.set(batchId, operations);
    this.#streamIsFull = !stream.send(
      batchId,
      operations.map((pending) => pending.operation),
    );
  }

  #connect(): void {
    const epoch = ++this.#epoch;
    const current = (action: () => void) => () => {
      if (epoch === this.#epoch) action();
    };
    const events: BatchStreamEvents = {
      onOpen: current(() => this.#onOpen(stream)),
      onDrain: current(() => {
        this.#streamIsFull = false;
        this.#flush();
      }),
      onResults: (batchId, results) => {
        if (epoch === this.#epoch) this.#onResults(batchId, results);
      },
      onBatchError: (batchId, error) => {
        if (epoch === this.#epoch) this.#onBatchError(batchId, error);
      },
      onEnd: (error, permanent) => {
        if (epoch === this.#epoch) this.#onBreak(error, permanent);
      },
    };
    const stream = this.#openStream(events);
    this.#connection = { state: 'opening', stream };
  }

  /** Nobody waits for it: whoever comes later has a connection. */
  #tryAgain(): void {
    if (this.#connection.state !== 'none') return;
    if (this.#system.clock.monotonicMs() >= this.#nextAttemptMs) this.#connect();
  }

  #onOpen(stream: BatchStream): void {
    this.#isUnreachable = false;
    this.#connection = { state: 'open', stream };
    this.#streamIsFull = false;
    this.#waiters.settleAll();
    this.#flush();
  }

  #onResults(batchId: number, results: readonly CacheOperationResult[]): void {
    const batch = this.#takeBatch(batchId);
    if (batch === undefined) return;
    if (results.length !== batch.length) {
      const error = new HoldfastError(
        'UNAVAILABLE',
        `the server answered with the wrong number of results, got=${results.length} expected=${batch.length}`,
      );
      for (const pending of batch) pending.fail(error);
    } else {
      this.#deliver(batch, results);
    }
    if (this.#queue.length > 0) this.#scheduleFlush();
  }

  #deliver(batch: Batch, results: readonly CacheOperationResult[]): void {
    const crowdedOut: PendingOperation[] = [];
    for (const [index, pending] of batch.entries()) {
      const result = results[index] as CacheOperationResult;
      if (isTooLarge(result) && pending.isRead && batch.length > 1 && !pending.settled) {
        // Each value fits into an answer, but not all of them into one.
        pending.alone = true;
        crowdedOut.push(pending);
      } else {
        pending.answer(result);
      }
    }
    if (crowdedOut.length > 0) this.#queue = [...crowdedOut, ...this.#queue];
  }

  #onBatchError(batchId: number, error: HoldfastError): void {
    const batch = this.#takeBatch(batchId);
    for (const pending of batch ?? []) pending.fail(error);
    if (this.#queue.length > 0) this.#scheduleFlush();
  }

  #takeBatch(batchId: number): Batch | undefined {
    // An answer, and be it a late one, shows that the server is well.
    this.#backoff.reset();
    const batch = this.#inFlight.get(batchId);
    this.#inFlight.delete(batchId);
    return batch;
  }

  #onBreak(error: HoldfastError, permanent: boolean): void {
    const wasOpen = this.#connection.state === 'open';
    this.#dropConnection();
    this.#lastError = error;
    this.#isUnreachable = !wasOpen;
    if (permanent) {
      this.#failAll(error);
      return;
    }
    this.#returnToQueue(error);
    if (this.#closing !== undefined) {
      this.#failAll(error);
      return;
    }
    if (this.#isUnreachable) this.#failHurried();
    const delayMs = this.#backoff.nextDelayMs();
    this.#nextAttemptMs = this.#system.clock.monotonicMs() + delayMs;
    if (this.#isNeeded) this.#reconnectAfter(delayMs);
  }

  #failHurried(): void {
    for (const pending of this.#queue) {
      if (pending.isHurried) pending.fail(this.#unreachableError());
    }
    this.#queue = this.#queue.filter((pending) => !pending.settled);
  }

  #reconnectAfter(delayMs: number): void {
    const timer = this.#system.clock.startTimer(delayMs, 'foreground', () => {
      this.#connection = NO_CONNECTION;
      this.#flush();
    });
    this.#connection = { state: 'waiting', timer };
  }

  /** What may be repeated goes back to the front of the queue, in its order; the rest fails. */
  #returnToQueue(error: HoldfastError): void {
    const wasTooLarge = error.details.status === 'RESOURCE_EXHAUSTED';
    // A server that drains answers all it has read before it ends the stream.
    const wasNotRead = error.details.reason === 'SERVER_DRAINING';
    const returned: PendingOperation[] = [];
    for (const operations of this.#inFlight.values()) {
      for (const pending of operations) {
        if (pending.settled) continue;
        if (wasNotRead || (pending.isRead && !(wasTooLarge && pending.alone))) {
          // The batch's answer did not fit into one message, and would not the next time.
          pending.alone ||= wasTooLarge;
          returned.push(pending);
        } else {
          pending.fail(error);
        }
      }
    }
    this.#inFlight.clear();
    this.#queue = [...returned, ...this.#queue.filter((pending) => !pending.settled)];
  }

  #dropConnection(): void {
    this.#epoch++;
    if (this.#connection.state === 'waiting') this.#connection.timer.cancel();
    else if (this.#connection.state !== 'none') this.#connection.stream.close();
    this.#connection = NO_CONNECTION;
  }

  #failAll(error: HoldfastError): void {
    const batches = [...this.#inFlight.values()];
    const queue = this.#queue;
    this.#inFlight.clear();
    this.#queue = [];
    this.#waiters.settleAll(error);
    for (const pending of batches.flat()) pending.fail(error);
    for (const pending of queue) pending.fail(error);
  }

  #failOverdue(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const pending of [...this.#inFlight.values()].flat().concat(this.#queue)) {
      if (pending.settled) continue;
      if (pending.deadlineMs <= nowMs) pending.fail(this.#deadlineError());
      else nextMs = Math.min(nextMs, pending.deadlineMs);
    }
    this.#queue = this.#queue.filter((pending) => !pending.settled);
    return nextMs;
  }

  #deadlineError(): HoldfastError {
    return new HoldfastError(
      'UNAVAILABLE',
      'the call did not finish within its timeout',
      this.#lastCause(),
    );
  }

  #unreachableError(): HoldfastError {
    return new HoldfastError('UNAVAILABLE', 'the server cannot be reached', this.#lastCause());
  }

  /** Why there is no connection; nothing while there is one. */
  #lastCause(): { cause?: HoldfastError } {
    const isConnected = this.#connection.state === 'open';
    return isConnected || this.#lastError === undefined ? {} : { cause: this.#lastError };
  }
}

function isTooLarge(result: CacheOperationResult): boolean {
  return result.kind === 'error' && HoldfastError.from(result.error).code === 'TOO_LARGE';
}

function tooManyBytesError(pendingBytesMax: number): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'too many bytes are waiting to be sent', {
    details: { pendingBytesMax },
  });
}
