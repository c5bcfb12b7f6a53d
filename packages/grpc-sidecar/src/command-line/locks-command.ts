import { durationMs, InvalidArgumentError } from '@holdfast/core';
import {
  type LockHolder__Output,
  type LockInfo__Output,
  loadHoldfastProtos,
  type WatchLocksResponse__Output,
} from '@holdfast/protos';
import { Command } from 'commander';
import { duration } from '../wire/duration.ts';
import { answerCodesHelp, answering, answerNo } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags, streamFromServer } from './server-call.ts';
import { shownName } from './shown-name.ts';

interface PrefixFlags extends ServerFlags {
  readonly prefix: string;
}

interface BreakFlags extends ServerFlags {
  readonly token?: string;
  readonly grace?: number;
}

const PAGE_SIZE = 1_000;

/** `holdfast locks`. */
export function locksCommand(): Command {
  return new Command('locks')
    .description('see who holds locks, and take them away')
    .addCommand(lsCommand())
    .addCommand(watchCommand())
    .addCommand(breakCommand());
}

function lsCommand(): Command {
  return addPrefix(addServerOptions(new Command('ls')))
    .description('list locks that are held or waited for, with holders and waiters')
    .addHelpText('after', answerCodesHelp())
    .action(answering(runLs));
}

function watchCommand(): Command {
  return addPrefix(addServerOptions(new Command('watch')))
    .description('print what is held, and from then on what happens, a line each')
    .addHelpText('after', answerCodesHelp())
    .action(answering(runWatch));
}

function breakCommand(): Command {
  return addServerOptions(new Command('break'))
    .description('take a lock away from its holders; the next in line gets it')
    .argument('<name>', 'the lock')
    .option('--token <token>', 'only the lease with this fencing token', parseToken)
    .option('--grace <duration>', 'how long the holders have to release it (0)', parseGrace)
    .addHelpText('after', answerCodesHelp('nobody holds the lock, or not with that token'))
    .action(answering(runBreak));
}

function addPrefix(command: Command): Command {
  return command.option('--prefix <text>', 'only locks whose name starts with it', '');
}

async function runLs({ prefix, ...flags }: PrefixFlags): Promise<void> {
  const { ListLocks } = loadHoldfastProtos().adminService;
  const locks: LockInfo__Output[] = [];
  let pageToken = '';
  do {
    const page = await callServer(flags, ListLocks, { prefix, pageSize: PAGE_SIZE, pageToken });
    locks.push(...page.locks);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  if (flags.json === true) {
    console.log(JSON.stringify(locks.map(lockJson)));
    return;
  }
  for (const lock of locks) {
    for (const holder of lock.holders) printLine('held', lock.name, holder);
    printRest('held', lock.name, lock.held - lock.holders.length);
    for (const waiter of lock.waiters) printLine('waiting', lock.name, waiter);
    printRest('waiting', lock.name, lock.waiting - lock.waiters.length);
  }
}

async function runWatch({ prefix, ...flags }: PrefixFlags): Promise<void> {
  const { WatchLocks } = loadHoldfastProtos().adminService;
  for await (const event of streamFromServer(flags, WatchLocks, { prefix, includeCurrent: true })) {
    if (flags.json === true) console.log(JSON.stringify(eventJson(event)));
    else printEvent(event);
  }
}

async function runBreak(name: string, flags: BreakFlags): Promise<void> {
  const { token = '0', grace = 0 } = flags;
  const request = { name, token, grace: duration(grace) };
  const { tokens } = await callServer(
    flags,
    loadHoldfastProtos().adminService.ForceRelease,
    request,
  );
  if (flags.json === true) console.log(JSON.stringify({ name, tokens }));
  else {
    const what = grace === 0 ? 'lost' : `lost in ${grace}ms unless released before`;
    for (const each of tokens) console.log(`token ${each}: ${what}`);
  }
  if (tokens.length === 0) answerNo(`not held, lock=${shownName(name)}`);
}

function parseToken(text: string): string {
  const isToken = /^[1-9]\d{0,19}$/.test(text) && BigInt(text) < 2n ** 64n;
  if (!isToken) throw new InvalidArgumentError(`token must be a whole number, got=${text}`);
  return text;
}

function parseGrace(text: string): number {
  return durationMs(text as '1s', 'grace');
}

/** `LOCK_MODE_SHARED` as `shared`. */
function lowered(value: string, prefix: string): string {
  return value.replace(prefix, '').toLowerCase().replaceAll('_', '-');
}

function modeOf({ mode }: LockHolder__Output): string {
  return lowered(String(mode), 'LOCK_MODE_');
}

function lockJson({ name, held, waiting, holders, waiters }: LockInfo__Output): object {
  return {
    name,
    held,
    waiting,
    holders: holders.map(holderJson),
    waiters: waiters.map(holderJson),
  };
}

/** Tokens have 64 bits: text. A waiter has none yet. */
function holderJson(holder: LockHolder__Output): object {
  const { clientName, sessionId, token, permits } = holder;
  return { clientName, sessionId, token: tokenOf(token), mode: modeOf(holder), permits };
}

function tokenOf(token: string): string | null {
  return token === '0' ? null : token;
}

function eventJson({ change, name, holder, reason, missed }: WatchLocksResponse__Output): object {
  const what = lowered(String(change), 'LOCK_CHANGE_');
  if (what === 'overflow') return { change: what, missed };
  return {
    change: what,
    name,
    ...(holder === null ? {} : holderJson(holder)),
    ...(hasReason(what) ? { reason: lowered(String(reason), 'LOST_REASON_') } : {}),
  };
}

function hasReason(change: string): boolean {
  return change === 'lost' || change === 'revoking';
}

function printEvent({ change, name, holder, reason, missed }: WatchLocksResponse__Output): void {
  const what = lowered(String(change), 'LOCK_CHANGE_');
  if (holder === null) console.log(`${what.padEnd(9)} ${missed} changes are missing here`);
  else
    printLine(what, name, holder, hasReason(what) ? lowered(String(reason), 'LOST_REASON_') : '');
}

/** State, lock, mode, token, client, and why. */
function printLine(state: string, name: string, holder: LockHolder__Output, why = ''): void {
  const { clientName, sessionId, token, permits } = holder;
  const mode = modeOf(holder);
  const columns = [
    state.padEnd(9),
    shownName(name).padEnd(24),
    (mode === 'permit' ? `permits=${permits}` : mode).padEnd(10),
    `token=${tokenOf(token) ?? '-'}`.padEnd(12),
    shownName(clientName || sessionId || '-'),
    why,
  ];
  console.log(columns.join(' ').trimEnd());
}

/** A server lists a thousand of each. */
function printRest(state: string, name: string, count: number): void {
  if (count > 0) console.log(`${state.padEnd(9)} ${shownName(name).padEnd(24)} and ${count} more`);
}
