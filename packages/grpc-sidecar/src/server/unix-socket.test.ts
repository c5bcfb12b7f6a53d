// Goal: a stale socket is replaced, anything else at its path is left alone, and only one's own
// socket is removed.
// Method: real sockets and files in a temporary directory. Not covered: two servers that start at
// the same instant.
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenOnUnixSocket } from './unix-socket.ts';

let directory: string;
let path: string;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-socket-'));
  path = join(directory, 'h.sock');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

test('listens at the path, for owner and group, and leaves nothing else behind', async () => {
  const socket = await listenOnUnixSocket(path, (at) => listen(at, 'one'));
  expect(await greeting()).toBe('one');
  expect(lstatSync(path).mode & 0o777).toBe(0o660);
  expect(readdirSync(directory)).toEqual(['h.sock']);
  await socket.remove();
  await socket.remove();
  expect(existsSync(path)).toBe(false);
});

test('replaces the socket of a server that is gone', async () => {
  await makeStale();
  expect(lstatSync(path).isSocket()).toBe(true);
  await listenOnUnixSocket(path, (at) => listen(at, 'new'));
  expect(await greeting()).toBe('new');
});

test('refuses the path of a server that is alive, and does not disturb it', async () => {
  await listen(path, 'alive');
  let hasListened = false;
  const attempt = listenOnUnixSocket(path, async () => {
    hasListened = true;
  });
  await expect(attempt).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { path } });
  expect(hasListened).toBe(false);
  expect(await greeting()).toBe('alive');
});

test('refuses a path where something else is, and leaves it', async () => {
  writeFileSync(path, 'important');
  const attempt = listenOnUnixSocket(path, (at) => listen(at, 'one'));
  await expect(attempt).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(lstatSync(path).isFile()).toBe(true);
});

test('refuses a path that does not fit into an address', async () => {
  const attempt = listenOnUnixSocket(join(directory, 'x'.repeat(108)), async () => {});
  await expect(attempt).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('says which directory is missing', async () => {
  const attempt = listenOnUnixSocket(join(directory, 'missing', 'h.sock'), (at) => listen(at, ''));
  await expect(attempt).rejects.toThrow('missing');
});

test("does not remove a successor's socket", async () => {
  const first = await listenOnUnixSocket(path, (at) => listen(at, 'first'));
  rmSync(path);
  await listenOnUnixSocket(path, (at) => listen(at, 'second'));
  await first.remove();
  expect(await greeting()).toBe('second');
});

function listen(at: string, text: string): Promise<void> {
  const server = createServer((socket) => {
    // A probe hangs up without reading.
    socket.on('error', () => {});
    socket.end(text);
  });
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(at, resolve);
  });
}

/** A socket file whose server closed without removing it, as after a kill. */
async function makeStale(): Promise<void> {
  const other = join(directory, 'other');
  await listen(other, 'gone');
  renameSync(other, path);
  await new Promise((resolve) => servers.pop()!.close(resolve));
}

function greeting(): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    connect(path)
      .on('error', reject)
      .on('data', (bytes) => {
        text += bytes;
      })
      .on('close', () => resolve(text));
  });
}
