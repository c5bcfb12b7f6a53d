import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { LockBackend } from '@holdfast/core/backend';
import type { Clock } from '@holdfast/core/ports';
import { loadHoldfastProtos } from '@holdfast/protos';
import { LOCK_MESSAGE_BYTES_MAX } from '../server/limits.ts';
import { bounded } from '../server/unary-call.ts';
import { type SessionCall, SessionStream } from './session-stream.ts';
import { UnaryLocks } from './unary-locks.ts';

/** The service as grpc-js takes it. */
export function lockServiceDefinition(): ServiceDefinition {
  const methods = Object.entries(loadHoldfastProtos().lockService);
  return Object.fromEntries(
    methods.map(([name, method]) => [name, bounded(method as never, LOCK_MESSAGE_BYTES_MAX)]),
  );
}

/** The lock service of one server: its session streams, and its unary calls. */
export class LockService {
  readonly #backend: LockBackend;
  readonly #clock: Clock;
  readonly #unary: UnaryLocks;
  readonly #open = new Set<SessionStream>();
  #drainGraceMs: number | undefined;

  constructor(backend: LockBackend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
    this.#unary = new UnaryLocks(backend);
  }

  get openSessionStreams(): number {
    return this.#open.size;
  }

  handlers(): UntypedServiceImplementation {
    return {
      ...this.#unary.handlers(),
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

  /** Tells every client, and ends the streams that hold nothing and the calls that wait. */
  drain(graceMs: number): void {
    this.#drainGraceMs = graceMs;
    this.#unary.drain();
    for (const stream of [...this.#open]) stream.drain(graceMs);
  }

  /** Ends the streams that are left. */
  cut(): void {
    for (const stream of [...this.#open]) stream.cut();
  }
}
