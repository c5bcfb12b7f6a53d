// Goal: a write with a fence is made while its lease is held and refused afterwards, by every RPC
// that writes.
// Method: grpc-js clients against the real cache and lease table in one store in memory.
// Not covered: fences themselves (core's conformance/cache-fences.ts), their bytes (wire.test.ts).
import { status as StatusCode } from '@grpc/grpc-js';
import type {
  AcquireResponse__Output,
  BatchResponse__Output,
  GetResponse__Output,
  SetManyResponse__Output,
} from '@holdfast/protos';
import { expect, test } from 'vitest';
import { decodeStatus, failure, type TestClient } from './test-client.ts';
import { startTestServer } from './test-server.ts';

const KEY = Buffer.from('k');
const OTHER = Buffer.from('other');

const STALE = { code: StatusCode.FAILED_PRECONDITION, reason: 'STALE_FENCING_TOKEN' };

test('every RPC that writes goes by the fence', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const call = <Response = unknown>(method: string, request: object) =>
    tcp.call<Response>('cache', method, request);
  const late = await acquire(tcp);
  await call('set', { key: KEY, value: text('1'), fence: late });
  await running.clock.advance(1_000);

  const writes = (fence: object): [string, object][] => [
    ['set', { key: KEY, value: text('2'), fence }],
    ['set', { key: OTHER, value: text('2'), ifAbsent: true, fence }],
    ['touch', { key: KEY, neverExpires: true, fence }],
    ['delete', { key: KEY, fence }],
  ];
  const stored = await call('get', { key: KEY });
  const refused = async (fence: object) => {
    for (const [method, request] of writes(fence)) {
      expect(await failure(call(method, request)), method).toMatchObject(STALE);
    }
    const operations = writes(fence).map(([method, request]) => ({ [method]: request }));
    const { results } = await call<BatchResponse__Output>('batch', {
      operations: [...operations, { get: { key: KEY } }],
    });
    expect(results.map(({ result }) => result)).toEqual([
      ...writes(fence).map(() => 'error'),
      'get',
    ]);
    for (const { error } of results.slice(0, -1)) expect(decodeStatus(error!)).toMatchObject(STALE);
    const sets = await call<SetManyResponse__Output>('setMany', {
      sets: [{ key: OTHER, value: text('3'), fence }],
    });
    expect(decodeStatus(sets.results[0]!.error!)).toMatchObject(STALE);
    expect(await call('get', { key: KEY })).toEqual(stored);
    expect(await call('get', { key: OTHER })).toEqual({ entry: null, isStale: false });
  };
  await refused(late);
  const holder = await acquire(tcp);
  await refused(late);
  await refused({ ...holder, lock: 'y' });
  expect(BigInt(holder.token)).toBeGreaterThan(BigInt(late.token));

  for (const [method, request] of writes(holder)) await call(method, request);
  expect(await call('get', { key: KEY })).toEqual({ entry: null, isStale: false });
  const { entry } = await call<GetResponse__Output>('get', { key: OTHER });
  expect(String(entry!.value!.data)).toBe('2');
});

async function acquire(client: TestClient): Promise<{ lock: string; token: string }> {
  const { granted } = await client.call<AcquireResponse__Output>('locks', 'acquire', {
    name: 'x',
    ttl: { seconds: 1 },
    clientName: 'me',
  });
  return { lock: 'x', token: granted!.token };
}

function text(value: string): object {
  return { data: Buffer.from(value), encoding: 'ENCODING_TEXT' };
}
