import { assertKnownOptions } from '@holdfast/core';
import { parseAddress } from './address.ts';
import { Pipeline } from './cache/pipeline.ts';
import { type CallOptions, RemoteCache } from './cache/remote-cache.ts';
import { RemoteLoader } from './cache/remote-loader.ts';
import { closedError } from './closed-error.ts';
import {
  assertScope,
  type ClientSettings,
  type ConnectOptions,
  clientSettings,
} from './connect-options.ts';
import { RemoteLocks } from './locks/remote-locks.ts';
import { optionalMs, optionalSignal } from './optional-arguments.ts';
import { type ClientSystem, realSystem } from './system.ts';
import { batchStreams } from './transport/grpc-batch-stream.ts';
import { fillStreams } from './transport/grpc-fill-stream.ts';
import { sessionStreams } from './transport/grpc-session-stream.ts';
import { fetchLocks } from './transport/lock-snapshot.ts';
import { fetchServerInfo, type ServerInfo } from './transport/server-info.ts';

/**
 * A client of the server at `address` (`127.0.0.1:7420`, `http://host:port`, `unix:/path`,
 * `unix:relative/path`), once it is connected. Later breaks are mended by themselves.
 *
 * Rejects with `INVALID_ARGUMENT` for a bad address or option, with `UNAVAILABLE` when there is no
 * server within `connectTimeout`, with the signal's reason when it aborts first; with
 * `INVALID_ARGUMENT` (reason `SCOPE_UNAVAILABLE`) for a `scope` that the server's locks lack.
 */
export async function connect<V = unknown>(
  address: string,
  options: ConnectOptions = {},
): Promise<Client<V>> {
  const target = parseAddress(address);
  const settings = clientSettings(options);
  const system = realSystem();
  const pipeline = new Pipeline(batchStreams(target), system, settings);
  try {
    const deadlineMs = system.clock.monotonicMs() + settings.connectTimeoutMs;
    const { scope, signal } = settings;
    await pipeline.ready({ deadlineMs, signal });
    if (scope !== undefined) {
      const timeoutMs = Math.max(1, deadlineMs - system.clock.monotonicMs());
      assertScope(scope, (await fetchServerInfo(target, { timeoutMs, signal })).lockScope);
    }
  } catch (error) {
    await pipeline.close();
    throw error;
  }
  return new Client<V>(target, pipeline, system, settings);
}

const INFO_OPTIONS: ReadonlySet<string> = new Set(['timeout', 'signal']);

/** A connection to a server, with its cache and its locks. Close it, or the process stays alive. */
export class Client<V = unknown> implements AsyncDisposable {
  /** The server's cache. */
  readonly cache: RemoteCache<V>;
  /** The server's locks. Connects on first use, apart from the cache. */
  readonly locks: RemoteLocks;
  readonly #target: string;
  readonly #pipeline: Pipeline;
  readonly #timeoutMs: number;
  readonly #loader: RemoteLoader;
  #defaultTtl: Promise<number> | undefined;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(target: string, pipeline: Pipeline, system: ClientSystem, settings: ClientSettings) {
    this.#target = target;
    this.#pipeline = pipeline;
    this.#timeoutMs = settings.timeoutMs;
    const { timeoutMs, onError } = settings;
    this.#loader = new RemoteLoader({
      pipeline,
      fills: fillStreams(target),
      system,
      timeoutMs,
      onError,
      defaultTtlMs: () => this.#defaultTtlMs(),
    });
    this.cache = new RemoteCache<V>(pipeline, system, timeoutMs, this.#loader);
    this.locks = new RemoteLocks(
      { open: sessionStreams(target, system.clock), query: fetchLocks(target, timeoutMs) },
      system,
      settings,
    );
  }

  /** What the server is: version, store, limits. */
  async info(options: CallOptions = {}): Promise<ServerInfo> {
    assertKnownOptions(options, INFO_OPTIONS, 'info');
    const timeoutMs = optionalMs(options.timeout, 'timeout') ?? this.#timeoutMs;
    const signal = optionalSignal(options.signal);
    if (this.#closing !== undefined) throw closedError();
    return fetchServerInfo(this.#target, { timeoutMs, signal });
  }

  /**
   * Waits for calls under way (five seconds at most), gives all leases back, and disconnects. Calls
   * made later reject with `CLOSED`; loads of `getOrSet` go on for those who wait for them.
   * Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closing = [this.#pipeline.close(), this.locks.close()];
    this.#loader.close();
    await Promise.all(closing);
  }

  /** Does not change while the server runs; asked for when it is needed. */
  #defaultTtlMs(): Promise<number> {
    this.#defaultTtl ??= this.info().then(
      ({ defaultTtl }) => defaultTtl,
      (error: unknown) => {
        this.#defaultTtl = undefined;
        throw error;
      },
    );
    return this.#defaultTtl;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
