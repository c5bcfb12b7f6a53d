import {
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  makeClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  type AdminServiceClient,
  type CacheServiceClient,
  type ErrorInfo__Output,
  type Hello,
  type LockServiceClient,
  loadHoldfastProtos,
  type SessionRequest,
  type SessionResponse__Output,
  type WatchLocksRequest,
  type WatchLocksResponse__Output,
  type Welcome__Output,
} from '@holdfast/protos';
import { service as healthService } from 'grpc-health-check';

/** A client of grpc-js as anybody would make it from the protos, with promises. */
export class TestClient {
  readonly cache: CacheServiceClient;
  readonly locks: LockServiceClient;
  readonly admin: AdminServiceClient;
  readonly #health: CacheServiceClient;

  constructor(address: string) {
    const { cacheService, lockService, adminService } = loadHoldfastProtos();
    const options = { 'grpc.max_receive_message_length': -1, 'grpc.use_local_subchannel_pool': 1 };
    const create = (service: Parameters<typeof makeClientConstructor>[0]) =>
      new (makeClientConstructor(service, ''))(address, credentials.createInsecure(), options);
    this.cache = create(cacheService) as unknown as CacheServiceClient;
    this.locks = create(lockService) as unknown as LockServiceClient;
    this.admin = create(adminService) as unknown as AdminServiceClient;
    this.#health = create(healthService) as unknown as CacheServiceClient;
  }

  close(): void {
    for (const client of [this.cache, this.locks, this.admin, this.#health]) client.close();
  }

  /** A unary call by its name. */
  call<Response>(
    service: 'cache' | 'admin' | 'locks',
    method: string,
    request: object,
  ): Promise<Response> {
    return unary(this[service], method, request);
  }

  async health(service: string): Promise<unknown> {
    const { status } = await unary<{ status: unknown }>(this.#health, 'check', { service });
    return status;
  }

  /** A call of Health.Watch that stays open. */
  watchHealth(): ClientDuplexStream<never, { status: unknown }> {
    const { watch } = this.#health as unknown as Record<string, (request: object) => never>;
    return watch!.call(this.#health, { service: '' });
  }

  watchLocks(request: WatchLocksRequest): TestStream<WatchLocksResponse__Output> {
    return new TestStream(this.admin.watchLocks(request));
  }

  session(): TestSession {
    return new TestSession(this.locks.session());
  }
}

type Call = (
  request: object,
  options: CallOptions,
  callback: (error: ServiceError | null, response: never) => void,
) => void;

function unary<Response>(client: object, method: string, request: object): Promise<Response> {
  const call = (client as Record<string, Call>)[method]!;
  return new Promise((resolve, reject) => {
    call.call(client, request, { deadline: Date.now() + 10_000 }, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

/** One stream of a server: what it said, in order, and how it ended. */
export class TestStream<Message> {
  readonly #readable: ClientReadableStream<Message>;
  readonly #unread: Message[] = [];
  readonly #waiting: ((message: Message) => void)[] = [];
  /** The stream's status: `undefined` for OK. */
  readonly ended: Promise<ServiceError | undefined>;

  constructor(readable: ClientReadableStream<Message>) {
    this.#readable = readable;
    readable.on('data', (message: Message) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#unread.push(message);
      else waiting(message);
    });
    this.ended = new Promise((resolve) => {
      readable.on('error', (error) => resolve(error as ServiceError));
      readable.on('status', ({ code }) => {
        if (code === 0) resolve(undefined);
      });
    });
  }

  /** The next message. */
  hear(): Promise<Message> {
    const message = this.#unread.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  pause(): void {
    this.#readable.pause();
  }

  resume(): void {
    this.#readable.resume();
  }

  cancel(): void {
    this.#readable.cancel();
  }
}

/** One session stream. */
export class TestSession extends TestStream<SessionResponse__Output> {
  readonly stream: ClientDuplexStream<SessionRequest, SessionResponse__Output>;

  constructor(stream: ClientDuplexStream<SessionRequest, SessionResponse__Output>) {
    super(stream);
    this.stream = stream;
  }

  say(message: SessionRequest): void {
    this.stream.write(message);
  }
}

/** Says Hello, with a TTL of 10 s unless another is asked for. */
export async function openSession(session: TestSession, hello: Hello): Promise<Welcome__Output> {
  session.say({ hello: { sessionTtl: { seconds: 10 }, ...hello } });
  return (await session.hear()).welcome!;
}

export interface DecodedError {
  readonly code: number;
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  readonly hasRetry: boolean;
}

/** What the details of a failed call say. */
export function decodeError(error: ServiceError): DecodedError {
  const [bytes] = error.metadata.get('grpc-status-details-bin') as Buffer[];
  if (bytes === undefined) {
    return { code: error.code, reason: undefined, metadata: {}, fields: [], hasRetry: false };
  }
  const { status } = loadHoldfastProtos();
  return { ...decodeStatus(status.deserialize(bytes)), code: error.code };
}

/** The same of a google.rpc.Status within an answer. */
export function decodeStatus(status: {
  code: number;
  details: { type_url: string; value: Buffer }[];
}): DecodedError {
  const { errorInfo, badRequest } = loadHoldfastProtos();
  const find = (name: string) =>
    status.details.find((any) => any.type_url === `type.googleapis.com/google.rpc.${name}`)?.value;
  const info = find('ErrorInfo');
  const decoded: ErrorInfo__Output | undefined =
    info === undefined ? undefined : errorInfo.deserialize(info);
  if (decoded !== undefined && decoded.domain !== 'holdfast.dev') throw new Error(decoded.domain);
  const bad = find('BadRequest');
  return {
    code: status.code,
    reason: decoded?.reason,
    metadata: decoded?.metadata ?? {},
    fields:
      bad === undefined
        ? []
        : badRequest.deserialize(bad).fieldViolations.map(({ field }) => field),
    hasRetry: find('RetryInfo') !== undefined,
  };
}

/** The error of a call that has to fail. */
export async function failure(call: Promise<unknown>): Promise<DecodedError> {
  try {
    await call;
  } catch (error) {
    return decodeError(error as ServiceError);
  }
  throw new Error('the call succeeded');
}
