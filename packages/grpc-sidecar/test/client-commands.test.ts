// Goal: get, set, delete, ttl and stats say what a server holds, take values as they are from
// arguments and pipes, and answer by their exit codes.
// Method: the built command in processes of its own against a real server in memory. Not covered:
// a terminal's own form of output (no test has one).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt, run, serve, stop } from './command-process.ts';
import { TestClient } from './test-client.ts';

let directory: string;
let server: Awaited<ReturnType<typeof serve>>;
let env: Record<string, string>;

beforeAll(async () => {
  assertBuilt();
  directory = mkdtempSync(join(tmpdir(), 'holdfast-commands-'));
  const socket = join(directory, 'h.sock');
  server = await serve(['serve', '--json', '--memory-only', '--socket', socket]);
  env = { HOLDFAST_ADDRESS: `unix:${socket}` };
});

afterAll(async () => {
  await stop(server.process, 'SIGTERM');
  rmSync(directory, { recursive: true });
});

const DONE = { code: 0, stderr: '' };
const text = (stdout: string) => ({ code: 0, stderr: '', stdout });

describe('set and get', () => {
  test('a value comes back as it was given, without a byte more', async () => {
    expect(await run(['set', 'greeting', 'hällo'], env)).toEqual(text('stored\n'));
    expect(await run(['get', 'greeting'], env)).toEqual(text('hällo'));
    expect(await run(['set', 'empty', ''], env)).toMatchObject(DONE);
    expect(await run(['get', 'empty'], env)).toEqual(text(''));
  });

  test('standard input is bytes, with - or without, unless it is said to be something else', async () => {
    for (const value of [['-'], []]) {
      const bytes = Uint8Array.of(65, 0, 66, 10);
      expect(await run(['set', 'piped', ...value], env, bytes)).toMatchObject(DONE);
      expect(await run(['get', 'piped'], env)).toEqual(text('A\0B\n'));
      const json = JSON.parse((await run(['get', 'piped', '--json'], env)).stdout);
      expect(json).toMatchObject({ encoding: 'bytes', value: 'QQBCCg==' });
    }
    expect(await run(['set', 'piped', '-', '--encoding', 'text'], env, 'text')).toMatchObject(DONE);
    expect(JSON.parse((await run(['get', 'piped', '--json'], env)).stdout)).toMatchObject({
      encoding: 'text',
      value: 'text',
    });
  });

  test('JSON is checked, stored as JSON, and printed as JSON', async () => {
    const args = ['set', 'object', '--encoding', 'json'];
    expect(await run(args, env, '{ "a": [1, 2] }')).toMatchObject(DONE);
    expect(await run(['get', 'object'], env)).toEqual(text('{"a":[1,2]}\n'));
    const wrong = await run(args, env, '{ "a": ');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('not JSON') });
    const notText = await run([...args.slice(0, 2), '--encoding', 'text'], env, Uint8Array.of(255));
    expect(notText).toMatchObject({ code: 2, stderr: expect.stringContaining('not UTF-8') });
  });

  test('MessagePack of other clients is printed as JSON', async () => {
    const client = new TestClient(env.HOLDFAST_ADDRESS!);
    const key = Buffer.from('packed');
    // [1, 2^53 + 1, bytes]
    const data = Buffer.from([0x93, 1, 0xcf, 0, 0x20, 0, 0, 0, 0, 0, 1, 0xc4, 1, 7]);
    await client.call('cache', 'set', { key, value: { data, encoding: 'ENCODING_MSGPACK' } });
    expect(await run(['get', 'packed'], env)).toEqual(text('[1,"9007199254740993","Bw=="]\n'));
    await client.call('cache', 'set', { key, value: { data: Buffer.from([0x93]), encoding: 4 } });
    expect(await run(['get', 'packed'], env)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('CORRUPT'),
    });
    client.close();
  });

  test('--if-absent answers by its exit code', async () => {
    const args = ['set', 'once', 'first', '--if-absent', '--durability', 'written'];
    expect(await run(args, env)).toMatchObject({ code: 0 });
    expect(await run(args, env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('not stored'),
    });
    const json = await run([...args, '--json'], env);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ key: 'once', stored: false });
  });

  test('a miss exits with 1 and prints nothing but a message', async () => {
    expect(await run(['get', 'nothing'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'holdfast: no value, key=nothing\n',
    });
  });
});

test('delete removes a key, and exits with 1 if there was none', async () => {
  await run(['set', 'gone', 'x'], env);
  expect(await run(['delete', 'gone'], env)).toEqual(text('deleted\n'));
  expect(await run(['delete', 'gone', '--json'], env)).toMatchObject({
    code: 1,
    stdout: '{"key":"gone","existed":false}\n',
  });
});

test('ttl prints what is left, and gives a new deadline', async () => {
  await run(['set', 'short', 'x', '--ttl', '1h'], env);
  const { stdout } = await run(['ttl', 'short'], env);
  const [, left] = /^(\d+)ms\n$/.exec(stdout)!;
  expect(Number(left)).toBeGreaterThan(3_500_000);
  expect(Number(left)).toBeLessThanOrEqual(3_600_000);
  const longer = JSON.parse((await run(['ttl', 'short', '2h', '--json'], env)).stdout);
  expect(longer.ttl).toBeGreaterThan(7_000_000);
  expect(longer.expiresAt).toBeGreaterThan(Date.now());
  expect(await run(['ttl', 'short', 'never'], env)).toEqual(text('never\n'));
  expect(await run(['ttl', 'nothing'], env)).toMatchObject({ code: 1 });
  expect(await run(['ttl', 'nothing', '1h'], env)).toMatchObject({ code: 1, stdout: '' });
});

test('stats prints the figures of the server, for people and for programs', async () => {
  await run(['set', 'counted', 'x'], env);
  const { stdout } = await run(['stats', '--json'], env);
  const stats = JSON.parse(stdout);
  expect(stats.info).toMatchObject({ processId: server.process.pid, directory: null });
  expect(stats.cache.records).toBeGreaterThan(0);
  expect(stats.server.cacheOperations).toBeGreaterThan(0);
  const lines = (await run(['stats'], env)).stdout;
  expect(lines).toMatch(/^info\.directory +memory only$/m);
  expect(lines).toMatch(/^cache\.records +\d+$/m);
});

describe('errors', () => {
  test.each([
    ['a TTL that is none', ['set', 'k', 'v', '--ttl', 'soon'], 'ttl must be'],
    ['a TTL the server refuses', ['set', 'k', 'v', '--ttl', '0ms'], 'ttl must be more than 0'],
    ['an encoding that does not exist', ['set', 'k', 'v', '--encoding', 'xml'], 'Allowed choices'],
    ['no key', ['get'], 'missing required argument'],
    ['an argument too many', ['delete', 'a', 'b'], 'too many arguments'],
  ])('exits with 2 for %s', async (_what, args, message) => {
    const result = await run(args, env);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  test('exits with 3 without a server', async () => {
    const address = `unix:${join(directory, 'nobody.sock')}`;
    for (const command of [
      ['get', 'k'],
      ['ttl', 'k'],
      ['delete', 'k'],
      ['set', 'k', 'v'],
      ['stats'],
    ]) {
      const result = await run([...command, '--address', address, '--timeout', '500ms'], env);
      expect(result).toMatchObject({ code: 3, stdout: '' });
      expect(result.stderr).toContain('UNAVAILABLE');
    }
  });

  test.each(['get', 'set', 'delete', 'ttl', 'stats'])('%s has help', async (name) => {
    const { code, stdout } = await run([name, '--help']);
    expect(code).toBe(0);
    for (const part of ['--address', '--timeout', '--json', 'Exit codes']) {
      expect(stdout).toContain(part);
    }
  });
});
