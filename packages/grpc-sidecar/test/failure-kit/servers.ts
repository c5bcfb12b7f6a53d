/**
 * What is left of leases when their server dies, and comes back: failures 8 to 10, 13, 14 and 29 to
 * 31.
 */
import assert from 'node:assert/strict';
import { cp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionInfo__Output } from '@holdfast/protos';
import { run } from '../command-process.ts';
import type { TestClient } from '../test-client.ts';
import {
  abortOf,
  assertRising,
  type Bench,
  isValid,
  type OwnServer,
  sleep,
  until,
  waitersOf,
} from './bench.ts';
import { RawSession } from './raw-session.ts';
import type { Scenario } from './scenario.ts';

const SESSIONS = 1_000;

async function back(bench: Bench): Promise<void> {
  const server = await bench.ownServer();
  const { address } = server;
  const names = ['first', 'second', 'third'];
  const clients = await Promise.all(names.map((name) => bench.client(name, { address })));
  const lease = await clients[0]!.locks.acquire(bench.lock, { ttl: '20s' });
  const { token } = lease;
  const waiting = [];
  for (const client of clients.slice(1)) {
    const before = waiting.length;
    waiting.push(client.locks.acquire(bench.lock, { ttl: '20s' }));
    await until('it waits', async () => (await waitersOf(client, bench.lock)).length > before);
  }
  await server.kill();
  await server.start();
  const raw = bench.raw(address);
  await until('all are back', async () => (await attached(raw)) === names.length);
  lease.assertHeld();
  await lease.renew();
  const { held } = await clients[0]!.locks.query();
  assert.deepEqual(
    held.map(({ clientName, token }) => [clientName, token]),
    [['first', token]],
  );
  assert.deepEqual(await waitersOf(clients[0]!, bench.lock), ['second', 'third']);
  await lease.release();
  const second = await waiting[0]!;
  await second.release();
  const third = await waiting[1]!;
  assertRising([token, second.token, third.token]);
}

/** How many sessions have a stream. */
async function attached(raw: TestClient): Promise<number> {
  const answer = await raw.call<{ sessions: SessionInfo__Output[] }>('admin', 'listSessions', {});
  return answer.sessions.filter((session) => session.attached).length;
}

async function down(bench: Bench): Promise<void> {
  const server = await bench.ownServer();
  const { address } = server;
  // The session outlives the server, however long that takes to start.
  const holder = await bench.client('holder', { address, sessionTtl: '60s' });
  const lease = await holder.locks.acquire(bench.lock, { ttl: 500 });
  const killedAtMs = performance.now();
  await server.kill();
  await abortOf(lease.signal);
  assert.ok(performance.now() - killedAtMs < 5_000, 'it was not lost in time');
  await server.start();
  const next = await bench.client('next', { address });
  const granted = await next.locks.acquire(bench.lock, { wait: '5s' });
  assertRising([lease.token, granted.token]);
  await granted.release();
  assertRising([granted.token, (await holder.locks.acquire(bench.lock, { wait: '5s' })).token]);
}

async function persistedNotSent(bench: Bench): Promise<void> {
  const server = await bench.ownServer(['--listen', '127.0.0.1:0']);
  const proxy = await bench.proxy(server.address);
  const session = await RawSession.open(bench.raw(proxy.address), { ttlMs: 20_000 });
  proxy.silence('to the client');
  session.ask(bench.lock, 'request');
  const other = await bench.client('other', { address: server.address });
  await until('it is granted', async () => (await other.locks.query()).held.length === 1);
  // A grant that is told is synced, and so is every one before it.
  await other.locks.acquire('another');
  await server.kill();
  await server.start();
  const again = await RawSession.open(bench.raw(server.address), {
    ttlMs: 20_000,
    resume: session.welcome,
  });
  assert.equal(again.welcome.resumed, true);
  const [held] = again.welcome.held;
  const retried = await again.acquire(bench.lock, 'request');
  assert.deepEqual(
    [held?.requestId, held?.leaseId, held?.token],
    ['request', retried.leaseId, retried.token],
  );
  session.stream.cancel();
  again.leave();
}

async function journalPath(server: OwnServer): Promise<string> {
  const names = await readdir(server.directory);
  const name = names
    .filter((each) => each.endsWith('.journal'))
    .sort()
    .at(-1);
  assert.ok(name !== undefined, 'the server keeps a journal');
  return join(server.directory, name);
}

async function tornTail(bench: Bench): Promise<void> {
  const server = await bench.ownServer();
  const session = await RawSession.open(bench.raw(server.address), { ttlMs: 20_000 });
  const kept = await session.acquire('kept', 'a');
  const torn = await session.acquire('torn', 'b');
  await server.kill();
  const path = await journalPath(server);
  await truncate(path, (await stat(path)).size - 3);
  await server.start();
  const raw = bench.raw(server.address);
  const again = await RawSession.open(raw, { ttlMs: 20_000, resume: session.welcome });
  assert.deepEqual(
    again.welcome.held.map(({ token }) => token),
    [kept.token],
  );
  // What is cut off is gone, and its number is not given again.
  const { token } = await again.acquire('torn', 'c');
  assertRising([kept.token, torn.token, token]);
  again.leave();
}

async function oldBackup(bench: Bench): Promise<void> {
  const server = await bench.ownServer();
  const grant = async (): Promise<string> => {
    const session = await RawSession.open(bench.raw(server.address), { ttlMs: 20_000 });
    const { token } = await session.acquire(bench.lock, 'a');
    session.leave();
    await session.stream.ended;
    return token;
  };
  const tokens = [await grant()];
  await server.stop('SIGTERM');
  const backup = `${server.directory}.backup`;
  await cp(server.directory, backup, { recursive: true });
  await server.start();
  tokens.push(await grant(), await grant());
  await server.stop('SIGTERM');
  await rm(server.directory, { recursive: true });
  await cp(backup, server.directory, { recursive: true });
  // Nobody is faster in earnest: an opening counts as four seconds (docs/adr/0011).
  await sleep(4_500);
  await server.start();
  tokens.push(await grant());
  assertRising(tokens);
  assert.equal(await isValid(bench.raw(server.address), bench.lock, tokens[2]!), false);
}

async function terminated(bench: Bench): Promise<void> {
  const server = await bench.ownServer(['--drain-timeout', '500ms']);
  const raw = bench.raw(server.address);
  const lockOf = (index: number): string => `${bench.lock}-${index}`;
  const sessions = await Promise.all(
    Array.from({ length: SESSIONS }, () => RawSession.open(raw, { ttlMs: 30_000 })),
  );
  const grants = await Promise.all(
    sessions.map((session, index) => session.acquire(lockOf(index), 'a')),
  );
  const startMs = performance.now();
  const [code] = await Promise.all([
    server.stop('SIGTERM'),
    ...sessions.map((session) => session.next('draining')),
  ]);
  assert.equal(code, 0);
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < 8_000, `it took ${Math.round(tookMs)} ms to end`);
  await server.start();
  const again = bench.raw(server.address);
  const resumed = await Promise.all(
    sessions.map(({ welcome }) => RawSession.open(again, { ttlMs: 30_000, resume: welcome })),
  );
  assert.deepEqual(
    resumed.map(({ welcome }) => welcome.held[0]?.token),
    grants.map(({ token }) => token),
  );
}

async function staleSocket(bench: Bench): Promise<void> {
  const server = await bench.ownServer(['--memory-only']);
  const client = await bench.client('beside it', { address: server.address });
  await client.cache.set('key', 'value');
  const lease = await client.locks.acquire(bench.lock, { ttl: 1_000 });
  await server.kill();
  // The socket's file is still there, and nobody listens.
  await stat(server.address.slice('unix:'.length));
  await server.start();
  await until('the cache is back', async () => (await client.cache.get('key')) === undefined);
  await abortOf(lease.signal);
  assertRising([lease.token, (await client.locks.acquire(bench.lock, { wait: '5s' })).token]);
}

async function twoServers(bench: Bench): Promise<void> {
  const server = await bench.ownServer();
  const client = await bench.client('first', { address: server.address });
  const lease = await client.locks.acquire(bench.lock, { ttl: '20s' });
  const { code, stdout, stderr } = await run([
    ...['serve', '--directory', server.directory, '--listen', '127.0.0.1:0', '--json'],
  ]);
  assert.deepEqual([code, stdout.includes('ready')], [1, false]);
  assert.match(stderr, /DIRECTORY_LOCKED/);
  await lease.renew();
  lease.assertHeld();
}

const KILLS = 'kills it';
const RESTARTS = 'stops it and starts it again';

export const SERVER_FAILURES: readonly Scenario[] = [
  {
    number: 8,
    name: 'server SIGKILL and back within TTL: same tokens, same order, nothing granted twice',
    ownServer: KILLS,
    run: back,
  },
  { number: 9, name: 'server down past TTL', ownServer: KILLS, run: down },
  {
    number: 10,
    name: 'crash between persist and send: the retry gets the same grant',
    ownServer: KILLS,
    run: persistedNotSent,
  },
  {
    number: 13,
    name: 'torn journal tail: last valid state, never a lower token',
    ownServer: 'kills it and cuts its journal',
    run: tornTail,
  },
  {
    number: 14,
    name: 'old backup restored: refuses or bumps its epoch, tokens stay above',
    ownServer: 'puts its files back',
    run: oldBackup,
  },
  {
    number: 29,
    name: 'SIGTERM with 1,000 sessions: Draining, exit in time, reattach with the same tokens',
    ownServer: RESTARTS,
    isHeavy: true,
    run: terminated,
  },
  {
    number: 30,
    name: 'sidecar restarts in a pod that shares a socket directory: stale socket replaced, clients back',
    ownServer: KILLS,
    run: staleSocket,
  },
  {
    number: 31,
    name: 'two servers on one directory: the second refuses',
    ownServer: 'needs its directory',
    run: twoServers,
  },
];
