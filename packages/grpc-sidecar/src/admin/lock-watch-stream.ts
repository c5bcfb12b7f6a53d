/**
 * One stream of AdminService.WatchLocks. A client that does not read costs a bounded queue:
 *
 *     held at the start ─► changes, at most 1,024 waiting ─► "so many are missing" ─► changes …
 *
 * Invariant: every change is sent, or counted in the overflow that stands where it would have been.
 */
import type { ServerWritableStream } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type {
  HeldBy,
  LockBackend,
  LockChange,
  LockChangeKind,
  LockWatch,
} from '@holdfast/core/backend';
import type {
  WatchLocksRequest__Output,
  WatchLocksResponse,
  LockChange as WireLockChange,
} from '@holdfast/protos';
import { LOST_REASONS, lockHolder } from '../locks/lock-values.ts';
import { LOCK_CHANGES_MAX, LOCK_WATCHERS_MAX } from '../server/limits.ts';
import { drainingError, malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { MalformedMessage } from '../wire/message-reader.ts';

export type WatchLocksCall = ServerWritableStream<
  WatchLocksRequest__Output | MalformedMessage,
  WatchLocksResponse
>;

const CHANGES = {
  queued: 'LOCK_CHANGE_QUEUED',
  granted: 'LOCK_CHANGE_GRANTED',
  left: 'LOCK_CHANGE_LEFT',
  released: 'LOCK_CHANGE_RELEASED',
  lost: 'LOCK_CHANGE_LOST',
  revoking: 'LOCK_CHANGE_REVOKING',
} as const satisfies Record<LockChangeKind, WireLockChange>;

/** All streams of WatchLocks of one server. */
export class LockWatchStreams {
  readonly #backend: LockBackend;
  readonly #open = new Set<LockWatchStream>();
  #isDraining = false;

  constructor(backend: LockBackend) {
    this.#backend = backend;
  }

  /** The handler of the RPC. */
  readonly handle = (call: WatchLocksCall): void => {
    try {
      if (call.request instanceof MalformedMessage) throw malformedError(call.request);
      if (this.#isDraining) throw drainingError();
      if (this.#open.size >= LOCK_WATCHERS_MAX) throw tooManyWatchers();
      const stream = new LockWatchStream(call, () => this.#open.delete(stream));
      this.#open.add(stream);
      stream.start(this.#backend, call.request);
    } catch (error) {
      call.emit('error', serviceError(HoldfastError.from(error)));
    }
  };

  drain(): void {
    this.#isDraining = true;
    for (const stream of [...this.#open]) stream.fail(drainingError());
  }
}

class LockWatchStream {
  readonly #call: WatchLocksCall;
  readonly #onEnd: () => void;
  #watch: LockWatch | undefined;
  /** Held at the start, and how many of them were sent. */
  #held: readonly HeldBy[] = [];
  #heldSent = 0;
  #changes: LockChange[] = [];
  #changesSent = 0;
  /** Changes behind those that wait. */
  #missed = 0;
  #isBlocked = false;
  #isOver = false;

  constructor(call: WatchLocksCall, onEnd: () => void) {
    this.#call = call;
    this.#onEnd = onEnd;
    call.on('drain', () => {
      this.#isBlocked = false;
      this.#sendAll();
    });
    call.on('cancelled', () => this.#end());
    // grpc-js has answered with the error already; without a listener it would be thrown.
    call.on('error', () => this.#end());
  }

  start(backend: LockBackend, { prefix, includeCurrent }: WatchLocksRequest__Output): void {
    if (this.#isOver) return;
    this.#watch = backend.watchLocks({ prefix }, (change) => this.#onChange(change));
    if (includeCurrent) this.#held = this.#watch.held;
    this.#sendAll();
  }

  fail(error: HoldfastError): void {
    if (this.#isOver) return;
    this.#end();
    this.#call.emit('error', serviceError(error));
  }

  #onChange(change: LockChange): void {
    const isFull = this.#changes.length - this.#changesSent >= LOCK_CHANGES_MAX;
    if (isFull || this.#missed > 0) this.#missed += 1;
    else this.#changes.push(change);
    this.#sendAll();
  }

  #sendAll(): void {
    while (!this.#isBlocked && !this.#isOver) {
      const message = this.#next();
      if (message === undefined) return;
      if (!this.#call.write(message)) this.#isBlocked = true;
    }
  }

  #next(): WatchLocksResponse | undefined {
    const held = this.#held[this.#heldSent];
    if (held !== undefined) {
      this.#heldSent += 1;
      return { change: CHANGES.granted, name: held.name, holder: lockHolder(held, held.token) };
    }
    this.#held = [];
    this.#heldSent = 0;
    const change = this.#changes[this.#changesSent];
    if (change !== undefined) {
      this.#changesSent += 1;
      return changeMessage(change);
    }
    this.#changes = [];
    this.#changesSent = 0;
    if (this.#missed === 0) return undefined;
    const missed = String(this.#missed);
    this.#missed = 0;
    return { change: 'LOCK_CHANGE_OVERFLOW', missed };
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#watch?.stop();
    this.#held = [];
    this.#changes = [];
    this.#onEnd();
  }
}

function changeMessage({ kind, owner, token, reason }: LockChange): WatchLocksResponse {
  const message = { change: CHANGES[kind], name: owner.name, holder: lockHolder(owner, token) };
  return reason === undefined ? message : { ...message, reason: LOST_REASONS[reason] };
}

function tooManyWatchers(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'too many watch locks already', {
    details: { reason: 'TOO_MANY_WATCHERS', limit: LOCK_WATCHERS_MAX },
  });
}
