// Goal: a command runs under a lock and is gone, with all it started, before its lease is over;
// exit codes tell a command that failed from a lease that was lost.
// Method: real processes: the built command, servers that are killed, stopped and cut off, and
// commands with grandchildren who ignore SIGTERM. That they were gone in time is judged by the next
// holder, when the server is alive, and by a TTL from the cut, when it is not.
// Not covered: a network that swallows everything (failure-kit/connections.ts); a terminal; a
// machine that is suspended; SIGKILL of `holdfast lock` itself.
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertBuilt, run, serve, stop } from './command-process.ts';
import { isRunning, LockedCommands, STUBBORN } from './locked-commands.ts';

/** Where programs run: a test's own. */
let directory: string;
const serverDirectory = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
const socket = join(serverDirectory, 'h.sock');
const env: Record<string, string> = { HOLDFAST_ADDRESS: `unix:${socket}` };
/** Of all tests but those that end it. */
let server: ChildProcess;
let locked: LockedCommands;

beforeAll(async () => {
  assertBuilt();
  server = await startServer();
});

beforeEach(async () => {
  directory = mkdtempSync(join(serverDirectory, 'test-'));
  locked = new LockedCommands(directory, env);
  if (server.exitCode !== null || server.signalCode !== null) server = await startServer();
});

afterEach(async ({ task }) => {
  locked.endAll();
  // A test that failed may have left the lock to somebody.
  if (task.result?.state === 'fail') await endServer();
});

afterAll(async () => {
  await endServer();
  rmSync(serverDirectory, { recursive: true, force: true });
});

async function startServer(): Promise<ChildProcess> {
  return (await serve(['serve', '--json', '--memory-only', '--socket', socket])).process;
}

async function endServer(): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGCONT');
  await stop(server, 'SIGKILL');
}

describe('runs a command', () => {
  test('with the lock, the token and the lease in its environment', async () => {
    const program = 'printenv HOLDFAST_LOCK HOLDFAST_TOKEN HOLDFAST_LEASE_ID > out';
    expect(await locked.lock([], program).ended).toEqual({ code: 0, stderr: '' });
    const [name, token, leaseId] = (await locked.written('out')).split('\n');
    expect(name).toBe('job');
    expect(leaseId).not.toBe('');
    await locked.lock([], program).ended;
    expect(BigInt((await locked.written('out')).split('\n')[1]!) > BigInt(token!)).toBe(true);
  });

  test('without a shell, and with its standard streams', async () => {
    const result = await run(['lock', 'job', '--', 'printf', '%s|', '$HOME', 'a b', '-x'], env);
    expect(result).toEqual({ code: 0, stdout: '$HOME|a b|-x|', stderr: '' });
    expect(await run(['lock', 'job', '--', 'cat'], env, 'piped')).toMatchObject({
      code: 0,
      stdout: 'piped',
    });
  });

  test('one at a time, and readers together', async () => {
    const first = locked.lock(
      ['--shared'],
      'echo 1 > first; while [ ! -e second ]; do sleep 0.02; done',
    );
    await locked.written('first');
    expect(await locked.lock(['--try'], 'true').ended).toMatchObject({ code: 120 });
    expect(await locked.lock(['--wait', '100ms'], 'true').ended).toMatchObject({ code: 120 });
    expect(await locked.lock(['--shared'], 'echo 2 > second').ended).toMatchObject({ code: 0 });
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await locked.lock(['--try'], 'true').ended).toMatchObject({ code: 0 });
  });

  test('with permits', async () => {
    const hold = 'echo 1 > held; while [ ! -e done ]; do sleep 0.02; done';
    const holder = locked.lock(['--permits', '2/3'], hold);
    await locked.written('held');
    expect(await locked.lock(['--permits', '2/3', '--try'], 'true').ended).toMatchObject({
      code: 120,
    });
    expect(await locked.lock(['--permits', '1/3', '--try'], 'true').ended).toMatchObject({
      code: 0,
    });
    writeFileSync(join(directory, 'done'), '');
    expect(await holder.ended).toMatchObject({ code: 0 });
  });

  test('and ends what it leaves behind before the lock is free', async () => {
    const program = `sh -c 'trap "" TERM; echo $$ > left; while :; do sleep 0.05; done' &
      while [ ! -s left ]; do sleep 0.02; done; exit 3`;
    expect(await locked.lock(['--kill-grace', '200ms'], program).ended).toEqual({
      code: 3,
      stderr: '',
    });
    expect(isRunning(await locked.written('left'))).toBe(false);
  });
});

describe('exit codes', () => {
  test.each([
    ["the command's own", ['sh', '-c', 'exit 7'], 7, ''],
    ['its signal', ['sh', '-c', 'kill -KILL $$'], 137, ''],
    ['no such command', ['no-such-command'], 127, 'command not found'],
    ['no program', ['/etc/passwd'], 126, 'not executable'],
    ['a folder', ['/etc'], 126, 'not executable'],
  ])('%s', async (_what, command, code, message) => {
    const result = await locked.lockCommand([], command).ended;
    expect(result).toEqual({ code, stderr: expect.stringContaining(message) });
    expect((await run(['locks', 'ls'], env)).stdout).toBe('');
  });

  test.each([
    ['a TTL that is none', ['--ttl', 'soon', 'job', '--', 'true']],
    ['a TTL too short', ['--ttl', '500ms', 'job', '--', 'true']],
    ['a grace too long', ['--ttl', '2s', '--kill-grace', '1500ms', 'job', '--', 'true']],
    ['permits that are none', ['--permits', '3', 'job', '--', 'true']],
    ['more permits than there are', ['--permits', '3/2', 'job', '--', 'true']],
    ['two kinds of lock', ['--shared', '--permits', '1/2', 'job', '--', 'true']],
    ['two kinds of wait', ['--try', '--wait', '1s', 'job', '--', 'true']],
    ['no command', ['job']],
    ['no name', ['', '--', 'true']],
    ['an address that is none', ['--address', 'unix:', 'job', '--', 'true']],
  ])('2 for %s', async (_what, args) => {
    const { code, stderr } = await run(['lock', ...args], env);
    expect([code, stderr === '']).toEqual([2, false]);
  });

  test('122 without a server, within the timeout', async () => {
    await stop(server, 'SIGKILL');
    const result = await locked.lock(['--timeout', '300ms'], 'touch ran').ended;
    expect(result).toEqual({ code: 122, stderr: expect.stringContaining('UNAVAILABLE') });
    expect(existsSync(join(directory, 'ran'))).toBe(false);
  });

  test('--help has them', async () => {
    const { stdout } = await run(['lock', '--help']);
    for (const code of ['120', '121', '122', '126', '127', '128+']) expect(stdout).toContain(code);
  });
});

describe('signals', () => {
  test.each(['INT', 'TERM', 'HUP', 'QUIT', 'USR1', 'USR2'])(
    '%s reaches the command',
    async (name) => {
      const program = `trap 'echo ${name} > heard; exit 5' ${name}
      echo 1 > ready; while :; do sleep 0.02; done`;
      const running = locked.lock([], program);
      await locked.written('ready');
      running.process.kill(`SIG${name}` as NodeJS.Signals);
      // A shell says on standard error what became of its own commands.
      expect(await running.ended).toMatchObject({ code: 5 });
      expect(await locked.written('heard')).toBe(name);
    },
  );

  test('and the whole group; a command that dies of one is told by its exit code', async () => {
    const running = locked.lock([], 'sleep 1000 & echo $! > background; wait');
    const background = await locked.written('background');
    running.process.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 143, stderr: '' });
    expect(isRunning(background)).toBe(false);
  });

  test('one that comes while waiting ends the wait', async () => {
    const holder = locked.lock([], 'echo 1 > held; while [ ! -e done ]; do sleep 0.02; done');
    await locked.written('held');
    const waiting = locked.lock([], 'touch ran');
    const waiters = async () => JSON.parse((await run(['locks', 'ls', '--json'], env)).stdout);
    await expect.poll(waiters).toMatchObject([{ held: 1, waiting: 1 }]);
    waiting.process.kill('SIGINT');
    expect(await waiting.ended).toEqual({ code: 130, stderr: '' });
    await expect.poll(waiters).toMatchObject([{ held: 1, waiting: 0 }]);
    writeFileSync(join(directory, 'done'), '');
    expect(await holder.ended).toMatchObject({ code: 0 });
    expect(existsSync(join(directory, 'ran'))).toBe(false);
  });
});

describe('failure 36: the process group is gone before the lease is over', () => {
  const TTL_MS = 3_000;
  const options = ['--ttl', `${TTL_MS}ms`, '--kill-grace', '300ms'];

  test.each(['SIGKILL', 'SIGSTOP'] as const)('%s of the server', async (signal) => {
    const running = locked.lock(options, STUBBORN);
    const ids = await locked.stubborn();
    // No renewal arrives after this, so the server's deadline is at most a TTL away.
    const cutAtMs = performance.now();
    server.kill(signal);
    while (ids.some(isRunning)) await new Promise((resolve) => setImmediate(resolve));
    expect(performance.now() - cutAtMs).toBeLessThan(TTL_MS);
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([121, expect.stringContaining('about to end')]);
    await endServer();
  });

  test('a server that is back in time is no loss', async () => {
    const socket = join(directory, 'store.sock');
    const args = ['serve', '--json', '--directory', join(directory, 'store'), '--socket', socket];
    const first = await serve(args);
    const program = 'echo 1 > held; while [ ! -e done ]; do sleep 0.02; done; exit 4';
    const running = locked.lock(['--ttl', '10s', '--address', `unix:${socket}`], program);
    await locked.written('held');
    await stop(first.process, 'SIGKILL');
    const second = await serve(args);
    try {
      const sessions = async () => {
        const { stdout } = await run(['sessions', '--json', '--address', `unix:${socket}`]);
        return JSON.parse(stdout);
      };
      await expect.poll(sessions).toMatchObject([{ attached: true, held: 1 }]);
      writeFileSync(join(directory, 'done'), '');
      expect(await running.ended).toEqual({ code: 4, stderr: '' });
    } finally {
      await stop(second.process, 'SIGKILL');
    }
  });

  test('a lock that is broken: at once without a grace', async () => {
    const running = locked.lock([], STUBBORN);
    const ids = await locked.stubborn();
    const broken = await run(['locks', 'break', 'job'], env);
    expect(broken).toMatchObject({ code: 0, stdout: expect.stringMatching(/^token \d+: lost\n$/) });
    expect(await running.ended).toEqual({ code: 121, stderr: expect.stringContaining('is lost') });
    expect(ids.map(isRunning)).toEqual([false, false]);
  });

  test('a lock that is broken with a grace: SIGTERM first, which a good command obeys', async () => {
    const running = locked.lock(
      [],
      `trap 'echo 1 > tidied; exit 0' TERM
      echo 1 > ready; while :; do sleep 0.02; done`,
    );
    await locked.written('ready');
    await run(['locks', 'break', 'job', '--grace', '1m'], env);
    expect(await running.ended).toEqual({ code: 121, stderr: expect.stringContaining('operator') });
    expect(await locked.written('tidied')).toBe('1');
    // It was released, not lost: nobody waits for the rest of the minute.
    expect(await locked.lock(['--try'], 'true').ended).toMatchObject({ code: 0 });
  });

  test('the longest hold: SIGTERM, and SIGKILL before it is over', async () => {
    const running = locked.lock(['--max-hold', '2s', '--kill-grace', '300ms'], STUBBORN);
    const ids = await locked.stubborn();
    expect(await running.ended).toEqual({ code: 121, stderr: expect.stringContaining('about to') });
    expect(ids.map(isRunning)).toEqual([false, false]);
  });
});
