import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { LockBackend } from '@holdfast/core/backend';
import type { Clock } from '@holdfast/core/ports';
import { loadHoldfastProtos } from '@holdfast/protos';
import { tolerant } from '../wire/message-reader.ts';
import { assertSessionMessage } from './session-message-bytes.ts';
import { type SessionCall, SessionStream } from './session-stream.ts';

/** The service as grpc-js takes it. */
export function lockServiceDefinition(): ServiceDefinition {
  const { lockService } = loadHoldfastProtos();
  const { Session } = lockService;
  const requestDeserialize = tolerant((bytes: Buffer) => {
    assertSessionMessage(bytes);
    return Session.requestDeserialize(bytes);
  });
  return { Session: { ...Session, requestDeserialize } };
}

/** All session streams of one server. */
export class SessionStreams {
  readonly #backend: LockBackend;
  readonly #clock: Clock;
  readonly #open = new Set<SessionStream>();
  #drainGraceMs: number | undefined;

  constructor(backend: LockBackend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
  }

  get openCount(): number {
    return this.#open.size;
  }

  handlers(): UntypedServiceImplementation {
    return {
      Session: (call: SessionCall) => {
        const stream = new SessionStream(call, {
          backend: this.#backend,
          clock: this.#clock,
          onEnd: () => this.#open.delete(stream),
        });
        this.#open.add(stream);
        if (this.#drainGraceMs !== undefined) stream.drain(this.#drainGraceMs);
      },
    };
  }

  /** Tells every client, and ends the streams that hold nothing. */
  drain(graceMs: number): void {
    this.#drainGraceMs = graceMs;
    for (const stream of [...this.#open]) stream.drain(graceMs);
  }

  /** Ends the streams that are left. */
  cut(): void {
    for (const stream of [...this.#open]) stream.cut();
  }
}
