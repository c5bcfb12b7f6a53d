// Goal: what one request makes the cache read stays within the response's limit, and order holds.
// Method: the embedded cache in memory, behind a backend that notes what it is handed.
// Not covered: answers over the wire (test/cache-service.test.ts, test/pipeline.test.ts).
import type { CacheBackend, CacheOperation } from '@holdfast/core/backend';
import { openCache } from '@holdfast/node';
import { expect, test } from 'vitest';
import { responseValueBytesMax } from '../server/limits.ts';
import { OperationExecutor } from './operation-executor.ts';

const MEBIBYTE = 1_048_576;
const GET: CacheOperation = { kind: 'get', key: Buffer.from('k') };
const DELETE: CacheOperation = { kind: 'delete', key: Buffer.from('other') };

test.each([
  { valueBytesMax: 16 * MEBIBYTE, fitting: 1 },
  { valueBytesMax: 3 * MEBIBYTE, fitting: 9 },
  { valueBytesMax: 60 * MEBIBYTE, fitting: 1 },
])(
  '10,000 gets of a largest value read as many as one response has room for: $valueBytesMax',
  async ({ valueBytesMax, fitting }) => {
    await using under = await executorOver(valueBytesMax, valueBytesMax);
    const { executor, pieces } = under;
    const results = await executor.execute(new Array(10_000).fill(GET));
    const entries = results.map((result) => result.kind === 'get' && result.entry?.data.length);
    expect(entries.filter((length) => length === valueBytesMax).length).toBe(fitting);
    expect(results.slice(0, fitting).every(({ kind }) => kind === 'get')).toBe(true);
    for (const result of results.slice(fitting)) {
      expect(result).toMatchObject({ kind: 'error', error: { code: 'TOO_LARGE' } });
    }
    expect(pieces).toEqual([...new Array(39).fill(256), 16]);
    expect([executor.executedCount, executor.failedCount]).toEqual([10_000, 10_000 - fitting]);
  },
);

test('a value that has no room is the last that is read, and smaller ones have none either', async () => {
  await using under = await executorOver(16 * MEBIBYTE, 15 * MEBIBYTE);
  const { executor, cache } = under;
  await cache.set('small', new Uint8Array(10));
  const small: CacheOperation = { kind: 'get', key: Buffer.from('small') };
  const missing: CacheOperation = { kind: 'get', key: Buffer.from('missing') };
  const results = await executor.execute([small, GET, missing, small, GET, small, missing]);
  const kinds = results.map(({ kind }) => kind);
  expect(kinds).toEqual(['get', 'get', 'get', 'get', 'error', 'error', 'error']);
});

test('values that fill the response exactly leave room for what takes none', async () => {
  await using under = await executorOver(16 * MEBIBYTE, 14 * MEBIBYTE);
  const { executor, cache } = under;
  expect(responseValueBytesMax(16 * MEBIBYTE)).toBe(28 * MEBIBYTE);
  await cache.set('small', new Uint8Array(1));
  const small: CacheOperation = { kind: 'get', key: Buffer.from('small') };
  const missing: CacheOperation = { kind: 'get', key: Buffer.from('missing') };
  const results = await executor.execute([GET, GET, missing, small, missing]);
  expect(results.map(({ kind }) => kind)).toEqual(['get', 'get', 'get', 'error', 'error']);
});

test('writes behind a get without room are executed', async () => {
  await using under = await executorOver(16 * MEBIBYTE, 16 * MEBIBYTE);
  const { executor } = under;
  const results = await executor.execute([GET, GET, DELETE, GET, DELETE]);
  expect(results.map(({ kind }) => kind)).toEqual(['get', 'error', 'delete', 'error', 'delete']);
});

test('small values are all read, and 256 operations are one piece', async () => {
  await using under = await executorOver(16 * MEBIBYTE, 10);
  const { executor } = under;
  const results = await executor.execute(new Array(1_000).fill(GET));
  expect(results.every(({ kind }) => kind === 'get')).toBe(true);
  expect(executor.isOnePiece(new Array(256).fill(GET))).toBe(true);
  expect(executor.isOnePiece(new Array(257).fill(GET))).toBe(false);
});

/** `pieces` has the lengths of what the backend was handed. */
async function executorOver(valueBytesMax: number, valueBytes: number) {
  const pieces: number[] = [];
  const cache = await openCache<Uint8Array>({
    persistent: false,
    memoryBytesMax: 1024 * MEBIBYTE,
    valueBytesMax,
  });
  await cache.set('k', new Uint8Array(valueBytes));
  const cached = cache.backend();
  const backend: Pick<CacheBackend, 'execute'> = {
    execute(operations, budget) {
      pieces.push(operations.length);
      return cached.execute(operations, budget);
    },
  };
  const executor = new OperationExecutor({
    backend,
    responseValueBytesMax: responseValueBytesMax(valueBytesMax),
    onError: () => {},
  });
  return { cache, executor, pieces, [Symbol.asyncDispose]: () => cache.close() };
}
