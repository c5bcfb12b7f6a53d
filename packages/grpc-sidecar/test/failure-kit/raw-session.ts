/** A session as any client could have it: messages, and nothing that happens by itself. */
import type {
  Acquire,
  Granted__Output,
  SessionRequest,
  SessionResponse__Output,
  Welcome__Output,
} from '@holdfast/protos';
import {
  type DecodedError,
  decodeError,
  type TestClient,
  type TestSession,
} from '../test-client.ts';

type Kind = NonNullable<SessionResponse__Output['message']>;
type Heard<K extends Kind> = NonNullable<SessionResponse__Output[K]>;

/** News of queues and of late keep-alives, which this session does not send by itself. */
const ADVICE: ReadonlySet<Kind | undefined> = new Set(['queued', 'jeopardy', 'safe']);

export class RawSession {
  readonly welcome: Welcome__Output;
  readonly stream: TestSession;

  private constructor(stream: TestSession, welcome: Welcome__Output) {
    this.stream = stream;
    this.welcome = welcome;
  }

  static async open(
    client: TestClient,
    { ttlMs, resume }: { ttlMs: number; resume?: Welcome__Output },
  ): Promise<RawSession> {
    const stream = client.session();
    stream.say({
      hello: {
        clientName: 'failure kit',
        sessionTtl: { seconds: Math.floor(ttlMs / 1_000), nanos: (ttlMs % 1_000) * 1_000_000 },
        resume: resume === undefined ? null : { id: resume.sessionId, secret: resume.secret },
      },
    });
    const first = await Promise.race([
      stream.hear(),
      stream.ended.then((error) => {
        throw error ?? new Error('the stream ended before its welcome');
      }),
    ]);
    return new RawSession(stream, first.welcome!);
  }

  say(message: SessionRequest): void {
    this.stream.say(message);
  }

  ask(name: string, requestId: string, terms: Acquire = {}): void {
    this.say({ acquire: { requestId, name, ...terms } });
  }

  /** The lease of a lock that is free, or becomes so. */
  async acquire(name: string, requestId: string, terms: Acquire = {}): Promise<Granted__Output> {
    this.ask(name, requestId, terms);
    return this.next('granted');
  }

  release({ leaseId, token }: { leaseId: string; token: string }): void {
    this.say({ release: { leaseId, token } });
  }

  /** The next message of that kind; advice on the way is skipped, and nothing else. */
  async next<K extends Kind>(kind: K): Promise<Heard<K>> {
    for (;;) {
      const message = await this.stream.hear();
      if (message.message === kind) return message[kind] as Heard<K>;
      if (!ADVICE.has(message.message)) {
        throw new Error(`heard ${JSON.stringify(message)} instead of ${kind}`);
      }
    }
  }

  /** How the server ended the stream. */
  async end(): Promise<DecodedError | undefined> {
    const error = await this.stream.ended;
    return error && decodeError(error);
  }

  leave(): void {
    this.say({ goodbye: {} });
    this.stream.stream.end();
  }
}
