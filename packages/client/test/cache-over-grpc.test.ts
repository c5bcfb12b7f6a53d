/**
 * Goal: cache calls over real sockets: values, options, errors, and what a server or network may do
 * to them.
 * Method: a gRPC server in this process, scripted per test; TCP on loopback and a Unix socket.
 * Not covered: the sidecar itself (with-sidecar.test.ts), deadlines and batching in detail
 * (pipeline.test.ts).
 */
import { createServer } from 'node:net';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, connect, HoldfastError, InvalidArgumentError } from '../src/index.ts';
import { GrpcTestServer, reasonedError, reasonedStatus } from './grpc-test-server.ts';

let server: GrpcTestServer;
let client: Client;

beforeEach(async () => {
  server = await new GrpcTestServer().start();
  client = await connect(server.address, { reconnectDelayMax: 50 });
});

afterEach(async () => {
  await client.close();
  server.stop();
});

const lastSet = () => server.batches.at(-1)?.operations[0]?.set;

describe('values', () => {
  it.each([
    ['text', 'Grüße 日本語 🦀', 'ENCODING_TEXT'],
    ['text with a byte order mark', '\ufeffmark', 'ENCODING_TEXT'],
    ['no text', '', 'ENCODING_TEXT'],
    ['bytes', Uint8Array.of(0, 255, 128), 'ENCODING_BYTES'],
    ['no bytes', new Uint8Array(), 'ENCODING_BYTES'],
    ['an object', { a: [1, { b: null }], c: 1.5, d: new Date(7) }, 'ENCODING_MSGPACK'],
    ['a bigint', 2n ** 63n, 'ENCODING_MSGPACK'],
    ['a number', -0.1, 'ENCODING_MSGPACK'],
    ['false', false, 'ENCODING_MSGPACK'],
    ['null', null, 'ENCODING_MSGPACK'],
    ['a lone surrogate', '\ud800', 'ENCODING_JSON'],
  ])('come back as they were: %s', async (_, value, encoding) => {
    await client.cache.set('key', value);
    expect(lastSet()?.value?.encoding).toBe(encoding);
    const read = await client.cache.get('key');
    expect(read).toEqual(value);
    if (value instanceof Uint8Array) expect(read?.constructor).toBe(Uint8Array);
  });

  it('are taken as they are at the call, and read as copies', async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const setting = client.cache.set('key', bytes);
    bytes.fill(9);
    await setting;
    const read = (await client.cache.get('key')) as Uint8Array;
    expect(read).toEqual(Uint8Array.of(1, 2, 3));
    read.fill(7);
    expect(await client.cache.get('key')).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('of JSON, and of encodings this client does not know', async () => {
    const entry = (encoding: number, data: string) => ({
      value: { data: Buffer.from(data), encoding: encoding as never },
    });
    server.store.set('01', entry(3, '{"a":1}'));
    server.store.set('02', entry(99, 'x'));
    server.store.set('03', entry(3, '{'));
    server.store.set('04', entry(0, 'x'));
    expect(await client.cache.get(Uint8Array.of(1))).toEqual({ a: 1 });
    await expect(client.cache.get(Uint8Array.of(2))).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(await client.cache.has(Uint8Array.of(3))).toBe(true);
    await expect(client.cache.get(Uint8Array.of(3))).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(await client.cache.get(Uint8Array.of(4))).toEqual(Uint8Array.of(120));
  });

  it('that no cache holds are refused', async () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [undefined, () => 1, Symbol('x'), cycle, new Map([[1, 2]]), [new Map()]]) {
      await expect(client.cache.set('key', value)).rejects.toBeInstanceOf(InvalidArgumentError);
    }
    expect(server.batches).toEqual([]);
  });
});

describe('keys', () => {
  it.each([
    ['text', 'Grüße', '4772c3bcc39f65'],
    ['nothing', '', ''],
    ['bytes', Uint8Array.of(0, 255), '00ff'],
    ['the longest', 'x'.repeat(65_536), '78'.repeat(65_536)],
  ])('may be %s', async (_, key, hex) => {
    await client.cache.set(key, 1);
    expect([...server.store.keys()]).toEqual([hex]);
    expect(await client.cache.get(key)).toBe(1);
  });

  it('are refused when too long or of another type', async () => {
    for (const key of ['x'.repeat(65_537), 'ü'.repeat(32_769), new Uint8Array(65_537)]) {
      await expect(client.cache.get(key)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    }
    for (const key of [undefined, 7, null, {}]) {
      await expect(client.cache.get(key as never)).rejects.toBeInstanceOf(InvalidArgumentError);
    }
  });
});

describe('methods', () => {
  it('answer what the embedded cache would', async () => {
    const { cache } = client;
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.getEntry('a')).toBeUndefined();
    expect(await cache.ttl('a')).toBeUndefined();
    expect(await cache.has('a')).toBe(false);
    expect(await cache.set('a', 'x')).toBeUndefined();
    expect(await cache.has('a')).toBe(true);
    expect(await cache.ttl('a')).toBe(Number.POSITIVE_INFINITY);
    expect(await cache.getEntry('a')).toEqual({
      value: 'x',
      version: 1n,
      createdAt: 1_005,
      expiresAt: Number.POSITIVE_INFINITY,
      bytes: 1,
    });
    expect(await cache.setIfAbsent('a', 'y')).toBe(false);
    expect(await cache.setIfAbsent('b', 'y')).toBe(true);
    expect(await cache.touch('a', { ttl: '1s' })).toBe(true);
    expect(await cache.touch('z', { ttl: '1s' })).toBe(false);
    expect(await cache.delete('a')).toBe(true);
    expect(await cache.delete('a')).toBe(false);
  });

  it('for many keys travel in one batch', async () => {
    const { cache } = client;
    await cache.setMany(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(await cache.getMany(['b', 'nothing', 'a'])).toEqual([2, undefined, 1]);
    expect(await cache.deleteMany(['a', 'nothing', 'b'])).toBe(2);
    expect(server.batches.map(({ operations }) => operations.length)).toEqual([2, 3, 3]);
  });

  it('say when and how', async () => {
    const { cache } = client;
    await cache.set('a', 1, { ttl: '1.5s', durability: 'synced' });
    expect(lastSet()).toMatchObject({
      expiry: 'ttl',
      ttl: { seconds: '1', nanos: 500_000_000 },
      durability: 'DURABILITY_SYNCED',
      ifAbsent: false,
    });
    await cache.set('a', 1, { ttl: Number.POSITIVE_INFINITY });
    expect(lastSet()).toMatchObject({ expiry: 'neverExpires', neverExpires: true });
    await cache.set('a', 1, { ttl: 1e15 });
    expect(lastSet()).toMatchObject({ expiry: 'neverExpires' });
    await cache.set('a', 1, { expiresAt: 1_700_000_000_123 });
    expect(lastSet()?.expiresAt).toEqual({ seconds: '1700000000', nanos: 123_000_000 });
    expect((await cache.getEntry('a'))?.expiresAt).toBe(1_700_000_000_123);
    expect(await cache.ttl('a')).toBe(0);
    await cache.set('a', 1, { expiresAt: new Date(1_000) });
    expect(lastSet()?.expiresAt).toEqual({ seconds: '1', nanos: 0 });
    await cache.set('a', 1);
    expect(lastSet()?.expiry).toBeUndefined();
    await cache.touch('a', { ttl: Number.POSITIVE_INFINITY });
    expect(server.batches.at(-1)?.operations[0]?.touch?.neverExpires).toBe(true);
  });

  it('refuse bad options', async () => {
    const { cache } = client;
    const bad = [
      cache.set('a', 1, { ttl: -1 }),
      cache.set('a', 1, { ttl: 0 }),
      cache.touch('a', { ttl: 0 }),
      cache.set('a', 1, { expiresAt: 'now' as never }),
      cache.set('a', 1, { expiresAt: new Date(Number.NaN) }),
      cache.set('a', 1, { ttl: Number.NaN }),
      cache.set('a', 1, { ttl: '5 minutes' as never }),
      cache.set('a', 1, { ttl: 1, expiresAt: 1 }),
      cache.set('a', 1, { expiresAt: -1 }),
      cache.set('a', 1, { durability: 'forever' as never }),
      cache.set('a', 1, { tll: 1 } as never),
      cache.get('a', { ttl: 1 } as never),
      cache.get('a', { timeout: -1 }),
      cache.get('a', { signal: 1 as never }),
      cache.touch('a', {} as never),
      cache.touch('a', undefined as never),
      cache.delete('a', null as never),
      cache.setMany([['a', 1]], { ttl: -1 }),
    ];
    for (const promise of bad) await expect(promise).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(server.batches).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    [status.RESOURCE_EXHAUSTED, 'TOO_LARGE', 'TOO_LARGE'],
    [status.RESOURCE_EXHAUSTED, 'NO_SPACE', 'NO_SPACE'],
    [status.INVALID_ARGUMENT, 'INVALID_TTL', 'INVALID_ARGUMENT'],
    [status.FAILED_PRECONDITION, 'STALE_FENCING_TOKEN', 'STALE_FENCING_TOKEN'],
    [status.UNAVAILABLE, 'STORAGE_READ_ONLY', 'READ_ONLY'],
    [status.UNAVAILABLE, 'SERVER_DRAINING', 'UNAVAILABLE'],
    [status.DATA_LOSS, 'CORRUPT', 'CORRUPT'],
    [status.INTERNAL, 'IO', 'IO'],
    [status.INTERNAL, 'OF_LATER_SERVERS', 'UNAVAILABLE'],
    [status.INVALID_ARGUMENT, 'OF_LATER_SERVERS', 'INVALID_ARGUMENT'],
  ])('of status %i and reason %s are %s', async (code, reason, expected) => {
    const error = reasonedStatus(code, `${expected}: too bad`, reason, { limit: '16' });
    server.onBatch = (call, { id, operations }) =>
      void call.write({ id, results: operations.map(() => ({ error })) });
    const caught = await client.cache.set('a', 1).catch((caught: unknown) => caught);
    expect(caught).toBeInstanceOf(HoldfastError);
    expect(caught instanceof TypeError).toBe(expected === 'INVALID_ARGUMENT');
    expect(caught).toMatchObject({
      code: expected,
      message: `${expected}: too bad`,
      details: { reason, limit: '16' },
    });
  });

  it('of a whole batch go to each of its calls, and the stream goes on', async () => {
    const answer = server.onBatch;
    server.onBatch = (call, { id }) =>
      void call.write({
        id,
        error: reasonedStatus(status.RESOURCE_EXHAUSTED, 'too many', 'TOO_LARGE'),
      });
    const outcomes = await Promise.allSettled([client.cache.set('a', 1), client.cache.get('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    server.onBatch = answer;
    await client.cache.set('a', 1);
    expect(server.pipelines.length).toBe(1);
  });
});

describe('a server that fails', () => {
  it('breaks the stream: writes fail, reads are repeated', async () => {
    const answer = server.onBatch;
    await client.cache.set('a', 1);
    server.onBatch = (call) => {
      server.onBatch = answer;
      call.emit('error', reasonedError(status.INTERNAL, 'broken', 'BROKEN'));
    };
    const [set, get] = await Promise.allSettled([client.cache.set('b', 1), client.cache.get('a')]);
    expect(set).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(get).toEqual({ status: 'fulfilled', value: 1 });
    expect(server.pipelines.length).toBe(2);
  });

  it('drains: what it has not read is sent again elsewhere, writes too', async () => {
    const answer = server.onBatch;
    server.onBatch = (call) => {
      server.onBatch = answer;
      call.emit('error', reasonedError(status.UNAVAILABLE, 'draining', 'SERVER_DRAINING'));
    };
    await client.cache.set('a', 1);
    expect(await client.cache.get('a')).toBe(1);
    expect(server.pipelines.length).toBe(2);
  });

  it('is killed and comes back: the client is back by itself', async () => {
    await client.cache.set('a', 1);
    server.stop();
    const early = client.cache.set('b', 2);
    await server.start();
    await early.catch((error: unknown) => expect(error).toMatchObject({ code: 'UNAVAILABLE' }));
    expect(await client.cache.get('a')).toBe(1);
  });

  it('sends nonsense: results of the wrong kind or number, unknown batches, answers twice', async () => {
    server.onBatch = (call, { id, operations }) => {
      call.write({ id: 4_000_000_000, results: [{ get: {} }] });
      call.write({ id, results: [{ delete: { existed: true } }] });
      call.write({ id, results: operations.map((operation) => server.execute(operation)) });
    };
    await expect(client.cache.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    server.onBatch = (call, { id }) => void call.write({ id, results: [{ get: {} }, { get: {} }] });
    await expect(client.cache.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    server.onBatch = (call, { id }) => void call.write({ id, results: [{}] });
    await expect(client.cache.set('a', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('answers late: the call is over by then, and the next one works', async () => {
    const answer = server.onBatch;
    let late = () => {};
    server.onBatch = (call, batch) => {
      late = () => answer(call, batch);
    };
    await expect(client.cache.get('a', { timeout: 20 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    server.onBatch = answer;
    late();
    expect(await client.cache.set('a', 1)).toBeUndefined();
    expect(await client.cache.get('a')).toBe(1);
  });

  it('does not know the service: calls fail at once', async () => {
    await client.close();
    server.onBatch = (call) =>
      void call.emit('error', reasonedError(status.UNIMPLEMENTED, 'what?', 'X'));
    client = await connect(server.address);
    await expect(client.cache.get('a', { timeout: '1m' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { status: 'UNIMPLEMENTED' },
    });
  });
});

describe('connect', () => {
  it('takes a Unix socket', async () => {
    const other = new GrpcTestServer();
    const cleanUp = await other.startOnSocket();
    await using local = await connect(other.address);
    await local.cache.set('a', 'over a socket');
    expect(await local.cache.get('a')).toBe('over a socket');
    await local.close();
    await cleanUp();
  });

  it('waits for a server that is about to start', async () => {
    server.stop();
    const connecting = connect(server.address, { connectTimeout: '5s' });
    await server.start();
    await (await connecting).close();
  });

  it('fails with UNAVAILABLE and the cause when there is none', async () => {
    server.stop();
    await expect(connect(server.address, { connectTimeout: 100 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      cause: { code: 'UNAVAILABLE' },
    });
  });

  it('fails with UNAVAILABLE where something else listens', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const connecting = connect(`127.0.0.1:${port}`, { connectTimeout: 200 });
    await expect(connecting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    other.close();
  });

  it('ends early by its signal', async () => {
    server.stop();
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(connect(server.address, { signal })).rejects.toBe(reason);
    const abort = new AbortController();
    const connecting = connect(server.address, { signal: abort.signal });
    abort.abort(reason);
    await expect(connecting).rejects.toBe(reason);
  });
});

describe('close', () => {
  it('lets calls under way finish, and refuses later ones', async () => {
    const setting = client.cache.set('a', 1);
    const closing = client.close();
    await expect(client.cache.get('a')).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(client.locks.acquire('a')).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(client.info()).rejects.toMatchObject({ code: 'CLOSED' });
    await setting;
    await closing;
    await client.close();
    expect(server.store.size).toBe(1);
  });
});
