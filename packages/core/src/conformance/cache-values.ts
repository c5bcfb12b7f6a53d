/**
 * The part of `cacheConformance` about values: each kind comes back as it was, as a copy of its
 * own.
 */

import { SeededRandom } from '../testing/seeded-random.ts';
import type { CacheBench, CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import { MAPS, NUMBERS, numbers, OBJECTS, TEXTS } from './value-samples.ts';

export const VALUE_TESTS: readonly CacheTest[] = [
  {
    name: 'text of every kind comes back as it was',
    run: (bench) => roundTrip(bench, TEXTS),
  },
  {
    name: 'text with lone surrogates comes back as it was',
    run: (bench) => roundTrip(bench, ['\ud800', 'a\udc00b', `\udfff${'x'.repeat(5_000)}\ud83d`]),
  },
  {
    name: 'text with lone surrogates inside a value comes back or is refused: it never changes',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const value of [{ a: '\ud800' }, ['x\udc00'], { '\udbff': 1 }, new Set(['\udfff'])]) {
        const isStored = await cache.set('a', value).then(
          () => true,
          (error: { code?: string }) => {
            expectEqual(error.code, 'INVALID_ARGUMENT', 'the code of the refusal');
            return false;
          },
        );
        if (isStored) expectSame(await cache.get('a'), value, 'the value');
        await cache.delete('a');
      }
    },
  },
  {
    name: 'objects of very many properties come back as they were',
    run: async ({ open }) => {
      const { cache } = await open();
      const many = Object.fromEntries(Array.from({ length: 70_000 }, (_, at) => [`name${at}`, at]));
      for (const value of [many, { nested: [many] }]) {
        await cache.set('a', value);
        expectSame(await cache.get('a'), value, 'the value');
      }
    },
  },
  {
    name: 'objects that inherit properties come back with the same names each time',
    run: async ({ open }) => {
      const { cache } = await open();
      const inherited = Object.assign(Object.create(null) as object, { inherited: 9 });
      const value = Object.assign(Object.create(inherited) as object, { own: 1, z: 2 });
      await cache.set('a', value);
      const first = await cache.get('a');
      expectEqual((first as { own: number }).own, 1, 'an own property');
      for (let time = 0; time < 4; time++) {
        await cache.set('a', value);
        expectSame(await cache.get('a'), first, 'the value');
      }
    },
  },
  {
    name: 'properties with the names of methods and of internals come back as they were',
    run: async ({ open }) => {
      const { cache } = await open();
      for (let time = 0; time < 4; time++) {
        for (const first of ['a', 'b', 'c']) {
          for (const last of ['pop', 'length', 'constructor', 'hasOwnProperty', 'toString']) {
            const value = { [first]: 1, __keys__: 7, [last]: 9 };
            await cache.set('a', value);
            expectSame(await cache.get('a'), value, 'the value');
            await cache.set('a', { [first]: time });
          }
        }
      }
    },
  },
  {
    name: 'a property named __proto__ comes back or is refused, and reaches no prototype',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const text of ['{"__proto__":1}', '{"a":{"__proto__":{"b":1}}}', '[{"__proto__":[]}]']) {
        const value: unknown = JSON.parse(text);
        for (let time = 0; time < 3; time++) {
          const failure = await cache.set('a', value).then(
            () => undefined,
            (error: { code?: string }) => error.code ?? String(error),
          );
          if (failure === undefined) expectSame(await cache.get('a'), value, 'the value');
          else expectEqual(failure, 'INVALID_ARGUMENT', 'the code of the refusal');
          expectEqual(({} as { b?: number }).b, undefined, 'a property of any object');
        }
      }
    },
  },
  {
    name: 'numbers come back as they were: whole, fractional, huge, tiny, NaN, infinite',
    run: (bench) => roundTrip(bench, NUMBERS),
  },
  {
    name: 'bigints come back as bigints, or are refused: they never change',
    run: async ({ open }) => {
      const { cache } = await open();
      const sure = [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n];
      for (const value of sure) {
        await cache.set('a', value);
        expectEqual(await cache.get('a'), value, 'the bigint');
        await cache.set('a', { deep: [value] });
        expectSame(await cache.get('a'), { deep: [value] }, 'the bigint inside');
      }
      for (const value of [2n ** 64n, -(2n ** 63n) - 1n, 3n ** 500n]) {
        const failed = await cache.set('a', value).then(
          () => undefined,
          (error: { code?: string }) => error.code ?? String(error),
        );
        if (failed === undefined) expectEqual(await cache.get('a'), value, 'a large bigint');
        else expectEqual(failed, 'INVALID_ARGUMENT', 'the code of the refusal');
      }
    },
  },
  {
    name: 'bytes of every length and place come back as a Uint8Array of their own',
    run: async ({ open }) => {
      const { cache } = await open();
      const source = new SeededRandom(7).fill(new Uint8Array(70_000));
      for (const length of [0, 1, 7, 8, 255, 4_096, 65_536, 69_999]) {
        const value = source.subarray(1, 1 + length);
        await cache.set('a', value);
        const read = (await cache.get('a')) as Uint8Array;
        expectSame(read, value.slice(), `${length} bytes`);
        expectEqual(read.buffer.byteLength, length, 'the length of the memory behind them');
      }
    },
  },
  {
    name: 'objects, arrays, dates, sets and typed arrays come back as they were, nested too',
    run: (bench) => roundTrip(bench, OBJECTS),
  },
  {
    name: 'maps come back as maps, inside other values as well',
    needs: ['map values'],
    run: (bench) => roundTrip(bench, MAPS),
  },
  {
    name: 'a value of 1 MiB comes back as it was',
    run: async ({ open }) => {
      const { cache } = await open();
      const large = new SeededRandom(3).fill(new Uint8Array(1024 * 1024).subarray(0, 65_536));
      const mebibyte = new Uint8Array(1024 * 1024);
      for (let at = 0; at < mebibyte.length; at += large.length) mebibyte.set(large, at);
      const values = { bytes: mebibyte, text: 'grüße 🦀 '.repeat(70_000), list: numbers(150_000) };
      for (const [key, value] of Object.entries(values)) await cache.set(key, value);
      for (const [key, value] of Object.entries(values)) {
        expectSame(await cache.get(key), value, key);
      }
    },
  },
  {
    name: 'rule 3: changing what was set, or what was read, does not change the cache',
    run: async ({ open }) => {
      const { cache } = await open();
      const list = [1, 2, { deep: [3] }];
      const data = new Uint8Array([1, 2, 3]);
      const settings = [cache.set('list', list), cache.set('bytes', data)];
      list.push(4);
      (list[2] as { deep: number[] }).deep.push(5);
      data.fill(9);
      await Promise.all(settings);
      for (let turn = 0; turn < 2; turn++) {
        const readList = (await cache.get('list')) as unknown[];
        const readData = (await cache.get('bytes')) as Uint8Array;
        expectSame(readList, [1, 2, { deep: [3] }], 'the list');
        expectSame(readData, new Uint8Array([1, 2, 3]), 'the bytes');
        readList.length = 0;
        readData.fill(7);
      }
      const entry = await cache.getEntry('list');
      (entry?.value as unknown[]).length = 0;
      expectSame(await cache.get('list'), [1, 2, { deep: [3] }], 'the list afterwards');
    },
  },
  {
    name: 'rule 3: a value that was read stays as it is while others are read and written',
    run: async ({ open }) => {
      const { cache } = await open();
      const objectOf = (fill: number) => ({
        bytes: new Uint8Array(100).fill(fill),
        floats: new Float64Array(10).fill(fill),
        list: [new Uint8Array(8).fill(fill)],
      });
      for (let index = 0; index < 20; index++) await cache.set(`key ${index}`, objectOf(index));
      const read: unknown[] = [];
      for (let index = 0; index < 20; index++) read.push(await cache.get(`key ${index}`));
      await cache.set('key 0', objectOf(99));
      for (const [index, value] of read.entries()) expectSame(value, objectOf(index), 'a value');
    },
  },
  {
    name: 'what cannot be stored is refused, the old value stays, and nothing is dropped silently',
    run: async ({ open }) => {
      const { cache } = await open();
      const cycle: Record<string, unknown> = {};
      Object.assign(cycle, { self: cycle });
      const list: unknown[] = [];
      list.push({ list });
      const bad = [undefined, () => 1, Symbol('s'), cycle, list, { call: () => 1 }, [Symbol('s')]];
      await cache.set('a', 'old');
      for (const [index, value] of bad.entries()) {
        const failing = () => cache.set('a', value);
        await expectFailure(failing, 'INVALID_ARGUMENT', `setting bad value ${index}`);
        expectEqual(await cache.get('a'), 'old', 'the value');
      }
    },
  },
  {
    name: 'a value whose getter throws fails its set alone',
    run: async ({ open }) => {
      const { cache } = await open();
      const reason = new Error('from the getter');
      const value = {
        get broken(): never {
          throw reason;
        },
      };
      const failed = await cache.set('a', value).then(
        () => undefined,
        (error: unknown) => error,
      );
      expectEqual(failed, reason, 'what set rejects with');
      await cache.set('a', { fine: true });
      expectSame(await cache.get('a'), { fine: true }, 'the next value');
    },
  },
  {
    name: 'a value whose getter uses the cache itself is stored under its own key',
    run: async ({ open }) => {
      const { cache } = await open();
      const inner: Promise<void>[] = [];
      const value = {
        get n(): number {
          inner.push(cache.set('inner', { from: 'getter' }));
          return 1;
        },
      };
      await cache.set('outer', value);
      await Promise.all(inner);
      expectSame(await cache.getMany(['outer', 'inner']), [{ n: 1 }, { from: 'getter' }], 'both');
    },
  },
];

async function roundTrip({ open }: CacheBench, values: readonly unknown[]): Promise<void> {
  const { cache } = await open();
  for (const [index, value] of values.entries()) await cache.set(`key ${index}`, value);
  for (const [index, value] of values.entries()) {
    const read = await cache.get(`key ${index}`);
    expectSame(read, value, `value ${index}`);
    const isObject = typeof value === 'object' && value !== null;
    expectTrue(!isObject || read !== value, 'a copy rather than the value itself');
  }
}
