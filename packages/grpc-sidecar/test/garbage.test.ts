// Goal: nothing a client sends ends the server, or keeps it from answering others.
// Method: raw HTTP/2 and raw sockets: random bytes as messages of every method, wrong frames and
// lengths, bombs, streams cut half-way. After each, a call of another client has to be answered; an
// uncaught error fails the test run.
// Not covered: floods that need more bandwidth than a test has.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
} from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SeededRandom } from '@holdfast/core/testing';
import { loadHoldfastProtos } from '@holdfast/protos';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

const SEED = 20_261_123;
const { cacheService, lockService, adminService } = loadHoldfastProtos();
const PATHS = [
  ...[cacheService, lockService, adminService].flatMap((service) =>
    Object.values(service).map(({ path }) => path as string),
  ),
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/Watch',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
];

let running: TestServer;
let http2: ClientHttp2Session;
beforeAll(async () => {
  running = await startTestServer();
});
afterAll(() => running[Symbol.asyncDispose]());
beforeEach(() => {
  http2 = connectHttp2(`http://${running.server.addresses[0]}`);
  // A server may answer garbage by closing the connection.
  http2.on('error', () => {});
});
afterEach(async () => {
  http2.destroy();
  expect(await running.clients.unix.call('cache', 'get', {})).toEqual({
    entry: null,
    isStale: false,
  });
});

describe.each(PATHS)('%s', (path) => {
  test('random bytes as messages', async () => {
    const random = new SeededRandom(SEED);
    const statuses = new Set<string | undefined>();
    for (let round = 0; round < 40; round++) {
      const stream = request(path);
      for (let count = random.below(3); count >= 0; count--) {
        stream.write(framed(Buffer.from(random.fill(new Uint8Array(random.below(200))))));
      }
      stream.end();
      if (path.includes('/Watch')) setImmediate(() => stream.close());
      statuses.add(await statusOf(stream));
    }
    // Answered one way or another: with a status, or (a watch) closed by us.
    expect(statuses.size).toBeGreaterThan(0);
  });

  test.each([
    ['a length of 4 GiB', Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])],
    ['a length over the limit', Buffer.from([0, 0x10, 0, 0, 0])],
    ['a compression flag of 255', Buffer.from([255, 0, 0, 0, 1, 0])],
    ['half a frame', Buffer.from([0, 0, 0, 0, 100, 1, 2, 3])],
    ['half a frame header', Buffer.from([0, 0])],
    ['nothing', Buffer.alloc(0)],
    ['a million nested groups', framed(Buffer.alloc(1_000_000, 0x9b))],
    ['a nested length of 2 GiB', framed(Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0a]))],
  ])('%s', async (_what, bytes) => {
    const stream = request(path);
    stream.end(bytes);
    if (path.includes('/Watch')) setImmediate(() => stream.close());
    const status = await statusOf(stream);
    expect(status).not.toBe('timed out');
  });

  test('a stream that is reset half-way', async () => {
    for (let round = 0; round < 20; round++) {
      const stream = request(path);
      stream.write(framed(Buffer.alloc(0)));
      stream.write(Buffer.from([0, 0, 0]));
      if (round % 2 === 0) setImmediate(() => stream.close(8));
      else stream.close(2);
      await statusOf(stream);
    }
  });
});

test.each(['/holdfast.v1.CacheService/Set', '/holdfast.v1.LockService/Session'])(
  'a gzip bomb for %s',
  async (path) => {
    const stream = request(path, { 'grpc-encoding': 'gzip' });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const header = Buffer.from([1, 0, 0, 0, 0]);
    header.writeUInt32BE(bomb.length, 1);
    stream.end(Buffer.concat([header, bomb]));
    expect(await statusOf(stream)).toBe('8');
  },
);

test.each([
  ['an unknown method', '/holdfast.v1.CacheService/%ED%A0%80', {}],
  ['an unknown service', '/nobody/nothing', {}],
  ['no service', '/', {}],
  ['a timeout that is no number', '/holdfast.v1.CacheService/Get', { 'grpc-timeout': 'soon' }],
  ['a timeout of zero', '/holdfast.v1.CacheService/Get', { 'grpc-timeout': '0n' }],
  ['a huge timeout', '/holdfast.v1.CacheService/Get', { 'grpc-timeout': '99999999H' }],
  ['another content type', '/holdfast.v1.CacheService/Get', { 'content-type': 'text/html' }],
  ['an unknown encoding', '/holdfast.v1.CacheService/Get', { 'grpc-encoding': 'rot13' }],
  ['large headers', '/holdfast.v1.CacheService/Get', { 'x-large': 'v'.repeat(12_000) }],
  ['broken binary headers', '/holdfast.v1.CacheService/Get', { 'x-bin': '!!! not base64 !!!' }],
])('%s', async (_what, path, headers) => {
  const stream = request(path, headers);
  stream.end(Buffer.concat([Buffer.from([1]), framed(Buffer.alloc(0)).subarray(1)]));
  expect(await statusOf(stream)).not.toBe('timed out');
});

test('bytes that are no HTTP/2', async () => {
  const random = new SeededRandom(SEED);
  const [host, port] = running.server.addresses[0]!.split(':');
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  for (let round = 0; round < 60; round++) {
    const socket = connectTcp(Number(port), host);
    const noise = Buffer.from(random.fill(new Uint8Array(1 + random.below(300))));
    socket.on('error', () => {});
    socket.write(round % 2 === 0 ? noise : Buffer.concat([preface, noise]));
    if (round % 3 === 0) socket.end();
    await new Promise((resolve) => {
      socket.on('close', resolve);
      socket.on('data', () => socket.destroy());
      socket.setTimeout(100, () => socket.destroy());
    });
  }
});

test('connections that say nothing do not keep others out', async () => {
  const [host, port] = running.server.addresses[0]!.split(':');
  const sockets = Array.from({ length: 200 }, () => connectTcp(Number(port), host));
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.on('connect', resolve))),
  );
  expect(await running.clients.tcp.call('cache', 'get', {})).toEqual({
    entry: null,
    isStale: false,
  });
  for (const socket of sockets) socket.destroy();
});

function request(path: string, headers: Record<string, string> = {}): ClientHttp2Stream {
  const stream = http2.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  stream.resume();
  return stream;
}

/** A gRPC frame around a message. */
function framed(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/** The gRPC status a stream ended with; `undefined` if it ended without one. */
function statusOf(stream: ClientHttp2Stream): Promise<string | undefined> {
  return new Promise((resolve) => {
    let status: string | undefined;
    const note = (headers: Record<string, unknown>) => {
      status = (headers['grpc-status'] as string | undefined) ?? status;
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('close', () => resolve(status));
    stream.setTimeout(20_000, () => resolve('timed out'));
  });
}
