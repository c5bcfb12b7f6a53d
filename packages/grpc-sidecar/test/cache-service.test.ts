// Goal: every RPC of CacheService and AdminService answers as cache.proto and admin.proto say,
// errors included.
// Method: a client made from the protos against a server over memory, over TCP and over a Unix
// socket.
// Not covered: the engine (command-line.test.ts has it), concurrency (pipeline.test.ts), broken
// messages (garbage.test.ts).
import { status as StatusCode } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type {
  BatchResponse__Output,
  GetManyResponse__Output,
  GetResponse__Output,
  GetServerInfoResponse__Output,
  GetStatsResponse__Output,
  SetManyResponse__Output,
  SetResponse__Output,
} from '@holdfast/protos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeStatus, failure, type TestClient } from './test-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const TEXT = 'ENCODING_TEXT';

let running: TestServer;
beforeAll(async () => {
  running = await startTestServer();
});
afterAll(() => running[Symbol.asyncDispose]());

describe.each(['tcp', 'unix'] as const)('over %s', (transport) => {
  const client = (): TestClient => running.clients[transport];
  const cache = <Response>(method: string, request: object) =>
    client().call<Response>('cache', method, request);
  const key = (name: string) => Buffer.from(`${transport}/${name}`);
  const value = (text: string) => ({ data: Buffer.from(text), encoding: TEXT });

  test('stores a value and gives it back with its facts', async () => {
    const set = await cache<SetResponse__Output>('set', {
      key: key('a'),
      value: value('hello'),
      ttl: { seconds: 30, nanos: 1 },
    });
    expect(set.stored).toBe(true);
    expect(BigInt(set.version)).toBeGreaterThan(2n ** 60n);
    const nowMs = running.clock.wallMs();
    const { entry } = await cache<GetResponse__Output>('get', { key: key('a') });
    expect(entry).toEqual({
      value: { data: Buffer.from('hello'), encoding: TEXT },
      version: set.version,
      createdAt: timestamp(nowMs),
      expiresAt: timestamp(nowMs + 30_001),
    });
  });

  test('a miss is an answer without an entry', async () => {
    expect(await cache('get', { key: key('nothing') })).toEqual({ entry: null, isStale: false });
  });

  test('tells no TTL, an absolute deadline, and never apart', async () => {
    const nowMs = running.clock.wallMs();
    const deadlineOf = async (expiry: object) => {
      await cache('set', { key: key('e'), value: value('v'), ...expiry });
      return (await cache<GetResponse__Output>('get', { key: key('e') })).entry!.expiresAt;
    };
    expect(await deadlineOf({})).toEqual(timestamp(nowMs + 3_600_000));
    expect(await deadlineOf({ expiresAt: timestamp(nowMs + 5) })).toEqual(timestamp(nowMs + 5));
    expect(await deadlineOf({ neverExpires: true })).toBeNull();
  });

  test('a value is gone at its deadline, and touch moves it', async () => {
    await cache('set', { key: key('t'), value: value('v'), ttl: { seconds: 10 } });
    expect(await cache('touch', { key: key('t'), ttl: { seconds: 20 } })).toEqual({
      existed: true,
    });
    await running.clock.advance(19_999);
    expect((await cache<GetResponse__Output>('get', { key: key('t') })).entry).not.toBeNull();
    await running.clock.advance(1);
    expect(await cache('get', { key: key('t') })).toEqual({ entry: null, isStale: false });
    expect(await cache('touch', { key: key('t'), neverExpires: true })).toEqual({
      existed: false,
    });
  });

  test('if_absent does not overwrite', async () => {
    const first = await cache<SetResponse__Output>('set', { key: key('i'), value: value('1') });
    const second = await cache('set', { key: key('i'), value: value('2'), ifAbsent: true });
    expect(second).toEqual({ stored: false, version: first.version });
  });

  test('delete says whether there was something', async () => {
    await cache('set', { key: key('d'), value: value('1') });
    expect(await cache('delete', { key: key('d') })).toEqual({ existed: true });
    expect(await cache('delete', { key: key('d') })).toEqual({ existed: false });
  });

  test('keys and values may be empty, or any bytes', async () => {
    const strange = Buffer.from([0, 255, 254, 128]);
    await cache('set', { key: strange, value: { data: strange, encoding: 'ENCODING_MSGPACK' } });
    await cache('set', { key: Buffer.alloc(0), value: {} });
    const many = await cache<GetManyResponse__Output>('getMany', {
      keys: [strange, Buffer.alloc(0)],
    });
    expect(many.results.map((result) => result.entry!.value)).toEqual([
      { data: strange, encoding: 'ENCODING_MSGPACK' },
      { data: Buffer.alloc(0), encoding: 'ENCODING_BYTES' },
    ]);
  });

  test('reads and stores many, in order, each for itself', async () => {
    const sets = await cache<SetManyResponse__Output>('setMany', {
      sets: [
        { key: key('m1'), value: value('1') },
        { key: key('m2') },
        { key: key('m3'), value: value('3') },
      ],
    });
    expect(sets.results.map((result) => result.outcome)).toEqual(['set', 'error', 'set']);
    expect(decodeStatus(sets.results[1]!.error!).code).toBe(StatusCode.INVALID_ARGUMENT);
    const gets = await cache<GetManyResponse__Output>('getMany', {
      keys: [key('m3'), key('m2'), Buffer.alloc(65_537), key('m1')],
    });
    expect(gets.results.map((result) => String(result.entry?.value?.data ?? ''))).toEqual([
      '3',
      '',
      '',
      '1',
    ]);
    expect(gets.results[1]!.outcome).toBeUndefined();
    expect(decodeStatus(gets.results[2]!.error!)).toMatchObject({
      code: StatusCode.RESOURCE_EXHAUSTED,
      reason: 'TOO_LARGE',
    });
  });

  test('executes a batch of mixed operations in order', async () => {
    const { results } = await cache<BatchResponse__Output>('batch', {
      operations: [
        { set: { key: key('b'), value: value('1') } },
        { get: { key: key('b') } },
        { delete: { key: key('b') } },
        {},
        { get: { key: key('b') } },
        { touch: { key: key('b'), ttl: { seconds: 1 } } },
      ],
    });
    expect(results.map((result) => result.result)).toEqual([
      'set',
      'get',
      'delete',
      'error',
      'get',
      'touch',
    ]);
    expect(results[1]!.get!.entry!.value!.data).toEqual(Buffer.from('1'));
    expect(results[2]!.delete).toEqual({ existed: true });
    expect(decodeStatus(results[3]!.error!)).toMatchObject({ fields: ['operation'] });
    expect(results[4]!.get).toEqual({ entry: null, isStale: false });
    expect(results[5]!.touch).toEqual({ existed: false });
  });

  test.each([
    ['set', { value: {}, ttl: { seconds: -1 } }, ['ttl'], 'INVALID_TTL'],
    ['set', { value: {}, ttl: {} }, ['ttl'], 'INVALID_TTL'],
    ['set', { value: {}, ttl: { seconds: 1, nanos: -1 } }, ['ttl'], 'INVALID_TTL'],
    ['set', { value: {}, ttl: { seconds: 315_576_000_001 } }, ['ttl'], 'INVALID_TTL'],
    ['set', { value: {}, ttl: { seconds: '9223372036854775807' } }, ['ttl'], 'INVALID_TTL'],
    ['set', { value: {}, expiresAt: { seconds: -1 } }, ['expires_at'], 'INVALID_TTL'],
    ['set', { value: {}, neverExpires: false }, ['never_expires'], 'INVALID_TTL'],
    ['set', {}, ['value'], 'INVALID_ARGUMENT'],
    ['set', { value: { encoding: 77 } }, ['value.encoding'], 'INVALID_ARGUMENT'],
    ['set', { value: {}, durability: 9 }, ['durability'], 'INVALID_ARGUMENT'],
    ['delete', { durability: 9 }, ['durability'], 'INVALID_ARGUMENT'],
    ['touch', {}, ['ttl'], 'INVALID_TTL'],
  ])('%s %j is INVALID_ARGUMENT', async (method, request, fields, reason) => {
    const error = await failure(cache(method, { key: key('x'), ...request }));
    expect(error).toMatchObject({ code: StatusCode.INVALID_ARGUMENT, reason, fields });
    expect(error.metadata.code).toBe('INVALID_ARGUMENT');
  });

  test.each([
    ['a key', 'get', () => ({ key: Buffer.alloc(65_537) })],
    ['a value', 'set', () => ({ value: { data: Buffer.alloc(16_777_217) } })],
    ['a batch', 'getMany', () => ({ keys: new Array(10_001).fill(Buffer.alloc(1)) })],
  ])('%s over its limit is RESOURCE_EXHAUSTED', async (_what, method, request) => {
    const error = await failure(cache(method, request()));
    expect(error).toMatchObject({ code: StatusCode.RESOURCE_EXHAUSTED, reason: 'TOO_LARGE' });
    expect(Number(error.metadata.limit)).toBeGreaterThan(0);
  });

  test('a message over its limit is RESOURCE_EXHAUSTED, and the next call is answered', async () => {
    const request = { key: key('x'), value: { data: Buffer.alloc(40_000_000) } };
    expect(await failure(cache('set', request))).toMatchObject({
      code: StatusCode.RESOURCE_EXHAUSTED,
    });
    expect(await cache('get', { key: key('x') })).toEqual({ entry: null, isStale: false });
  });

  test('a response has as many values as it has room for', async () => {
    const large = { data: Buffer.alloc(15_000_000) };
    await cache('set', { key: key('large'), value: large });
    const { results } = await cache<GetManyResponse__Output>('getMany', {
      keys: [key('large'), key('large'), key('large'), key('nothing')],
    });
    expect(results.map((result) => result.outcome)).toEqual(['entry', 'error', 'error', 'error']);
    await cache('delete', { key: key('large') });
  });

  test('says what it is, how it does, and flushes', async () => {
    const info = await client().call<GetServerInfoResponse__Output>('admin', 'getServerInfo', {});
    expect(info).toMatchObject({
      version: '1.2.3',
      directory: '',
      processId: process.pid,
      defaultDurability: 'DURABILITY_BUFFERED',
      lockScope: 'LOCK_SCOPE_SERVER',
      limits: { keyBytesMax: '65536', valueBytesMax: '16777216', batchOperationsMax: 10_000 },
    });
    const before = await client().call<GetStatsResponse__Output>('admin', 'getStats', {});
    await cache('getMany', { keys: [key('1'), key('2'), Buffer.alloc(65_537)] });
    const after = await client().call<GetStatsResponse__Output>('admin', 'getStats', {});
    const grown = (name: 'cacheOperations' | 'cacheOperationsFailed') =>
      Number(after.server![name]) - Number(before.server![name]);
    expect(grown('cacheOperations')).toBe(3);
    expect(grown('cacheOperationsFailed')).toBe(1);
    expect(after.cache!.records).toBe('3');
    expect(await client().call('admin', 'flush', {})).toEqual({});
  });

  test('compacts, and says what that was worth', async () => {
    const compacted = { bytesBefore: '300', bytesAfter: '100', segmentsFreed: 2 };
    expect(await client().call('admin', 'compact', {})).toEqual(compacted);
  });

  test('health answers for the server, its probes and its services', async () => {
    for (const service of ['', 'liveness', 'readiness', 'holdfast.v1.CacheService']) {
      expect(await client().health(service), service).toBe('SERVING');
    }
    expect((await failure(client().health('unknown'))).code).toBe(StatusCode.NOT_FOUND);
  });
});

test('a store that writes no more turns readiness off, and liveness stays', async () => {
  await using failing = await startTestServer();
  const { tcp } = failing.clients;
  failing.backends.cache.failWrites = new HoldfastError('READ_ONLY', 'the disk failed');
  const error = await failure(tcp.call('cache', 'set', { value: {} }));
  expect(error).toMatchObject({
    code: StatusCode.UNAVAILABLE,
    reason: 'STORAGE_READ_ONLY',
    hasRetry: true,
  });
  expect(await tcp.health('readiness')).toBe('NOT_SERVING');
  expect(await tcp.health('liveness')).toBe('SERVING');
  expect(await tcp.call('cache', 'get', {})).toEqual({ entry: null, isStale: false });
});

test('readiness follows the store where nothing is called, and back', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const services = ['', 'readiness', 'holdfast.v1.CacheService', 'holdfast.v1.LockService'];
  const statuses = () => Promise.all(services.map((service) => tcp.health(service)));
  const heard: unknown[] = [];
  const watch = tcp.watchHealth();
  watch.on('data', ({ status }) => heard.push(status));
  watch.on('error', () => {});
  await expect.poll(() => heard).toEqual(['SERVING']);
  running.backends.cache.failWrites = new HoldfastError('READ_ONLY', 'the disk failed');
  await running.clock.advance(500);
  expect(await statuses()).toEqual(['NOT_SERVING', 'NOT_SERVING', 'NOT_SERVING', 'SERVING']);
  // A full disk serves all that it has.
  running.backends.cache.failWrites = new HoldfastError('NO_SPACE', 'the disk is full');
  await running.clock.advance(500);
  expect(await statuses()).toEqual(['SERVING', 'SERVING', 'SERVING', 'SERVING']);
  await running.clock.advance(5_000);
  await expect.poll(() => heard).toEqual(['SERVING', 'NOT_SERVING', 'SERVING']);
  watch.cancel();
});

function timestamp(unixMs: number): { seconds: string; nanos: number } {
  return { seconds: String(Math.floor(unixMs / 1_000)), nanos: (unixMs % 1_000) * 1_000_000 };
}
