/**
 * Keeps a session attached to the server: one stream in use, at most one attempt at its successor.
 * An attempt that is welcomed replaces the stream in use, which stays open until then (make before
 * break): a server that drains, or a network that has gone silent, costs no renewal that could
 * still have arrived.
 *
 *     attach ─► attempt ──welcome──► active ──end──► attach again, after a pause
 *                  └── end, or too slow ──► pause ─► attempt …
 */
import { HoldfastError } from '@holdfast/core';
import type { Timer } from '@holdfast/core/ports';
import { Backoff } from '../backoff.ts';
import type { ClientSystem } from '../system.ts';
import type {
  ClientMessage,
  OpenSessionStream,
  ServerMessage,
  SessionStream,
} from './session-stream.ts';

export type Welcome = Extract<ServerMessage, { kind: 'welcome' }>;

export interface SessionConnectionEvents {
  /**
   * The first message of a new stream, made at the moment it is sent; `sequence` comes back with
   * the welcome.
   */
  hello(): { readonly message: ClientMessage; readonly sequence: number };
  onWelcome(message: Welcome, sequence: number): void;
  onMessage(message: ServerMessage): void;
  /** An attempt failed, or the stream in use ended. Another attempt follows unless `permanent`. */
  onFailure(error: HoldfastError, permanent: boolean): void;
  /** False: nobody needs the session, so a stream that ended is not replaced. */
  isNeeded(): boolean;
}

export interface SessionConnectionSettings {
  readonly reconnectDelayMsMax: number;
  /** How long an attempt may take. */
  readonly attemptMsMax: number;
}

interface Attempt {
  readonly stream: SessionStream;
  readonly timer: Timer;
  readonly helloSequence: number;
}

export class SessionConnection {
  readonly #openStream: OpenSessionStream;
  readonly #system: ClientSystem;
  readonly #settings: SessionConnectionSettings;
  readonly #events: SessionConnectionEvents;
  readonly #backoff: Backoff;
  #active: SessionStream | undefined;
  #attempt: Attempt | undefined;
  #retryTimer: Timer | undefined;
  #closed = false;

  constructor(
    openStream: OpenSessionStream,
    system: ClientSystem,
    settings: SessionConnectionSettings,
    events: SessionConnectionEvents,
  ) {
    this.#openStream = openStream;
    this.#system = system;
    this.#settings = settings;
    this.#events = events;
    this.#backoff = new Backoff(settings.reconnectDelayMsMax, system.random);
  }

  get isAttached(): boolean {
    return this.#active !== undefined;
  }

  /**
   * Opens a stream to take over from the one in use, if any; does nothing while another attempt is
   * under way.
   */
  attach(): void {
    if (this.#closed || this.#attempt !== undefined || this.#retryTimer !== undefined) return;
    const stream = this.#openStream({
      onMessage: (message) => this.#onMessage(stream, message),
      onEnd: (error, permanent) => this.#onEnd(stream, error, permanent),
    });
    const timer = this.#system.clock.startTimer(this.#settings.attemptMsMax, 'background', () => {
      stream.close();
      this.#onEnd(stream, new HoldfastError('UNAVAILABLE', 'the server did not welcome us'), false);
    });
    const { message, sequence } = this.#events.hello();
    this.#attempt = { stream, timer, helloSequence: sequence };
    stream.send(message);
  }

  /**
   * Sends on the stream in use; a message for no stream is dropped, the next welcome sorts it out.
   */
  send(message: ClientMessage): void {
    this.#active?.send(message);
  }

  /** Drops everything at once. */
  close(): void {
    this.#stop();
    this.#active?.close();
    this.#active = undefined;
  }

  /** Lets the stream in use end in order, which includes all that was sent. */
  async finish(): Promise<void> {
    this.#stop();
    const active = this.#active;
    this.#active = undefined;
    await active?.finish();
  }

  #stop(): void {
    this.#closed = true;
    this.#retryTimer?.cancel();
    this.#retryTimer = undefined;
    this.#dropAttempt();
  }

  #dropAttempt(): void {
    this.#attempt?.timer.cancel();
    this.#attempt?.stream.close();
    this.#attempt = undefined;
  }

  #onMessage(stream: SessionStream, message: ServerMessage): void {
    if (this.#closed) return;
    if (stream === this.#attempt?.stream) {
      if (message.kind === 'welcome') this.#onWelcome(this.#attempt, message);
      else this.#onProtocolError(stream, `before its welcome the server said ${message.kind}`);
    } else if (stream === this.#active) {
      if (message.kind === 'welcome')
        this.#onProtocolError(stream, 'the server said welcome twice');
      else this.#events.onMessage(message);
    }
  }

  #onWelcome(attempt: Attempt, message: Welcome): void {
    attempt.timer.cancel();
    this.#attempt = undefined;
    this.#active?.close();
    this.#active = attempt.stream;
    this.#backoff.reset();
    this.#events.onWelcome(message, attempt.helloSequence);
  }

  #onProtocolError(stream: SessionStream, message: string): void {
    stream.close();
    this.#onEnd(stream, new HoldfastError('UNAVAILABLE', message), false);
  }

  #onEnd(stream: SessionStream, error: HoldfastError, permanent: boolean): void {
    if (this.#closed) return;
    if (stream === this.#attempt?.stream) {
      this.#attempt.timer.cancel();
      this.#attempt = undefined;
    } else if (stream === this.#active) {
      this.#active = undefined;
    } else {
      return;
    }
    this.#events.onFailure(error, permanent);
    if (!permanent && this.#events.isNeeded()) this.#attachLater();
  }

  #attachLater(): void {
    if (this.#closed || this.#attempt !== undefined || this.#retryTimer !== undefined) return;
    const delayMs = this.#backoff.nextDelayMs();
    this.#retryTimer = this.#system.clock.startTimer(delayMs, 'foreground', () => {
      this.#retryTimer = undefined;
      this.attach();
    });
  }
}
