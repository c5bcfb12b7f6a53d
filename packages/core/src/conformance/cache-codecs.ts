/**
 * The part of `cacheConformance` about codecs: each reads what the others wrote, refuses what it
 * would lose, and one of the user's is asked only for values of its own.
 */

import { bytes, type Codec, json, msgpack } from '../codec/codec.ts';
import type { CacheTest } from './cache.ts';
import { DateValue } from './date-value.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

const NEEDS = ['codec', 'reopen'] as const;

/** JSON with every byte turned over, in a buffer that the next value overwrites. */
function turnedJson(name: string): Codec {
  const buffer = new Uint8Array(4_096);
  return {
    name,
    encode(value) {
      const encoded = json.encode(value);
      encoded.forEach((byte, index) => {
        buffer[index] = ~byte;
      });
      return buffer.subarray(0, encoded.length);
    },
    // Into the bytes it is given: they have to be a copy.
    decode: (data) => json.decode(data.map((byte) => ~byte).subarray(0, data.fill(0).length)),
  };
}

const cycle: Record<string, unknown> = {};
cycle.self = [cycle];

const NO_JSON: readonly unknown[] = [
  5n,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [1, Number.NEGATIVE_INFINITY],
  undefined,
  [undefined],
  () => 1,
  { call: () => 1 },
  Symbol('s'),
  new Map([[1, 2]]),
  { deep: [new Set([1])] },
  new Uint8Array(2),
  { at: new Float64Array(2) },
  new ArrayBuffer(2),
  /x/,
  new Error('x'),
  Promise.resolve(1),
  { big: { toJSON: () => 5n } },
  cycle,
];

export const CODEC_TESTS: readonly CacheTest[] = [
  {
    name: 'each codec reads what the others wrote, and takes what it can write',
    needs: NEEDS,
    run: async ({ open }) => {
      await using first = await open();
      await first.cache.set('msgpack', { date: new DateValue(5), n: 1 });
      await first.close();
      await using second = await open({ codec: json });
      await second.cache.set('json', { date: new DateValue(5), n: [1] });
      await second.close();
      await using third = await open({ codec: bytes });
      await third.cache.set('bytes', new Uint8Array([1, 2]));
      await third.close();
      const expected = [
        { date: new DateValue(5), n: 1 },
        { date: '1970-01-01T00:00:00.005Z', n: [1] },
        new Uint8Array([1, 2]),
      ];
      for (const codec of ['msgpack', 'json', 'bytes', msgpack] as const) {
        await using opened = await open({ codec });
        const read = await opened.cache.getMany(['msgpack', 'json', 'bytes']);
        expectSame(read, expected, `all, with the codec ${String(codec)}`);
      }
    },
  },
  {
    name: 'the json codec refuses what JSON would lose, and the old value stays',
    needs: ['codec'],
    run: async ({ open }) => {
      const { cache } = await open({ codec: 'json' });
      await cache.set('a', 'old');
      for (const [index, value] of NO_JSON.entries()) {
        const setting = () => cache.set('a', value);
        await expectFailure(setting, 'INVALID_ARGUMENT', `setting bad value ${index}`);
        expectEqual(await cache.get('a'), 'old', 'the value');
      }
      class Point {
        x = 1;
        y = undefined;
      }
      await cache.set('a', { at: new Point(), text: 'grüße \ud800', none: null, list: [true, -1] });
      const expected = { at: { x: 1 }, text: 'grüße \ud800', none: null, list: [true, -1] };
      expectSame(await cache.get('a'), expected, 'the value');
    },
  },
  {
    name: 'the bytes codec takes a Uint8Array and nothing else',
    needs: ['codec', 'increment'],
    run: async ({ open }) => {
      const { cache } = await open({ codec: 'bytes' });
      await cache.set('a', new Uint8Array([1]));
      for (const value of ['text', 1, null, new Uint16Array(1), new ArrayBuffer(1), [1]]) {
        const setting = () => cache.set('a', value);
        await expectFailure(setting, 'INVALID_ARGUMENT', `setting ${String(value)}`);
      }
      await expectFailure(() => cache.increment('b'), 'INVALID_ARGUMENT', 'adding to nothing');
      expectSame(await cache.get('a'), new Uint8Array([1]), 'the value');
    },
  },
  {
    name: "a user's codec writes and reads every kind of value, over a restart too",
    needs: [...NEEDS, 'increment', 'compareAndSet', 'take', 'entries'],
    run: async ({ open }) => {
      const codec = turnedJson('turned');
      const { cache, close } = await open({ codec });
      const large = { text: 'x'.repeat(4_000) };
      await Promise.all([cache.set('text', 'grüße'), cache.set('object', { n: [1] })]);
      await Promise.all([cache.set('null', null), cache.set('large', large)]);
      expectEqual(await cache.increment('count'), 1, 'the sum');
      expectEqual(await cache.increment('count', 4), 5, 'the sum');
      await cache.touch('object', { ttl: '1h' });
      const version = (await cache.getEntry('text'))?.version;
      const { stored } = await cache.compareAndSet('text', 'new', { version });
      expectTrue(stored, 'the new text to be stored');
      for (let turn = 0; turn < 2; turn++) {
        const all = await cache.getMany(['text', 'object', 'null', 'large', 'count']);
        expectSame(all, ['new', { n: [1] }, null, large, 5], 'all');
      }
      expectEqual(await cache.take('null'), null, 'the value taken');
      await close();
      await using again = await open({ codec: turnedJson('turned') });
      const found = new Map<unknown, unknown>();
      for await (const [key, value] of again.cache.entries()) found.set(key, value);
      expectSame(found.get('object'), { n: [1] }, 'the object');
      expectEqual(found.size, 4, 'the number of values');
    },
  },
  {
    name: "a value of a user's codec is CORRUPT without it, never another value, and stays there",
    needs: [...NEEDS, 'getOrSet'],
    run: async ({ open, takeErrors }) => {
      await using first = await open({ codec: turnedJson('mine') });
      await first.cache.setMany(['a', 'b', 'c'].map((key) => [key, { key }] as const));
      await first.close();
      for (const codec of ['msgpack', turnedJson('mine-2')] as const) {
        await using other = await open({ codec });
        await other.cache.set('plain', 1);
        const reading = () => other.cache.get('a');
        const { details } = await expectFailure(reading, 'CORRUPT', 'reading a value of mine');
        expectEqual(details.codec, 'mine', 'the codec it needs');
        await expectFailure(() => other.cache.getEntry('a'), 'CORRUPT', 'reading its entry');
        expectEqual(await other.cache.has('a'), true, 'having it');
        expectEqual(await other.cache.get('plain'), 1, 'a value of its own');
        await other.close();
      }
      await using without = await open();
      expectEqual(await without.cache.getOrSet('b', () => 'loaded'), 'loaded', 'the value');
      expectSame(
        takeErrors().map(({ code }) => code),
        ['CORRUPT'],
        'what onError heard',
      );
      expectEqual(await without.cache.delete('c'), true, 'deleting one');
      await without.close();
      await using again = await open({ codec: turnedJson('mine') });
      const all = await again.cache.getMany(['a', 'b', 'c']);
      expectSame(all, [{ key: 'a' }, 'loaded', undefined], 'all');
    },
  },
  {
    name: "a user's codec that throws fails that call alone, with the error as its cause",
    needs: ['codec'],
    run: async ({ open }) => {
      const reason = new Error('no key');
      let isBroken = false;
      const { encode, decode } = turnedJson('turned');
      const unlessBroken =
        <A, R>(run: (argument: A) => R) =>
        (argument: A): R => {
          if (isBroken) throw reason;
          return run(argument);
        };
      const codec: Codec = {
        name: 'fragile',
        encode: unlessBroken(encode),
        decode: unlessBroken(decode),
      };
      const { cache } = await open({ codec });
      await cache.set('a', 'old');
      isBroken = true;
      const setting = await expectFailure(() => cache.set('a', 1), 'INVALID_ARGUMENT', 'setting');
      expectEqual(setting.cause, reason, 'the cause');
      const reading = await expectFailure(() => cache.get('a'), 'CORRUPT', 'reading');
      expectEqual(reading.cause, reason, 'the cause');
      isBroken = false;
      expectEqual(await cache.get('a'), 'old', 'the value');
      await cache.set('a', 'new');
      expectEqual(await cache.get('a'), 'new', 'the value');
    },
  },
  {
    name: "what a user's codec gives that is no bytes, or no value, is refused",
    needs: ['codec'],
    run: async ({ open }) => {
      let encoded: unknown = 'text';
      const codec = { name: 'odd', encode: () => encoded, decode: () => undefined } as Codec;
      const { cache } = await open({ codec });
      for (encoded of ['text', undefined, [1], new ArrayBuffer(1), Promise.resolve()]) {
        const setting = () => cache.set('a', 1);
        await expectFailure(setting, 'INVALID_ARGUMENT', `what gives ${String(encoded)}`);
      }
      expectEqual(await cache.has('a'), false, 'having it');
      encoded = new Uint8Array(0);
      await expectFailure(() => cache.set('a', undefined), 'INVALID_ARGUMENT', 'setting nothing');
      await cache.set('a', 1);
      await expectFailure(() => cache.get('a'), 'CORRUPT', 'reading what decodes to nothing');
    },
  },
  {
    name: "a user's codec may use the cache itself",
    needs: ['codec'],
    run: async ({ open }) => {
      const inner: Promise<unknown>[] = [];
      const { encode, decode } = turnedJson('turned');
      const codec: Codec = {
        name: 'nested',
        encode(value) {
          if (value === 'outer') inner.push(cache.set('inner', 'longer than outer'));
          return encode(value);
        },
        decode(data) {
          inner.push(Promise.resolve(cache.has('inner')));
          return decode(data);
        },
      };
      const { cache } = await open({ codec });
      await cache.set('outer', 'outer');
      await Promise.all(inner);
      const both = await cache.getMany(['outer', 'inner']);
      expectSame(both, ['outer', 'longer than outer'], 'both');
    },
  },
  {
    name: 'open refuses a codec it does not know, or that has no name of its own',
    needs: ['codec'],
    run: async ({ open }) => {
      const { encode, decode } = turnedJson('turned');
      const named = (name: unknown) => ({ name, encode, decode });
      const names = ['', 'json', 'a b', 'ü', 'x'.repeat(33), undefined, 5];
      const others = ['yaml', '', {}, 5, null, { name: 'json' }, { name: 'x', encode }];
      for (const codec of [...names.map(named), ...others] as never[]) {
        const opening = () => open({ codec });
        await expectFailure(opening, 'INVALID_ARGUMENT', `the codec ${JSON.stringify(codec)}`);
      }
    },
  },
];
