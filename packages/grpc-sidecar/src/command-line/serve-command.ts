import { type CacheOptions, durationMs, InvalidArgumentError } from '@holdfast/core';
import { Command, Option } from 'commander';
import { LISTEN_ADDRESS_DEFAULT } from '../server/listen-address.ts';
import type { Logger } from '../server/logger.ts';
import type { Server } from '../server/start-server.ts';
import { VERSION } from '../version.ts';
import { parseByteSize } from './byte-size.ts';
import { EXIT_CODES_HELP, EXIT_FAILED, EXIT_OK, exitCodeOf } from './exit-codes.ts';
import { LOG_LEVELS, type LogLevel } from './log-levels.ts';

interface ServeFlags {
  readonly directory: string;
  readonly memoryOnly?: true;
  readonly listen?: string[];
  readonly socket?: string;
  readonly memoryBytesMax?: number;
  readonly diskBytesMax?: number;
  readonly valueBytesMax?: number;
  readonly durability: 'buffered' | 'written' | 'synced';
  readonly defaultTtl?: number;
  readonly drainTimeout: number;
  readonly logLevel: LogLevel;
  readonly json?: true;
}

/** `holdfast serve`. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve a store over gRPC until SIGTERM or SIGINT')
    .option('-d, --directory <path>', 'where the store is; made if missing', './holdfast-data')
    .option('--memory-only', 'keep everything in memory, nothing on disk')
    .option('-l, --listen <host:port>', listenHelp(), collect)
    .option('-s, --socket <path>', 'a Unix socket to listen on')
    .option('--memory-bytes-max <size>', 'memory for index and records (256MiB)', parseByteSize)
    .option('--disk-bytes-max <size>', 'disk for all files, or "unlimited" (1GiB)', parseByteSize)
    .option('--value-bytes-max <size>', 'the largest value (16MiB)', parseByteSize)
    .addOption(
      new Option('--durability <level>', 'what an answered write has survived')
        .choices(['buffered', 'written', 'synced'])
        .default('buffered'),
    )
    .option(
      '--default-ttl <duration>',
      'of values set without a TTL (never)',
      duration('default-ttl'),
    )
    .option(
      '--drain-timeout <duration>',
      'time for clients to finish',
      duration('drain-timeout'),
      10_000,
    )
    .addOption(
      new Option('--log-level <level>', 'least to log').choices(LOG_LEVELS).default('info'),
    )
    .option('--json', 'log and print JSON')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(runServe);
}

async function runServe(flags: ServeFlags): Promise<void> {
  // Half of the program, which no other command waits for.
  const [{ serve }, { createLogger }] = await Promise.all([
    import('../serve.ts'),
    import('./log.ts'),
  ]);
  const logger = createLogger(flags.logLevel, flags.json === true);
  const server = await serve({
    cache: cacheOptions(flags),
    drainTimeout: flags.drainTimeout,
    logger,
    ...(flags.listen === undefined ? {} : { listen: flags.listen }),
    ...(flags.socket === undefined ? {} : { socket: flags.socket }),
  });
  // Before, a signal ends the process at once: nothing is served yet, and a store survives a kill.
  const stopped = nextSignal();
  printReady(server, flags);
  logger.info({ signal: await stopped }, 'stopping');
  process.exit(await close(server, logger));
}

/**
 * The exit code. The process is to end by it, and not by itself: connections of peers that do not
 * answer outlive the server. The log is written at once, so nothing is lost.
 */
async function close(server: Server, logger: Logger): Promise<number> {
  try {
    await server.close();
    return EXIT_OK;
  } catch (error) {
    logger.error({ error }, 'the store did not close cleanly');
    return exitCodeOf(error) || EXIT_FAILED;
  }
}

function cacheOptions(flags: ServeFlags): CacheOptions {
  return {
    directory: flags.directory,
    persistent: flags.memoryOnly !== true,
    memoryBytesMax: flags.memoryBytesMax,
    diskBytesMax: flags.diskBytesMax,
    valueBytesMax: flags.valueBytesMax,
    durability: flags.durability,
    defaultTtl: flags.defaultTtl,
  };
}

/** One line, once clients can connect. */
function printReady(server: Server, flags: ServeFlags): void {
  const { addresses } = server;
  const directory = flags.memoryOnly === true ? null : flags.directory;
  if (flags.json === true) {
    console.log(
      JSON.stringify({ event: 'ready', version: VERSION, addresses, directory, pid: process.pid }),
    );
  } else {
    const store = directory === null ? 'memory only' : `directory ${directory}`;
    console.log(
      `holdfast ${VERSION} serves ${addresses.join(' and ')}, ${store}, pid ${process.pid}`,
    );
  }
}

/** The first signal. The next one, of either kind, ends the process at once. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const onSignal = (signal: NodeJS.Signals) => {
      for (const other of signals) process.removeListener(other, onSignal);
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}

function duration(name: string): (text: string) => number {
  return (text) => {
    const milliseconds = durationMs(text as '1s', name);
    if (Number.isFinite(milliseconds)) return milliseconds;
    throw new InvalidArgumentError(`${name} must be a duration`);
  };
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function listenHelp(): string {
  return `an address to listen on, may be repeated (${LISTEN_ADDRESS_DEFAULT}, or none with --socket)`;
}
