import {
  type CacheOptions,
  type Duration,
  durationMs,
  InvalidArgumentError,
  nodeRuntime,
} from '@holdfast/node';
import { openBackends } from './backends/open-backends.ts';
import { LISTEN_ADDRESS_DEFAULT, parseListenAddress } from './server/listen-address.ts';
import { type Logger, SILENT_LOGGER } from './server/logger.ts';
import { type Server, startServer } from './server/start-server.ts';
import { VERSION } from './version.ts';

export interface ServeOptions {
  /** The store: as in `openCache`, with the same defaults. */
  readonly cache?: CacheOptions;
  /**
   * `host:port`, port 0 for any free one. Default `'127.0.0.1:7420'`, or none if there is a socket.
   */
  readonly listen?: string | readonly string[];
  /** A Unix socket's path; a stale socket is replaced, a live one refused. Default none. */
  readonly socket?: string;
  /** How long clients may take to finish when the server closes, 0 to an hour. Default `'10s'`. */
  readonly drainTimeout?: Duration;
  /** Hears what happens; pino's loggers fit. Default: nothing is logged. */
  readonly logger?: Logger;
}

const DRAIN_TIMEOUT_MS_MAX = 3_600_000;

/**
 * Opens a store and serves it over gRPC. Rejects with `INVALID_ARGUMENT` for options that are
 * wrong, as `openCache` does for a store that cannot be opened, with `UNAVAILABLE` for a socket
 * that another server listens on, and with `IO` for an address that cannot be had. Signals are the
 * caller's: `holdfast serve` closes the server on SIGTERM and SIGINT.
 */
export async function serve(options: ServeOptions = {}): Promise<Server> {
  const { socket, logger = SILENT_LOGGER } = options;
  const listen = listenAddresses(options);
  for (const address of listen) parseListenAddress(address);
  const drainTimeoutMs = durationMs(options.drainTimeout ?? 10_000, 'drainTimeout');
  if (drainTimeoutMs > DRAIN_TIMEOUT_MS_MAX) {
    throw new InvalidArgumentError('drainTimeout must be an hour at most');
  }
  const onError = (error: Error) => logger.error({ error }, 'the store reports an error');
  const backends = await openBackends({ onError, ...options.cache });
  try {
    const { clock } = nodeRuntime();
    return await startServer({
      backends,
      clock,
      logger,
      version: VERSION,
      listen,
      socketPath: socket,
      drainTimeoutMs,
    });
  } catch (error) {
    await backends.close();
    throw error;
  }
}

function listenAddresses({ listen, socket }: ServeOptions): readonly string[] {
  if (typeof listen === 'string') return [listen];
  if (listen !== undefined && listen.length > 0) return listen;
  return socket === undefined ? [LISTEN_ADDRESS_DEFAULT] : [];
}
