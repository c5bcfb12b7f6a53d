/**
 * Goal: client and sidecar agree: values, limits, errors, and leases through cuts, drain and
 * handover.
 * Method: the real sidecar in this process on a store in a temporary directory, TCP and a Unix
 * socket, and a proxy to break connections. Leases here have TTLs of half a second, on the real
 * clock.
 * Not covered: single timings (remote-locks.test.ts), a holder who is cut off, a sidecar that is
 * killed (the sidecar's failure kit), throughput.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@holdfast/grpc-sidecar';
import { openCache } from '@holdfast/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, connect, type QueuePosition } from '../src/index.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

type Sidecar = Awaited<ReturnType<typeof serve>>;

let directory: string;
let sidecar: Sidecar;
let address: string;
let client: Client;

async function startSidecar(): Promise<void> {
  sidecar = await serve({
    cache: { directory: join(directory, 'store'), valueBytesMax: 2 ** 20 },
    listen: '127.0.0.1:0',
    socket: join(directory, 'holdfast.sock'),
    drainTimeout: '2s',
  });
  address = sidecar.addresses[0] as string;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  await startSidecar();
  client = await connect(address, { clientName: 'one' });
});

afterEach(async () => {
  await client.close();
  await sidecar.close();
  await rm(directory, { recursive: true });
});

describe('the cache of a sidecar', () => {
  it('keeps values of all kinds under keys of all kinds', async () => {
    const { cache } = client;
    const pairs: [string | Uint8Array, unknown][] = [
      ['Grüße 🦀', 'Grüße 日本語'],
      ['', { a: [1, null, { b: new Date(5) }], c: 2n ** 63n }],
      [Uint8Array.of(0, 255, 10), Uint8Array.of(255, 0)],
      ['x'.repeat(65_536), [1.5, -1, false]],
      ['empty', ''],
    ];
    await cache.setMany(pairs);
    expect(await cache.getMany(pairs.map(([key]) => key))).toEqual(pairs.map(([, value]) => value));
    expect(await cache.deleteMany([...pairs.map(([key]) => key), 'nothing'])).toBe(5);
    expect(await cache.has('empty')).toBe(false);
  });

  it('keeps deadlines, versions and conditions', async () => {
    const { cache } = client;
    await cache.set('a', 1, { ttl: '1h', durability: 'written' });
    const left = (await cache.ttl('a')) as number;
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    expect(await cache.touch('a', { ttl: Number.POSITIVE_INFINITY })).toBe(true);
    expect(await cache.ttl('a')).toBe(Number.POSITIVE_INFINITY);
    const first = await cache.getEntry('a');
    expect(await cache.setIfAbsent('a', 2)).toBe(false);
    await cache.set('a', 3, { expiresAt: Date.now() + 60_000 });
    const second = await cache.getEntry('a');
    expect(second?.version).toBeGreaterThan(first?.version as bigint);
    expect(Math.abs((second?.createdAt ?? 0) - Date.now())).toBeLessThan(10_000);
    await cache.set('a', 4, { expiresAt: 1 });
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.setIfAbsent('a', 5)).toBe(true);
  });

  it('reads what the embedded cache wrote, and the other way round', async () => {
    await client.cache.set('from-client', { a: [1, 'x', null] });
    await client.close();
    await sidecar.close();
    {
      const embedded = await openCache({ directory: join(directory, 'store') });
      expect(embedded.get('from-client')).toEqual({ a: [1, 'x', null] });
      await embedded.set('object', { id: 7, tags: ['a'], at: new Date(3) });
      await embedded.set('text', 'ü');
      await embedded.set('bytes', Uint8Array.of(1));
      await embedded.close();
    }
    await startSidecar();
    client = await connect(address);
    expect(await client.cache.getMany(['object', 'text', 'bytes'])).toEqual([
      { id: 7, tags: ['a'], at: new Date(3) },
      'ü',
      Uint8Array.of(1),
    ]);
  });

  it('refuses a value over its limit, and takes the next one', async () => {
    const { cache } = client;
    await expect(cache.set('a', new Uint8Array(2 ** 20 + 1))).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    const large = new Uint8Array(2 ** 20).fill(7);
    await cache.set('a', large);
    // Not `toEqual`, which takes seconds for a million numbers.
    expect(Buffer.from((await cache.get('a')) as Uint8Array).equals(large)).toBe(true);
  });

  it('gives many large values that no single answer has room for', async () => {
    const { cache } = client;
    const large = new Uint8Array(2 ** 20).fill(7);
    const keys = Array.from({ length: 40 }, (_, index) => `large-${index}`);
    await cache.setMany(
      keys.map((key) => [key, large] as const),
      { timeout: '30s' },
    );
    const values = await cache.getMany<Uint8Array>(keys, { timeout: '30s' });
    expect(values.map((value) => value?.length)).toEqual(keys.map(() => 2 ** 20));
  }, 60_000);

  it('tells what it is', async () => {
    expect(await client.info()).toMatchObject({
      processId: process.pid,
      directory: join(directory, 'store'),
      defaultDurability: 'buffered',
      defaultTtl: Number.POSITIVE_INFINITY,
      lockScope: 'server',
      limits: { keyBytesMax: 65_536, valueBytesMax: 2 ** 20 },
    });
  });

  it('is reached over a Unix socket', async () => {
    const local = await connect(`unix:${join(directory, 'holdfast.sock')}`);
    await local.cache.set('a', 'x');
    expect(await client.cache.get('a')).toBe('x');
    await local.close();
  });

  it('refuses nothing while it drains that it had taken before', async () => {
    await client.cache.set('a', 1);
    const setting = Promise.allSettled(
      Array.from({ length: 500 }, (_, index) =>
        client.cache.set(`k${index}`, index, { timeout: '500ms' }),
      ),
    );
    await Promise.all([setting, sidecar.close()]);
    await startSidecar();
    const again = await connect(address);
    const values = await again.cache.getMany(
      Array.from({ length: 500 }, (_, index) => `k${index}`),
    );
    for (const [index, { status }] of (await setting).entries()) {
      if (status === 'fulfilled') expect(values[index]).toBe(index);
    }
    await again.close();
  });
});

describe('the locks of a sidecar', () => {
  it('go from holder to holder in the order of the queue, with rising tokens', async () => {
    const two = await connect(address, { clientName: 'two' });
    const three = await connect(address, { clientName: 'three' });
    const places: [string, QueuePosition][] = [];
    const first = await client.locks.acquire('deploy');
    const order: string[] = [];
    const second = two.locks.acquire('deploy', {
      onQueued: (place) => places.push(['two', place]),
    });
    await until(() => places.length > 0);
    const third = three.locks.acquire('deploy', {
      onQueued: (place) => places.push(['three', place]),
    });
    await until(() => places.some(([name]) => name === 'three'));
    expect(places.slice(0, 2)).toEqual([
      ['two', { position: 1, holder: 'one' }],
      ['three', { position: 2, holder: 'one' }],
    ]);
    expect(await two.locks.tryAcquire('deploy')).toBeUndefined();
    await expect(two.locks.acquire('deploy', { wait: 50 })).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
    });
    void second.then(() => order.push('two'));
    void third.then(() => order.push('three'));
    await first.release();
    const secondLease = await second;
    await secondLease.release();
    const thirdLease = await third;
    expect(order).toEqual(['two', 'three']);
    expect(secondLease.token).toBeGreaterThan(first.token);
    expect(thirdLease.token).toBeGreaterThan(secondLease.token);
    // A client that is closed gives back what it holds, at once.
    await three.close();
    expect(thirdLease.signal.aborted).toBe(true);
    await (await client.locks.acquire('deploy', { wait: '1s' })).release();
    await two.close();
  });

  it('stay held when the connection is cut, and so do places in the queue', async () => {
    const proxy = await new CuttableProxy(address).start();
    const cut = await connect(proxy.address, { clientName: 'cut', reconnectDelayMax: 50 });
    const held = await cut.locks.acquire('held', { ttl: '5s' });
    const blocker = await client.locks.acquire('queued');
    let places = 0;
    const queued = cut.locks.acquire('queued', { ttl: '5s', onQueued: () => places++ });
    await until(() => places > 0);
    proxy.cut();
    // The place in the queue is told again once the session is resumed.
    const placesBefore = places;
    await until(() => places > placesBefore);
    held.assertHeld();
    expect(await client.locks.tryAcquire('held')).toBeUndefined();
    const { token } = held;
    await held.renew();
    await blocker.release();
    expect((await queued).token).toBeGreaterThan(token);
    expect(held.token).toBe(token);
    await held.release();
    expect((await client.locks.acquire('held', { wait: '1s' })).token).toBeGreaterThan(token);
    await cut.close();
    proxy.close();
  });

  it('are kept by a holder who works longer than the TTL', async () => {
    const lease = await client.locks.acquire('deploy', { ttl: '1s' });
    const signal = AbortSignal.timeout(2_500);
    const other = await connect(address);
    await expect(other.locks.acquire('deploy', { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    lease.assertHeld();
    await lease.release();
    await other.close();
  });

  it('are one at a time for many clients at once', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect(address)));
    const tokens: bigint[] = [];
    let holders = 0;
    const work = clients.flatMap(({ locks }) =>
      Array.from({ length: 10 }, () =>
        locks.request('deploy', async (lease) => {
          expect(++holders).toBe(1);
          tokens.push(lease.token);
          await new Promise((resolve) => setImmediate(resolve));
          holders--;
        }),
      ),
    );
    await Promise.all(work);
    expect(tokens.length).toBe(50);
    expect(tokens).toEqual([...tokens].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(tokens).size).toBe(50);
    await Promise.all(clients.map((each) => each.close()));
  });

  it('are given back in time when the sidecar drains', async () => {
    const impatient = await connect(address, { timeout: '300ms' });
    const lease = await impatient.locks.acquire('deploy');
    const closing = sidecar.close();
    await lease.release();
    await closing;
    await expect(impatient.locks.acquire('deploy')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await impatient.close();
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !condition(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(condition()).toBe(true);
}
