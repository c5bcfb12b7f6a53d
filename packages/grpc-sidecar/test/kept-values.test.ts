// Goal: over gRPC values are kept past their deadline and go with their tags, as cache.proto says.
// Method: a client made from the protos against a server over memory; its clock is moved by hand.
// Not covered: getOrSet, which is what both are for (the client's cache-conformance.test.ts).
import { status as StatusCode } from '@grpc/grpc-js';
import type {
  BatchResponse__Output,
  GetOrLeaseResponse__Output,
  GetResponse__Output,
} from '@holdfast/protos';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failure, type TestClient, TestStream } from './test-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const KEY = Buffer.from('k');
const VALUE = { data: Buffer.from('v') };

let running: TestServer;
let client: TestClient;
beforeEach(async () => {
  running = await startTestServer();
  client = running.clients.tcp;
});
afterEach(() => running[Symbol.asyncDispose]());

function set(more: object): Promise<unknown> {
  return client.call('cache', 'set', { key: KEY, value: VALUE, ...more });
}

async function get(stale?: object): Promise<{ isThere: boolean; isStale: boolean }> {
  const { entry, isStale } = await client.call<GetResponse__Output>('cache', 'get', {
    key: KEY,
    ...(stale === undefined ? {} : { stale }),
  });
  return { isThere: entry !== null, isStale };
}

test('a value that is kept is given, and called stale, to who asks for it', async () => {
  await set({ ttl: { seconds: 10 }, keep: { seconds: 20 }, tags: ['t'] });
  expect(await get({ seconds: 60 })).toEqual({ isThere: true, isStale: false });
  await running.clock.advance(19_999);
  expect(await get()).toEqual({ isThere: false, isStale: false });
  expect(await get({})).toEqual({ isThere: false, isStale: false });
  expect(await get({ seconds: 9 })).toEqual({ isThere: false, isStale: false });
  expect(await get({ seconds: 10 })).toEqual({ isThere: true, isStale: true });
  const operations = [{ get: { key: KEY, stale: { seconds: 60 } } }, { get: { key: KEY } }];
  const { results } = await client.call<BatchResponse__Output>('cache', 'batch', { operations });
  expect(results).toMatchObject([{ get: { entry: {}, isStale: true } }, { get: { entry: null } }]);
  await running.clock.advance(10_001);
  expect(await get({ seconds: 60 })).toEqual({ isThere: false, isStale: false });
});

test('who never expires is kept as long, and a value without keep is not kept', async () => {
  await set({ neverExpires: true, keep: { seconds: 20 } });
  await running.clock.advance(100_000);
  expect(await get({ seconds: 60 })).toEqual({ isThere: true, isStale: false });
  await set({ ttl: { seconds: 1 } });
  await running.clock.advance(1_000);
  expect(await get({ seconds: 60 })).toEqual({ isThere: false, isStale: false });
});

test('to invalidate a tag takes its values, and wins over the loads of who leads with it', async () => {
  const invalidate = (request: object) => client.call('cache', 'invalidateTags', request);
  await set({ tags: ['s', 't'] });
  await invalidate({ tags: ['other'] });
  expect((await get()).isThere).toBe(true);
  expect(await invalidate({ tags: ['t'], durability: 'DURABILITY_WRITTEN' })).toEqual({});
  expect((await get()).isThere).toBe(false);
  const leader = new TestStream<GetOrLeaseResponse__Output>(
    client.cache.getOrLease({ key: KEY, tags: ['t'] }),
  );
  const { lease } = await leader.hear();
  const operations = [
    { invalidateTags: { tags: ['t'] } },
    { set: { key: KEY, value: VALUE, tags: ['t'], fillToken: lease!.token } },
  ];
  const { results } = await client.call<BatchResponse__Output>('cache', 'batch', { operations });
  expect(results).toMatchObject([{ invalidateTags: {} }, { set: { stored: false } }]);
  expect(await leader.ended).toBeUndefined();
  await invalidate({ tags: Array.from({ length: 1_000 }, (_, index) => `${index}`) });
  for (const tags of [Array(1_001).fill('t'), ['']]) {
    expect(await failure(invalidate({ tags }))).toMatchObject({
      code: StatusCode.INVALID_ARGUMENT,
    });
  }
  const fence = { lock: 'x', token: '1' };
  expect(await failure(invalidate({ tags: ['t'], fence }))).toMatchObject({
    reason: 'STALE_FENCING_TOKEN',
  });
});

test('times and tags that are none are refused', async () => {
  const bad: readonly [object, string][] = [
    [{ keep: { seconds: -1 } }, 'INVALID_TTL'],
    [{ keep: { nanos: 1_000_000_000 } }, 'INVALID_TTL'],
    [{ keep: { seconds: 315_576_000_001 } }, 'INVALID_TTL'],
    [{ tags: [''] }, 'INVALID_ARGUMENT'],
    [{ tags: ['é'.repeat(129)] }, 'INVALID_ARGUMENT'],
    [{ tags: Array(17).fill('t') }, 'INVALID_ARGUMENT'],
  ];
  for (const [more, reason] of bad) {
    expect(await failure(set(more))).toMatchObject({ code: StatusCode.INVALID_ARGUMENT, reason });
  }
  expect(await failure(get({ seconds: -1 }))).toMatchObject({ reason: 'INVALID_TTL' });
  const call = client.cache.getOrLease({ key: KEY, tags: [''] });
  const status = await new Promise((resolve) => {
    call.on('status', resolve).on('error', () => {});
  });
  expect(status).toMatchObject({ code: StatusCode.INVALID_ARGUMENT });
  await set({ tags: Array(16).fill('t') });
  expect(await get()).toEqual({ isThere: true, isStale: false });
});
