import { assertKnownOptions } from '@holdfast/core';
import { parseAddress } from './address.ts';
import { Pipeline } from './cache/pipeline.ts';
import type { CallOptions } from './cache/remote-cache.ts';
import { RemoteCache } from './cache/remote-cache.ts';
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
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(target: string, pipeline: Pipeline, system: ClientSystem, settings: ClientSettings) {
    this.#target = target;
    this.#pipeline = pipeline;
    this.#timeoutMs = settings.timeoutMs;
    this.cache = new RemoteCache<V>(pipeline, system, settings.timeoutMs);
    const { timeoutMs } = settings;
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
   * made later reject with `CLOSED`. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#pipeline.close(), this.locks.close()]).then(() => {});
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
