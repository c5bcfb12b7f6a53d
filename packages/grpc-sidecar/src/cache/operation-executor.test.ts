// Goal: what one request makes the cache read stays within the response's limit, and order holds.
// Method: a backend that notes what it is handed and answers every get with a value of one size.
// Not covered: answers over the wire (test/cache-service.test.ts, test/pipeline.test.ts).
import type { CacheBackend, CacheOperation } from '@holdfast/core/backend';
import { expect, test } from 'vitest';
import { responseValueBytesMax } from '../server/limits.ts';
import { OperationExecutor } from './operation-executor.ts';

const MEBIBYTE = 1_048_576;
const GET: CacheOperation = { kind: 'get', key: Buffer.from('k') };
const DELETE: CacheOperation = { kind: 'delete', key: Buffer.from('k') };

test.each([
  { valueBytesMax: 16 * MEBIBYTE, piece: 1, fitting: 1 },
  { valueBytesMax: 3 * MEBIBYTE, piece: 9, fitting: 9 },
  { valueBytesMax: 60 * MEBIBYTE, piece: 1, fitting: 1 },
])(
  '10,000 gets of a largest value read as many as one response has room for: $valueBytesMax',
  async ({ valueBytesMax, piece, fitting }) => {
    const { executor, pieces } = executorOver(valueBytesMax, valueBytesMax);
    const results = await executor.execute(new Array(10_000).fill(GET));
    expect(results.filter(({ kind }) => kind === 'get').length).toBe(fitting);
    expect(results.at(-1)).toMatchObject({ kind: 'error', error: { code: 'TOO_LARGE' } });
    expect(Math.max(...pieces)).toBe(piece);
    expect(pieces.length).toBe(2);
    expect([executor.executedCount, executor.failedCount]).toEqual([10_000, 10_000 - fitting]);
  },
);

test('writes behind a get without room are executed', async () => {
  const { executor, pieces } = executorOver(16 * MEBIBYTE, 16 * MEBIBYTE);
  const results = await executor.execute([GET, GET, DELETE, GET, DELETE]);
  expect(results.map(({ kind }) => kind)).toEqual(['get', 'error', 'delete', 'error', 'delete']);
  expect(pieces).toEqual([1, 2, 1]);
});

test('small values are all read, and a batch of writes is one piece', async () => {
  const { executor } = executorOver(16 * MEBIBYTE, 10);
  const results = await executor.execute(new Array(1_000).fill(GET));
  expect(results.every(({ kind }) => kind === 'get')).toBe(true);
  expect(executor.isOnePiece(new Array(256).fill(DELETE))).toBe(true);
  expect(executor.isOnePiece(new Array(257).fill(DELETE))).toBe(false);
  expect(executor.isOnePiece([GET, GET])).toBe(false);
});

/** `pieces` has the lengths of what the backend was handed. */
function executorOver(valueBytesMax: number, valueBytes: number) {
  const pieces: number[] = [];
  const data = new Uint8Array(valueBytes);
  const entry = { encoding: 'bytes', data, version: 1n, createdAtMs: 0, expiresAtMs: 1 } as const;
  const backend: Pick<CacheBackend, 'execute'> = {
    async execute(operations) {
      pieces.push(operations.length);
      return operations.map(({ kind }) =>
        kind === 'get' ? { kind, entry } : { kind: 'delete', existed: true },
      );
    },
  };
  const executor = new OperationExecutor({
    backend,
    valueBytesMax,
    responseValueBytesMax: responseValueBytesMax(valueBytesMax),
    onError: () => {},
  });
  return { executor, pieces };
}
