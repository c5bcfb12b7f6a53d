// Goal: the command `holdfast` serves a real store, stops cleanly on signals, keeps what was
// written, and says clearly what is wrong with a configuration.
// Method: the built command in processes of its own, on free ports and sockets in a temporary
// directory.
// Not covered: kill -9 under load (core, node-adapter and the quickstart do that), TLS (there is
// none).
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GetResponse__Output, GetServerInfoResponse__Output } from '@holdfast/protos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt, run, serve, stop } from './command-process.ts';
import { TestClient } from './test-client.ts';

let directory: string;
beforeAll(() => {
  assertBuilt();
  directory = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('holdfast serve', () => {
  test('says where it serves, keeps what was written over SIGTERM and a restart, and exits with 0', async () => {
    const store = join(directory, 'store');
    const socket = join(directory, 'h.sock');
    const args = ['serve', '--json', '-d', store, '--listen', '127.0.0.1:0', '--socket', socket];
    const first = await serve(args);
    expect(first.ready).toMatchObject({ event: 'ready', version: '0.1.0', directory: store });
    expect(first.ready.addresses).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      `unix:${socket}`,
    ]);
    const client = new TestClient(first.ready.addresses[0]!);
    const key = Buffer.from('k');
    await client.call('cache', 'set', {
      key,
      value: { data: Buffer.from('v') },
      ttl: { seconds: 60 },
    });
    const info = await client.call<GetServerInfoResponse__Output>('admin', 'getServerInfo', {});
    expect(info).toMatchObject({ directory: store, processId: first.process.pid });
    await client.call('admin', 'flush', {});
    const stats = await client.call('admin', 'getStats', {});
    expect(stats).toMatchObject({ cache: { records: '1' } });
    client.close();
    expect(await stop(first.process, 'SIGTERM')).toEqual({ code: 0, signal: null });
    expect(existsSync(socket)).toBe(false);

    const second = await serve(args);
    const again = new TestClient(second.ready.addresses[1]!);
    const { entry } = await again.call<GetResponse__Output>('cache', 'get', { key });
    expect(String(entry!.value!.data)).toBe('v');
    again.close();
    expect(await stop(second.process, 'SIGINT')).toEqual({ code: 0, signal: null });
  });

  test('ends on SIGTERM while a peer that answers nothing holds a connection', async () => {
    const args = ['serve', '--json', '--memory-only', '--listen', '127.0.0.1:0'];
    const server = await serve([...args, '--drain-timeout', '100ms']);
    const [host, port] = server.ready.addresses[0]!.split(':');
    // It speaks HTTP/2 once, never reads, and keeps its half open when the server ends its own.
    const peer = connect({ host: host!, port: Number(port), allowHalfOpen: true });
    peer.on('error', () => {});
    peer.pause();
    peer.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    peer.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    const client = new TestClient(server.ready.addresses[0]!);
    await client.call('admin', 'getServerInfo', {});
    client.close();
    const timer = setTimeout(() => server.process.kill('SIGKILL'), 8_000);
    expect(await stop(server.process, 'SIGTERM')).toEqual({ code: 0, signal: null });
    clearTimeout(timer);
    peer.destroy();
  }, 20_000);

  test('replaces the socket it left when it was killed', async () => {
    const socket = join(directory, 'killed.sock');
    const args = ['serve', '--json', '--memory-only', '--socket', socket];
    const first = await serve(args);
    await stop(first.process, 'SIGKILL');
    expect(existsSync(socket)).toBe(true);
    const second = await serve(args);
    expect(second.ready).toMatchObject({ addresses: [`unix:${socket}`], directory: null });
    const third = await run([...args]);
    expect(third).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a server is listening already'),
    });
    expect(await stop(second.process, 'SIGTERM')).toEqual({ code: 0, signal: null });
  });

  test('refuses a directory that another server has, naming its process', async () => {
    const store = join(directory, 'locked');
    const args = ['serve', '--json', '-d', store, '--listen', '127.0.0.1:0'];
    const first = await serve(args);
    const second = await run(args);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('DIRECTORY_LOCKED');
    expect(second.stderr).toContain(String(first.process.pid));
    await stop(first.process, 'SIGTERM');
  });

  test('exits with 1 when its address is taken, and gives the directory back', async () => {
    const first = await serve(['serve', '--json', '--memory-only', '--listen', '127.0.0.1:0']);
    const store = join(directory, 'no-address');
    const args = ['serve', '-d', store, '--listen', first.ready.addresses[0]!];
    for (let round = 0; round < 2; round++) {
      const second = await run(args);
      expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot listen') });
    }
    await stop(first.process, 'SIGTERM');
  });

  test.each([
    ['an unknown option', ['--wat'], "unknown option '--wat'"],
    ['a durability that does not exist', ['--durability', 'forever'], 'Allowed choices'],
    ['a size that is none', ['--memory-bytes-max', 'lots'], 'a size must be like'],
    ['a size too small', ['--memory-bytes-max', '1KiB'], 'memoryBytesMax'],
    ['a duration that is none', ['--drain-timeout', '10 seconds'], 'drain-timeout must be'],
    ['a drain timeout without end', ['--drain-timeout', '2d'], 'drainTimeout must be'],
    ['an address without a port', ['--listen', 'localhost'], 'listen must be host:port'],
    ['a port that is none', ['--listen', 'localhost:99999'], 'listen must be host:port'],
    ['a log level that does not exist', ['--log-level', 'loud'], 'Allowed choices'],
    ['an argument too many', ['extra'], 'too many arguments'],
  ])('exits with 2 for %s', async (_what, flags, message) => {
    const result = await run(['serve', '--memory-only', ...flags]);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
  });

  test('exits with 2 when something else is where the socket should be', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'x');
    const result = await run(['serve', '--memory-only', '--socket', path]);
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('taken by something else'),
    });
  });
});

describe('holdfast health', () => {
  test('exits with 0 for a server that is ready and with 1 for none', async () => {
    const socket = join(directory, 'health.sock');
    const server = await serve(['serve', '--json', '--memory-only', '--socket', socket]);
    const address = `unix:${socket}`;
    expect(await run(['health', '--address', address])).toMatchObject({
      code: 0,
      stdout: `${address} readiness: SERVING\n`,
    });
    const json = await run(['health', '--address', address, '--service', 'liveness', '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ address, service: 'liveness', status: 'SERVING' });
    await stop(server.process, 'SIGTERM');
    const gone = await run(['health', '--address', address, '--timeout', '500ms']);
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('UNAVAILABLE') });
  });
});

test('holdfast health asks the server itself, whatever proxy is set, also at an http:// address', async () => {
  const server = await serve(['serve', '--json', '--memory-only', '--listen', '127.0.0.1:0']);
  const env = { grpc_proxy: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' };
  for (const before of ['', 'http://']) {
    const address = `${before}${server.ready.addresses[0]}`;
    expect(await run(['health', '--address', address], env)).toMatchObject({ code: 0, stderr: '' });
  }
  await stop(server.process, 'SIGTERM');
});

test('says its version, and its help to whoever asks', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
  const help = await run(['serve', '--help']);
  expect(help.code).toBe(0);
  for (const text of ['--directory', '--listen', '--socket', '--drain-timeout', 'Exit codes']) {
    expect(help.stdout).toContain(text);
  }
  expect((await run([])).code).toBe(2);
  expect((await run(['unknown'])).code).toBe(2);
});
