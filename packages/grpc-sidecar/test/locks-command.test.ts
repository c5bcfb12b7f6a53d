// Goal: operators see who holds locks, what happens to them, and can take one away.
// Method: the built command in processes of its own against a real server; a `holdfast lock` and a
// client of the wire hold and wait. Not covered: more than a page of locks (admin-locks.test.ts).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AcquireResponse__Output } from '@holdfast/protos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertBuilt, run, serve, stop } from './command-process.ts';
import { openSession, TestClient } from './test-client.ts';

const COMMAND = join(import.meta.dirname, '../bin/holdfast.js');

let directory: string;
let server: ChildProcess;
let env: Record<string, string>;
let client: TestClient;

beforeAll(async () => {
  assertBuilt();
  directory = mkdtempSync(join(tmpdir(), 'holdfast-locks-'));
  const socket = join(directory, 'h.sock');
  server = (await serve(['serve', '--json', '--memory-only', '--socket', socket])).process;
  env = { HOLDFAST_ADDRESS: `unix:${socket}` };
  client = new TestClient(env.HOLDFAST_ADDRESS!);
});

afterAll(async () => {
  client.close();
  await stop(server, 'SIGKILL');
  rmSync(directory, { recursive: true });
});

async function json(...args: string[]) {
  return JSON.parse((await run([...args, '--json'], env)).stdout);
}

test('ls and sessions show holders and waiters', async () => {
  const session = client.session();
  const { sessionId } = await openSession(session, {
    clientName: 'two words',
    metadata: { pod: 'a' },
  });
  session.say({
    acquire: { requestId: 'a', name: 'ls/1', mode: 'LOCK_MODE_PERMIT', permits: 2, capacity: 3 },
  });
  const { token } = (await session.hear()).granted!;
  session.say({
    acquire: { requestId: 'b', name: 'ls/1', mode: 'LOCK_MODE_PERMIT', permits: 2, capacity: 3 },
  });
  await session.hear();
  const who = { clientName: 'two words', sessionId, mode: 'permit', permits: 2 };
  expect(await json('locks', 'ls', '--prefix', 'ls/')).toEqual([
    {
      name: 'ls/1',
      held: 1,
      waiting: 1,
      holders: [{ ...who, token }],
      waiters: [{ ...who, token: null }],
    },
  ]);
  expect((await run(['locks', 'ls', '--prefix', 'ls/'], env)).stdout).toBe(
    `held      ls/1                     permits=2  token=${token} "two words"\n` +
      'waiting   ls/1                     permits=2  token=-      "two words"\n',
  );
  expect(await json('locks', 'ls', '--prefix', 'other')).toEqual([]);
  expect(await json('sessions')).toEqual([
    expect.objectContaining({
      ...{ sessionId, clientName: 'two words', metadata: { pod: 'a' }, attached: true },
      ...{ ttl: 10_000, remaining: expect.any(Number), held: 1, waiting: 1 },
    }),
  ]);
  const lines = (await run(['sessions'], env)).stdout;
  expect(lines).toMatch(/^[0-9a-f]+ attached held=1 +waiting=1 +left=\d+ms +"two words"\n$/);
  session.say({ goodbye: {} });
  await session.ended;
});

test('a name cannot drive a terminal', async () => {
  await client.call('locks', 'acquire', { name: 'esc\u001b[2J\u009b', clientName: 'a\nb' });
  const { stdout } = await run(['locks', 'ls', '--prefix', 'esc'], env);
  expect(stdout).toContain('"esc\\u001b[2J\\u009b"');
  expect(stdout).toContain('"a\\nb"');
  expect(await json('locks', 'break', 'esc\u001b[2J\u009b')).toMatchObject({
    name: 'esc\u001b[2J\u009b',
  });
});

test('watch prints what is held and every change, as lines of JSON', async () => {
  await client.call('locks', 'acquire', { name: 'w/1', clientName: 'first' });
  const args = ['locks', 'watch', '--prefix', 'w/'];
  const watches = [[...args, '--json'], args].map((each) =>
    spawn(process.execPath, [COMMAND, ...each], { env: { ...process.env, ...env } }),
  );
  const [events, lines] = watches.map(({ stdout }) => {
    return createInterface({ input: stdout })[Symbol.asyncIterator]();
  });
  const next = async () => JSON.parse((await events!.next()).value);
  const first = { name: 'w/1', clientName: 'first', mode: 'exclusive' };
  expect(await next()).toMatchObject({ change: 'granted', ...first });
  expect((await lines!.next()).value).toMatch(/^granted {3}w\/1 +exclusive {2}token=\d+ first$/);
  await run(['locks', 'break', 'w/1'], env);
  expect(await next()).toMatchObject({ change: 'lost', ...first, reason: 'admin' });
  expect((await lines!.next()).value).toMatch(/^lost .* first admin$/);
  const [, , ended] = [...watches.map((watch) => watch.kill('SIGINT')), once(watches[0]!, 'exit')];
  expect(await ended).toEqual([null, 'SIGINT']);
});

test('break takes a lock from all, or from one; 1 says that nobody held it', async () => {
  const acquire = async () => {
    const request = { name: 'b', mode: 'LOCK_MODE_SHARED' };
    const { granted }: AcquireResponse__Output = await client.call('locks', 'acquire', request);
    return granted!.token;
  };
  const tokens = [await acquire(), await acquire(), await acquire()];
  const one = ['locks', 'break', 'b', '--token', tokens[1]!];
  expect(await run(one, env)).toMatchObject({ code: 0, stdout: `token ${tokens[1]}: lost\n` });
  expect(await run(one, env)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'holdfast: not held, lock=b\n',
  });
  expect(await json('locks', 'break', 'b', '--grace', '1h')).toEqual({
    name: 'b',
    tokens: [tokens[0], tokens[2]],
  });
  expect((await json('locks', 'ls', '--prefix', 'b'))[0]).toMatchObject({ held: 2 });
  expect(await json('locks', 'break', 'b')).toEqual({ name: 'b', tokens: [tokens[0], tokens[2]] });
  expect(await json('locks', 'ls', '--prefix', 'b')).toEqual([]);
});

test.each([
  [['break', 'x', '--token', 'one'], 'token must be'],
  [['break', 'x', '--grace', '2h'], 'grace'],
  [['break', ''], '512 bytes'],
  [['nothing'], 'unknown command'],
])('exits with 2 for %j', async (args, message) => {
  const { code, stderr } = await run(['locks', ...args], env);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('exits with 3 without a server', async () => {
  const address = ['--address', `unix:${join(directory, 'nobody.sock')}`, '--timeout', '500ms'];
  for (const args of [['ls'], ['watch'], ['break', 'x']]) {
    const { code, stderr } = await run(['locks', ...args, ...address], env);
    expect([code, stderr]).toEqual([3, expect.stringContaining('UNAVAILABLE')]);
  }
  expect(await run(['sessions', ...address], env)).toMatchObject({ code: 3 });
});

test.each([['ls'], ['watch'], ['break']])('locks %s has help', async (name) => {
  const { code, stdout } = await run(['locks', name, '--help']);
  expect(code).toBe(0);
  for (const part of ['--address', '--json', 'Exit codes']) expect(stdout).toContain(part);
});
