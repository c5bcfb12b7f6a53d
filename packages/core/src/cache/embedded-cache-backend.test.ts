// Goal: clients in any language can read what the embedded cache stored, however it was encoded.
// Method: values written through the cache, read through its backend, on a simulated machine.
// Not covered: the other operations of the backend (the sidecar's tests, over gRPC).
import { expect, test } from 'vitest';
import type { CacheOperationResult } from '../backend/cache-backend.ts';
import type { Codec } from '../codec/codec.ts';
import { json } from '../codec/codec.ts';
import { unpackPlain } from '../codec/plain-msgpack.ts';
import { settle, simulatedRuntime } from '../testing/index.ts';
import type { Cache } from './cache.ts';
import { openCacheOn } from './open-cache.ts';

const codec: Codec = { ...json, name: 'own', decode: (bytes) => revive(json.decode(bytes)) };

/** Kinds of value that JSON itself does not give. */
function revive(value: unknown): unknown {
  if (value === 'a map') return new Map([['key', 'value']]);
  return value === 'bytes' ? new Uint8Array([1, 2]) : value;
}

async function read(cache: Cache, key: string): Promise<CacheOperationResult> {
  const operation = { kind: 'get', key: new TextEncoder().encode(key) } as const;
  const [result] = await cache.backend().execute([operation]);
  return result!;
}

test.each(['none', 'gzip'] as const)(
  "values of a user's codec go out in a public encoding (compression %s)",
  async (compression) => {
    const options = { persistent: false, codec, compression, compressionBytesMin: 1 };
    const cache = await openCacheOn(simulatedRuntime(), options);
    const object = { name: 'Ada', tags: ['x'.repeat(500)] };
    for (const value of ['grüße', 'bytes', 'a map', 7]) await cache.set(String(value), value);
    await cache.set('object', object);
    expect(cache.getEntry('object')!.bytes > 500).toBe(compression === 'none');
    const expected = [
      ['grüße', 'text', new TextEncoder().encode('grüße')],
      ['bytes', 'bytes', new Uint8Array([1, 2])],
      ['a map', 'msgpack', { key: 'value' }],
      ['7', 'msgpack', 7],
      ['object', 'msgpack', object],
    ] as const;
    for (const [key, encoding, value] of expected) {
      const result = await read(cache, key);
      if (result.kind !== 'get' || result.entry === undefined) return expect.fail(key);
      const { data } = result.entry;
      expect(result.entry.encoding).toBe(encoding);
      const plain =
        encoding === 'msgpack' ? unpackPlain(data, { start: 0, end: data.length }) : data;
      expect(plain, key).toEqual(value);
    }
    await cache.close();
  },
);

test("a value of a user's codec is an error to clients of a server without it", async () => {
  const machine = simulatedRuntime();
  const writer = await openCacheOn(machine, { directory: '/store', codec });
  await writer.set('key', 'value');
  await writer.close();
  const cache = await openCacheOn(machine.fork(), { directory: '/store' });
  expect(await read(cache, 'key')).toMatchObject({ kind: 'error', error: { code: 'CORRUPT' } });
  await cache.close();
});

test('a server takes no value whose encoding only the store itself knows', async () => {
  const cache = await openCacheOn(simulatedRuntime(), { persistent: false, codec });
  const key = new TextEncoder().encode('key');
  for (const encoding of ['records', 'shapes', 'custom', 'yaml'] as never[]) {
    const value = { encoding, data: new Uint8Array([3]) };
    const [result] = await cache.backend().execute([{ kind: 'set', key, value }]);
    expect(result).toMatchObject({ kind: 'error', error: { code: 'INVALID_ARGUMENT' } });
  }
  expect(cache.has('key')).toBe(false);
  await cache.close();
});

test('compressed values go out as they were set', async () => {
  const options = { persistent: false, compression: 'gzip' } as const;
  const cache = await openCacheOn(simulatedRuntime(), options);
  const text = 'x'.repeat(2_000);
  const data = new TextEncoder().encode(text);
  const key = new TextEncoder().encode('text');
  const value = { encoding: 'text', data } as const;
  await cache.backend().execute([{ kind: 'set', key, value }]);
  expect(cache.get('text')).toBe(text);
  expect(cache.getEntry('text')!.bytes).toBeLessThan(200);
  for (let turn = 0; turn < 3; turn++) await cache.set('object', { text, turn });
  expect(await read(cache, 'text')).toMatchObject({ kind: 'get', entry: value });
  const result = await read(cache, 'object');
  if (result.kind !== 'get' || result.entry === undefined) return expect.fail('no object');
  const { data: packed, encoding } = result.entry;
  expect(encoding).toBe('msgpack');
  expect(unpackPlain(packed, { start: 0, end: packed.length })).toEqual({ text, turn: 2 });
  await cache.close();
});

test('what clients of a server change is told to who watches the cache', async () => {
  const cache = await openCacheOn(simulatedRuntime(), { persistent: false });
  const events = cache.watch();
  const key = new TextEncoder().encode('key');
  const value = { encoding: 'text', data: key } as const;
  const backend = cache.backend();
  await backend.execute([{ kind: 'set', key, value }]);
  await backend.execute([{ kind: 'set', key, value, ifAbsent: true }]);
  await backend.execute([{ kind: 'touch', key, ttlMs: 5 }]);
  await backend.execute([{ kind: 'delete', key }]);
  await cache.close();
  const told: unknown[] = [];
  for await (const event of events) told.push(event);
  expect(told).toMatchObject([
    { type: 'set', key },
    { type: 'delete', key },
  ]);
});

test('a store that stops writing while nobody calls says so', async () => {
  const machine = simulatedRuntime();
  const cache = await openCacheOn(machine, { directory: '/store', onError: () => {} });
  const backend = cache.backend();
  expect(backend.refusal).toBeUndefined();
  void cache.set('key', 'value').catch(() => {});
  machine.disk.fail({ code: 'EIO', kind: 'datasync', times: Number.POSITIVE_INFINITY });
  await machine.clock.advance(60_000);
  expect(backend.refusal).toMatchObject({ code: 'READ_ONLY' });
  const key = new TextEncoder().encode('key');
  expect(await backend.execute([{ kind: 'get', key }])).toMatchObject([{ kind: 'get' }]);
  // What a load gives reaches those who wait all the same.
  let fillToken = 0n;
  const { signal } = new AbortController();
  const onLease = (token: bigint): void => {
    fillToken = token;
  };
  const loading = backend.getOrLease({ key: Uint8Array.of(1), ttlMs: 1_000, signal, onLease });
  await settle();
  const value = { encoding: 'bytes', data: key } as const;
  const set = { kind: 'set', key: Uint8Array.of(1), value, fillToken } as const;
  expect(await backend.execute([set])).toMatchObject([{ error: { code: 'READ_ONLY' } }]);
  expect(await loading).toMatchObject({ data: key, version: 0n });
  await cache.close().catch(() => {});
});
