import type { HoldfastError } from '@holdfast/core';
import type {
  ClientMessage,
  OpenSessionStream,
  ServerMessage,
  SessionStream,
  SessionStreamEvents,
} from '../src/locks/session-stream.ts';

/** One stream as the server's end sees it: what was said, and a way to answer. */
export class FakeSessionStream implements SessionStream {
  readonly said: ClientMessage[] = [];
  readonly #events: SessionStreamEvents;
  readonly #onSaid: (message: ClientMessage) => void;
  isOpen = true;

  constructor(events: SessionStreamEvents, onSaid: (message: ClientMessage) => void) {
    this.#events = events;
    this.#onSaid = onSaid;
  }

  send(message: ClientMessage): void {
    if (!this.isOpen) return;
    this.said.push(message);
    this.#onSaid(message);
  }

  close(): void {
    this.isOpen = false;
  }

  async finish(): Promise<void> {
    this.isOpen = false;
  }

  answer(message: ServerMessage): void {
    if (this.isOpen) this.#events.onMessage(message);
  }

  /** The stream breaks. */
  break(error: HoldfastError, permanent = false): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#events.onEnd(error, permanent);
  }

  saidOf<K extends ClientMessage['kind']>(kind: K): Extract<ClientMessage, { kind: K }>[] {
    return this.said.filter((message) => message.kind === kind) as Extract<
      ClientMessage,
      { kind: K }
    >[];
  }
}

/** A server's end of the session protocol, in memory: each test scripts what it says. */
export class FakeSessionServer {
  readonly streams: FakeSessionStream[] = [];
  /** Called with everything any client says; absent: the server is silent. */
  onSaid: (stream: FakeSessionStream, message: ClientMessage) => void = () => {};

  readonly open: OpenSessionStream = (events) => {
    const stream: FakeSessionStream = new FakeSessionStream(events, (message) =>
      // Answers come after `send` has returned, as the network's do.
      queueMicrotask(() => this.onSaid(stream, message)),
    );
    this.streams.push(stream);
    return stream;
  };

  get last(): FakeSessionStream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('the client opened no stream');
    return stream;
  }
}

/** A welcome to a session that holds nothing. */
export function welcome(
  overrides: Partial<Extract<ServerMessage, { kind: 'welcome' }>> = {},
): ServerMessage {
  return {
    kind: 'welcome',
    id: 'session-1',
    secret: 'secret-1',
    resumed: false,
    effectiveTtlMs: 3_000,
    held: [],
    queued: [],
    ...overrides,
  };
}

/** A server that welcomes, grants whatever is asked for, and answers every keep-alive. */
export function generousServer(): FakeSessionServer {
  const server = new FakeSessionServer();
  let token = 40n;
  server.onSaid = (stream, message) => {
    if (message.kind === 'hello') {
      stream.answer(welcome({ effectiveTtlMs: message.ttlMs }));
    } else if (message.kind === 'acquire') {
      const { requestId, name } = message;
      token += 1n;
      stream.answer({ kind: 'granted', requestId, name, leaseId: `lease-${token}`, token });
    } else if (message.kind === 'keep-alive') {
      stream.answer({ kind: 'keep-alive-ack', sequence: message.sequence, ttlMs: 3_000 });
    } else if (message.kind === 'release') {
      stream.answer({ kind: 'released', leaseId: message.leaseId });
    }
  };
  return server;
}
