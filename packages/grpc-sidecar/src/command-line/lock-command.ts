import { constants, hostname } from 'node:os';
import { type Client, connect, type ServerLease } from '@holdfast/client';
import { durationMs, InvalidArgumentError } from '@holdfast/core';
import { Command, Option } from 'commander';
import {
  EXIT_LEASE_LOST,
  exitCodeOfSignal,
  LOCK_CODES_HELP,
  lockExitCodeOf,
  printError,
} from './exit-codes.ts';
import { type GuardTimes, LeaseGuard } from './lease-guard.ts';
import { ProcessGroup, StartError } from './process-group.ts';
import { type AddressFlags, addAddressOptions } from './server-call.ts';
import { shownName } from './shown-name.ts';
import { parseTtl } from './wire-values.ts';

interface Permits {
  readonly permits: number;
  readonly capacity: number;
}

interface LockFlags extends AddressFlags {
  readonly ttl: number;
  readonly wait?: number;
  readonly try?: true;
  readonly shared?: true;
  readonly permits?: Permits;
  readonly lockDelay?: number;
  readonly maxHold?: number;
  readonly killGrace?: number;
}

const TTL_MS_DEFAULT = 15_000;
/** Less leaves no time to end a command between a renewal that fails and the deadline. */
const TTL_MS_MIN = 1_000;
const KILL_GRACE_MS_MAX_DEFAULT = 10_000;
const MARGIN_MS_MIN = 100;
const MARGIN_MS_MAX = 1_000;

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** `holdfast lock`. */
export function lockCommand(): Command {
  return addAddressOptions(new Command('lock'))
    .description('run a command while holding a lock')
    .usage('[options] NAME -- COMMAND…')
    .argument('<name>', 'the lock')
    .argument('<command...>', 'the command and its arguments; no shell reads them')
    .addOption(
      new Option('--ttl <duration>', 'how long the lock stays held after this machine is cut off')
        .argParser(duration('ttl'))
        .default(TTL_MS_DEFAULT, '15s'),
    )
    .addOption(
      new Option('--wait <duration>', 'longest to wait in line; without limit if missing')
        .argParser(parseTtl)
        .conflicts('try'),
    )
    .option('--try', 'do not wait at all')
    .addOption(new Option('--shared', 'hold it together with other readers').conflicts('permits'))
    .option('--permits <n/m>', 'take N of the M permits of the lock', parsePermits)
    .option(
      '--lock-delay <duration>',
      'for how long nobody gets the lock after a loss',
      duration('lock-delay'),
    )
    .option('--max-hold <duration>', 'end the command after this time', duration('max-hold'))
    .option(
      '--kill-grace <duration>',
      'from SIGTERM to SIGKILL, half the TTL at most (a fifth of it, 10s at most)',
      duration('kill-grace'),
    )
    .addHelpText('after', LOCK_ENVIRONMENT_HELP + LOCK_CODES_HELP)
    .action(runLock);
}

const LOCK_ENVIRONMENT_HELP = `
The command's environment has HOLDFAST_LOCK, HOLDFAST_TOKEN (the fencing token) and
HOLDFAST_LEASE_ID. It and all that it starts are ended, first by SIGTERM, before the lease is over.
`;

async function runLock(name: string, command: string[], flags: LockFlags): Promise<void> {
  const times = guardTimes(flags);
  // The client's sockets are not reason enough to stay alive while it reconnects.
  const staysAlive = setInterval(() => {}, 2 ** 30);
  const run = new LockedRun(name, command, flags, times);
  const exitCode = await run.toEnd();
  clearInterval(staysAlive);
  // Connections to a server that does not answer would outlive this.
  process.exit(exitCode);
}

/** One command under one lease. */
class LockedRun {
  readonly #name: string;
  readonly #command: string[];
  readonly #flags: LockFlags;
  readonly #times: GuardTimes;
  readonly #stopWaiting = new AbortController();
  #signal: NodeJS.Signals | undefined;
  #group: ProcessGroup | undefined;

  constructor(name: string, command: string[], flags: LockFlags, times: GuardTimes) {
    this.#name = name;
    this.#command = command;
    this.#flags = flags;
    this.#times = times;
  }

  /** The exit code. */
  async toEnd(): Promise<number> {
    for (const signal of FORWARDED) process.on(signal, () => this.#onSignal(signal));
    // Stopped from the terminal, this process could not renew, and the command would go on.
    process.on('SIGTSTP', () => {});
    let client: Client | undefined;
    try {
      client = await this.#connect();
      const lease = await this.#acquire(client);
      this.#stopWaiting.signal.throwIfAborted();
      const exitCode = await this.#run(lease);
      await inTime(lease.release(), this.#flags.timeout);
      return exitCode;
    } catch (error) {
      if (this.#signal !== undefined && this.#group === undefined) {
        return exitCodeOfSignal(constants.signals[this.#signal]);
      }
      printError(error);
      return error instanceof StartError ? error.exitCode : lockExitCodeOf(error);
    } finally {
      if (client !== undefined) await inTime(client.close(), this.#flags.timeout);
    }
  }

  #onSignal(signal: NodeJS.Signals): void {
    this.#signal = signal;
    if (this.#group !== undefined) this.#group.signal(signal);
    else this.#stopWaiting.abort();
  }

  #connect(): Promise<Client> {
    const { address, timeout, ttl } = this.#flags;
    return connect(address, {
      clientName: `${hostname()}/${process.pid}`.slice(-CLIENT_NAME_CHARACTERS_MAX),
      connectTimeout: timeout,
      timeout,
      sessionTtl: ttl,
      signal: this.#stopWaiting.signal,
    });
  }

  #acquire(client: Client): Promise<ServerLease> {
    const { permits, shared, lockDelay, maxHold, wait } = this.#flags;
    return client.locks.acquire(this.#name, {
      mode: permits !== undefined ? 'permit' : shared ? 'shared' : 'exclusive',
      ...permits,
      lockDelay,
      maxHold,
      wait: this.#flags.try ? 0 : wait,
      signal: this.#stopWaiting.signal,
      onQueued: process.stderr.isTTY ? (place) => this.#say(queuedText(place)) : undefined,
    });
  }

  async #run(lease: ServerLease): Promise<number> {
    lease.assertHeld();
    const [command = '', ...args] = this.#command;
    const group = new ProcessGroup(command, args, {
      ...process.env,
      HOLDFAST_LOCK: lease.name,
      HOLDFAST_TOKEN: String(lease.token),
      HOLDFAST_LEASE_ID: lease.leaseId,
    });
    this.#group = group;
    const guard = new LeaseGuard(lease, group, this.#times, (reason) =>
      this.#say(`${reason}, ending the command`),
    );
    try {
      const exitCode = await group.ended;
      if (!(await guard.finish())) this.#say('what the command started cannot be killed');
      return guard.isInterrupted ? EXIT_LEASE_LOST : exitCode;
    } finally {
      guard.stop();
    }
  }

  #say(text: string): void {
    console.error(`holdfast: ${text}, lock=${shownName(this.#name)}`);
  }
}

/** Of ASCII, since it is a host's name; a client name may have 256 bytes. */
const CLIENT_NAME_CHARACTERS_MAX = 256;

function queuedText({ position, holder }: { position: number; holder: string }): string {
  return `waiting, place ${position} in line, held by ${shownName(holder)}`;
}

function guardTimes({ ttl, killGrace }: LockFlags): GuardTimes {
  if (ttl < TTL_MS_MIN) throw new InvalidArgumentError(`ttl must be 1s or more, got=${ttl}ms`);
  const killGraceMs = killGrace ?? Math.min(ttl / 5, KILL_GRACE_MS_MAX_DEFAULT);
  if (killGraceMs > ttl / 2) {
    throw new InvalidArgumentError(`kill-grace must be at most half the ttl, got=${killGraceMs}ms`);
  }
  const marginMs = Math.min(Math.max(ttl / 20, MARGIN_MS_MIN), MARGIN_MS_MAX);
  return { killGraceMs, marginMs };
}

function parsePermits(text: string): Permits {
  const [, permits, capacity] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  if (permits === undefined || capacity === undefined) {
    throw new InvalidArgumentError(`permits must be like 1/10, got=${text}`);
  }
  return { permits: Number(permits), capacity: Number(capacity) };
}

function duration(name: string): (text: string) => number {
  return (text) => durationMs(text as '1s', name);
}

/** Waits for a promise, but no longer: its server may be gone, and the lease ends by itself. */
async function inTime(promise: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
