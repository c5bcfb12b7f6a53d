/**
 * One stream of LockService.Session: it translates between messages and a session of the lock
 * backend, and keeps a slow reader from growing the server.
 *
 *     opened ── Hello ──► attached ── Goodbye ──► over (session closed)
 *        └── other, or 10 s ──► over      └── broken, drained, slow, taken over ──► over (detached)
 *
 * Invariants
 * - The backend hears `detach` or `close` once for each session this stream opened, whatever
 *   happens to the stream.
 * - At most 1,024 messages wait for the client. `Queued` is dropped when 64 do: a later one says
 *   more. So are `Jeopardy` and `Safe`, which say nothing that an acknowledgement does not.
 * - `Safe` follows the acknowledgement of a keep-alive that came after the `Jeopardy` it ends.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { HoldfastError, InvalidArgumentError } from '@holdfast/core';
import type { LockBackend, LockEvent, LockSession } from '@holdfast/core/backend';
import type { Clock, Timer } from '@holdfast/core/ports';
import type {
  Acquire__Output,
  Hello__Output,
  Release__Output,
  SessionRequest__Output,
  SessionResponse,
} from '@holdfast/protos';
import { HELLO_TIMEOUT_MS, SESSION_ADVICE_MAX, SESSION_MESSAGES_MAX } from '../server/limits.ts';
import { drainingError, malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { duration } from '../wire/duration.ts';
import { MalformedMessage } from '../wire/message-reader.ts';
import { assertScope } from './lock-values.ts';
import {
  acquireRequest,
  denied,
  eventMessage,
  sessionOptions,
  welcome,
} from './session-messages.ts';

export type SessionCall = ServerDuplexStream<
  SessionRequest__Output | MalformedMessage,
  SessionResponse
>;

export interface SessionStreamOptions {
  readonly backend: LockBackend;
  readonly clock: Clock;
  readonly onEnd: () => void;
}

export class SessionStream {
  readonly #call: SessionCall;
  readonly #options: SessionStreamOptions;
  readonly #helloTimer: Timer;
  #session: LockSession | undefined;
  /** Lease ids. */
  readonly #held = new Set<string>();
  /** When the last keep-alive, or the hello, was received. */
  #keepAliveMs = 0;
  /** When the client was told that it is in jeopardy; absent once it is safe. */
  #jeopardyMs: number | undefined;
  #isDraining = false;
  #isOver = false;

  constructor(call: SessionCall, options: SessionStreamOptions) {
    this.#call = call;
    this.#options = options;
    this.#helloTimer = options.clock.startTimer(HELLO_TIMEOUT_MS, 'background', () => {
      if (this.#session === undefined) this.#fail(helloTimeout());
    });
    call.on('data', (message: SessionRequest__Output | MalformedMessage) => this.#onData(message));
    call.on('end', () => this.#endQuietly());
    call.on('cancelled', () => this.#leave('detach'));
    // grpc-js has answered with the error already; without a listener it would be thrown.
    call.on('error', () => this.#leave('detach'));
  }

  /**
   * Tells the client, lets holders release until `cut`, and ends the stream as soon as nothing is
   * held.
   */
  drain(graceMs: number): void {
    if (this.#isOver || this.#isDraining) return;
    this.#isDraining = true;
    if (this.#session !== undefined) this.#send({ draining: { grace: duration(graceMs) } });
    this.#cutIfIdle();
  }

  /** Ends the stream now; the session stays. */
  cut(): void {
    this.#fail(drainingError());
  }

  #onData(message: SessionRequest__Output | MalformedMessage): void {
    if (this.#isOver) return;
    try {
      if (message instanceof MalformedMessage) throw malformedError(message);
      this.#onMessage(message);
    } catch (error) {
      this.#fail(HoldfastError.from(error));
    }
  }

  #onMessage(message: SessionRequest__Output): void {
    if (message.message === 'hello') {
      this.#onHello(message.hello as Hello__Output);
      return;
    }
    const session = this.#session;
    if (session === undefined) throw new InvalidArgumentError('the first message must be hello');
    switch (message.message) {
      case 'acquire':
        this.#onAcquire(session, message.acquire as Acquire__Output);
        return;
      case 'cancelAcquire':
        session.cancel(message.cancelAcquire?.requestId ?? '');
        return;
      case 'release':
        this.#onRelease(session, message.release as Release__Output);
        return;
      case 'keepAlive':
        void this.#onKeepAlive(session, message.keepAlive?.sequence ?? 0);
        return;
      case 'goodbye':
        this.#leave('close');
        this.#call.end();
        return;
      default:
        throw new InvalidArgumentError('a message is empty, or of a kind not known here');
    }
  }

  #onHello(hello: Hello__Output): void {
    if (this.#session !== undefined) throw new InvalidArgumentError('hello comes once');
    if (this.#isDraining) throw drainingError();
    const { backend, clock } = this.#options;
    assertScope(hello.scope, backend.scope);
    this.#keepAliveMs = clock.monotonicMs();
    const session = backend.openSession(sessionOptions(hello), (event) => this.#onEvent(event));
    this.#session = session;
    this.#helloTimer.cancel();
    for (const lease of session.held) this.#held.add(lease.leaseId);
    this.#send(welcome(backend, session));
  }

  /** Without an answer the client counts with the deadline it had. */
  async #onKeepAlive(session: LockSession, sequence: number | string): Promise<void> {
    const receivedMs = this.#options.clock.monotonicMs();
    try {
      const ttl = duration(await session.keepAlive());
      this.#keepAliveMs = receivedMs;
      this.#send({ keepAliveAck: { sequence, ttl } });
      this.#endJeopardy(receivedMs);
    } catch (error) {
      const failure = HoldfastError.from(error);
      if (failure.code !== 'UNAVAILABLE') this.#fail(failure);
    }
  }

  /** Unless the keep-alive came first, and only its acknowledgement after it. */
  #endJeopardy(keepAliveMs: number): void {
    if (this.#jeopardyMs === undefined || keepAliveMs < this.#jeopardyMs) return;
    this.#jeopardyMs = undefined;
    if (this.#isRead) this.#send({ safe: {} });
  }

  #onAcquire(session: LockSession, acquire: Acquire__Output): void {
    try {
      if (this.#isDraining) throw drainingError();
      session.acquire(acquireRequest(acquire));
    } catch (error) {
      this.#denyUnlessSessionIsOver({ requestId: acquire.requestId }, error);
    }
  }

  #onRelease(session: LockSession, release: Release__Output): void {
    try {
      session.release(release.leaseId, BigInt(release.token));
    } catch (error) {
      this.#denyUnlessSessionIsOver({ leaseId: release.leaseId }, error);
    }
  }

  /** A lost session is the end of the stream, anything else the answer to one request. */
  #denyUnlessSessionIsOver(
    subject: { readonly requestId: string } | { readonly leaseId: string },
    thrown: unknown,
  ): void {
    const error = HoldfastError.from(thrown);
    const { reason } = error.details;
    if (reason === 'SESSION_EXPIRED' || reason === 'SESSION_DETACHED') throw error;
    this.#send(denied(subject, error));
  }

  #onEvent(event: LockEvent): void {
    if (this.#isOver) return;
    switch (event.kind) {
      case 'session-expired':
        this.#fail(sessionOver('SESSION_EXPIRED', 'the session is over'));
        return;
      case 'taken-over':
        this.#fail(sessionOver('SESSION_TAKEN_OVER', 'another stream resumed the session'));
        return;
      case 'queued':
        if (this.#isRead) this.#tell(event);
        return;
      case 'jeopardy':
        if (!this.#isRead) return;
        this.#jeopardyMs = this.#options.clock.monotonicMs();
        this.#tell(event);
        return;
      case 'granted':
        this.#held.add(event.leaseId);
        break;
      case 'released':
      case 'lost':
        this.#held.delete(event.leaseId);
        break;
    }
    this.#tell(event);
    this.#cutIfIdle();
  }

  #tell(event: Parameters<typeof eventMessage>[0]): void {
    const sinceKeepAliveMs = this.#options.clock.monotonicMs() - this.#keepAliveMs;
    this.#send(eventMessage(event, sinceKeepAliveMs));
  }

  /** False: the client is so slow that it is sent only what it cannot do without. */
  get #isRead(): boolean {
    return this.#call.writableLength < SESSION_ADVICE_MAX;
  }

  #send(message: SessionResponse): void {
    if (this.#isOver) return;
    if (this.#call.writableLength < SESSION_MESSAGES_MAX) this.#call.write(message);
    else this.#fail(slowReader());
  }

  #cutIfIdle(): void {
    if (this.#isDraining && this.#held.size === 0) this.cut();
  }

  /** The client has nothing more to say; it may come back on another stream. */
  #endQuietly(): void {
    if (this.#isOver) return;
    this.#leave('detach');
    this.#call.end();
  }

  #fail(error: HoldfastError): void {
    if (this.#isOver) return;
    this.#leave('detach');
    this.#call.emit('error', serviceError(error));
  }

  #leave(how: 'detach' | 'close'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#helloTimer.cancel();
    if (how === 'close') this.#session?.close();
    else this.#session?.detach();
    this.#options.onEnd();
  }
}

function sessionOver(reason: string, message: string): HoldfastError {
  return new HoldfastError('LEASE_LOST', message, { details: { reason } });
}

function slowReader(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'too many messages wait to be read', {
    details: { reason: 'SLOW_READER', limit: SESSION_MESSAGES_MAX },
  });
}

function helloTimeout(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', `no hello came within ${HELLO_TIMEOUT_MS} ms`, {
    details: { reason: 'HELLO_TIMEOUT' },
  });
}
