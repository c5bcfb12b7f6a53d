/**
 * A server over backends that are open already: services, addresses, and how it ends.
 *
 *     serving ── close() ──► draining ── all calls done, or the drain timeout ──► closed
 *
 * Draining: health says NOT_SERVING; nothing new is accepted; pipelines answer what they have read;
 * sessions are told, may release, and end once they hold nothing; calls that wait for a lock or a
 * load and streams that watch locks end at once; what is left at the timeout is cut. Then the
 * backends close.
 */
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { HoldfastError, InvalidArgumentError } from '@holdfast/core';
import type { Clock, Timer } from '@holdfast/core/ports';
import { adminServiceDefinition, adminServiceHandlers } from '../admin/admin-service.ts';
import { LockWatchStreams } from '../admin/lock-watch-stream.ts';
import type { Backends } from '../backends/backends.ts';
import { cacheServiceDefinition, cacheServiceHandlers } from '../cache/cache-service.ts';
import { FillCalls } from '../cache/fill-calls.ts';
import { OperationExecutor } from '../cache/operation-executor.ts';
import { Pipelines } from '../cache/pipeline.ts';
import { LockService, lockServiceDefinition } from '../locks/lock-service.ts';
import { type Ability, Health } from './health.ts';
import { messageBytesMax, responseValueBytesMax } from './limits.ts';
import { type ListenAddress, parseListenAddress } from './listen-address.ts';
import type { Logger } from './logger.ts';
import { OpenCalls } from './open-calls.ts';
import { reflectionService } from './reflection.ts';
import { listenOnUnixSocket, type UnixSocket } from './unix-socket.ts';

export interface StartServerOptions {
  /** Closed with the server. */
  readonly backends: Backends;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** `host:port`, each; may be none if there is a socket. */
  readonly listen: readonly string[];
  /** A Unix socket's path. */
  readonly socketPath: string | undefined;
  /** Milliseconds that clients have to finish when the server closes. */
  readonly drainTimeoutMs: number;
}

export interface Server extends AsyncDisposable {
  /** What clients connect to: `127.0.0.1:7420`, `unix:/run/holdfast.sock`. */
  readonly addresses: readonly string[];
  /** Drains, then closes the backends. Idempotent: each call waits for the same end. */
  close(): Promise<void>;
}

/** How often the server looks whether what is behind it can still write, for its health. */
const HEALTH_INTERVAL_MS = 500;
/** After the cut, for the last statuses to leave. */
const CUT_GRACE_MS = 200;

export async function startServer(options: StartServerOptions): Promise<Server> {
  const server = new RunningServer(options);
  try {
    await server.listen();
  } catch (error) {
    await server.abandon();
    throw error;
  }
  return server;
}

class RunningServer implements Server {
  readonly #options: StartServerOptions;
  readonly #grpc: GrpcServer;
  readonly #pipelines: Pipelines;
  readonly #fillCalls: FillCalls;
  readonly #lockService: LockService;
  readonly #watches: LockWatchStreams;
  readonly #openCalls = new OpenCalls();
  readonly #health = new Health();
  #ability: Ability = { canCache: true, canLock: true };
  #healthTimer: Timer | undefined;
  readonly #addresses: string[] = [];
  #socket: UnixSocket | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: StartServerOptions) {
    const { backends, clock, version } = options;
    const { valueBytesMax } = backends.admin.store;
    this.#options = options;
    this.#grpc = new GrpcServer({
      'grpc.max_receive_message_length': messageBytesMax(valueBytesMax),
      // What is sent is bounded by the executor, which answers better than grpc-js would.
      'grpc.max_send_message_length': -1,
      'grpc.max_concurrent_streams': 10_000,
      // A peer that vanished without closing is noticed within two minutes.
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
    });
    const executor = new OperationExecutor({
      backend: backends.cache,
      responseValueBytesMax: responseValueBytesMax(valueBytesMax),
      onError: (error) => this.#onOperationError(error),
    });
    const pipelines = new Pipelines(executor);
    const fillCalls = new FillCalls(backends.cache, clock);
    const lockService = new LockService(backends.locks, clock);
    const watches = new LockWatchStreams(backends.locks);
    this.#pipelines = pipelines;
    this.#fillCalls = fillCalls;
    this.#lockService = lockService;
    this.#watches = watches;
    const startedAtMs = clock.wallMs();
    const processId = process.pid;
    const admin = {
      backends,
      executor,
      pipelines,
      fillCalls,
      lockService,
      watches,
      version,
      startedAtMs,
      processId,
    };
    this.#grpc.addService(
      cacheServiceDefinition(),
      cacheServiceHandlers(executor, pipelines, fillCalls),
    );
    this.#grpc.addService(lockServiceDefinition(), lockService.handlers());
    this.#grpc.addService(adminServiceDefinition(), adminServiceHandlers(admin));
    const others = this.#openCalls.serverFor(this.#grpc);
    this.#health.implementation.addToServer(others);
    reflectionService().addToServer(others);
  }

  get addresses(): readonly string[] {
    return this.#addresses;
  }

  async listen(): Promise<void> {
    const { listen, socketPath, logger } = this.#options;
    if (listen.length === 0 && socketPath === undefined) {
      throw new InvalidArgumentError('a server needs an address or a socket to listen on');
    }
    for (const address of listen.map(parseListenAddress)) {
      const port = await this.#bind(`${address.host}:${address.port}`);
      this.#addresses.push(`${address.host}:${port}`);
      warnUnlessLoopback(address, logger);
    }
    if (socketPath !== undefined) {
      this.#socket = await listenOnUnixSocket(socketPath, async (temporaryPath) => {
        await this.#bind(`unix:${temporaryPath}`);
      });
      this.#addresses.push(`unix:${socketPath}`);
    }
    this.#watchHealth();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Gives up before serving. The backends are the caller's still. */
  async abandon(): Promise<void> {
    this.#healthTimer?.cancel();
    this.#grpc.forceShutdown();
    await this.#socket?.remove();
  }

  #bind(target: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#grpc.bindAsync(target, ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(cannotListen(target, error));
      });
    });
  }

  async #close(): Promise<void> {
    const { logger, drainTimeoutMs, backends } = this.#options;
    logger.info({ drainTimeoutMs }, 'draining');
    this.#healthTimer?.cancel();
    this.#health.stopped();
    const finished = new Promise<void>((resolve) => this.#grpc.tryShutdown(() => resolve()));
    await this.#socket?.remove();
    this.#openCalls.endAll();
    this.#pipelines.drain();
    this.#fillCalls.drain();
    this.#watches.drain();
    this.#lockService.drain(drainTimeoutMs);
    if (!(await this.#isWithin(finished, drainTimeoutMs))) {
      logger.warn({ drainTimeoutMs }, 'the drain timeout has passed: cutting what is left');
      this.#lockService.cut();
      await this.#isWithin(finished, CUT_GRACE_MS);
    }
    this.#grpc.forceShutdown();
    await backends.close();
    logger.info({}, 'closed');
  }

  /** Whether `done` comes within the time. */
  #isWithin(done: Promise<void>, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.startTimer(timeoutMs, 'foreground', () => resolve(false));
      done.then(() => {
        timer.cancel();
        resolve(true);
      });
    });
  }

  /** A store that fails says so to nobody but who asks: it may do so while nothing is called. */
  #watchHealth(): void {
    this.#tellHealth();
    this.#healthTimer = this.#options.clock.startTimer(HEALTH_INTERVAL_MS, 'background', () =>
      this.#watchHealth(),
    );
  }

  #tellHealth(): void {
    const { cache, locks } = this.#options.backends;
    const { refusal: cacheRefusal } = cache;
    const before = this.#ability;
    // A full disk takes no new values and serves all others.
    this.#ability = {
      canCache: cacheRefusal === undefined || cacheRefusal.code === 'NO_SPACE',
      canLock: locks.refusal === undefined,
    };
    const { canCache, canLock } = this.#ability;
    if (canCache !== before.canCache) this.#logAbility('the cache', cacheRefusal);
    if (canLock !== before.canLock) this.#logAbility('the locks', locks.refusal);
    this.#health.serving(this.#ability);
  }

  #logAbility(part: string, error: HoldfastError | undefined): void {
    const { logger } = this.#options;
    if (error === undefined) logger.info({}, `${part} can be written again: ready`);
    else logger.error({ error }, `${part} cannot be written: not ready`);
  }

  #onOperationError(error: HoldfastError): void {
    switch (error.code) {
      case 'READ_ONLY':
        if (this.#closing === undefined) this.#tellHealth();
        return;
      case 'IO':
      case 'CORRUPT':
      case 'NO_SPACE':
        this.#options.logger.warn({ error }, 'an operation failed');
        return;
      default:
        this.#options.logger.debug({ error }, 'an operation was refused');
    }
  }
}

function warnUnlessLoopback(address: ListenAddress, logger: Logger): void {
  if (address.isLoopback) return;
  logger.warn(
    { address: `${address.host}:${address.port}` },
    'others on the network may reach this address, and nothing is encrypted or authenticated',
  );
}

function cannotListen(target: string, error: Error): HoldfastError {
  return new HoldfastError('IO', `cannot listen, address=${target}: ${error.message}`, {
    details: { address: target },
    cause: error,
  });
}
