/** The part of `cacheConformance` about keys: which are the same, and which are none. */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure } from './expect.ts';
import { expectSame } from './expect-same.ts';

const KEY_BYTES_MAX = 65_536;

export const KEY_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 8: keys that look alike are different keys',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const [index, key] of ALIKE.entries()) await cache.set(key, index);
      for (const [index, key] of ALIKE.entries()) {
        expectEqual(await cache.get(key), index, `the value of key ${index}`);
      }
      for (const [index, key] of ALIKE.entries()) {
        expectEqual(await cache.delete(key), true, `deleting key ${index}`);
        expectEqual(await cache.has(key), false, `having key ${index} once it was deleted`);
      }
    },
  },
  {
    name: 'rule 8: text names the same key as its UTF-8 bytes, the empty one included',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const text of ['', 'a', 'grüße', '日本語 🦀', 'x'.repeat(1_000)]) {
        const bytes = new TextEncoder().encode(text);
        await cache.set(text, 'from text');
        expectEqual(await cache.get(bytes), 'from text', 'the value by bytes');
        const around = new Uint8Array(bytes.length + 9).fill(0x61);
        around.set(bytes, 5);
        await cache.set(around.subarray(5, 5 + bytes.length), 'from bytes');
        expectEqual(await cache.get(text), 'from bytes', 'the value by text');
        expectEqual(await cache.delete(bytes), true, 'deleting by bytes');
        expectEqual(await cache.has(text), false, 'having it by text');
      }
    },
  },
  {
    name: 'rule 8: names of every object are ordinary keys',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length']) {
        expectEqual(await cache.get(key), undefined, `${key} before it was set`);
        expectEqual(await cache.delete(key), false, `deleting ${key} before it was set`);
        await cache.set(key, key);
        expectEqual(await cache.get(key), key, `the value of ${key}`);
      }
    },
  },
  {
    name: 'rule 8: a key may have 64 KiB, counted in bytes, and one more is TOO_LARGE',
    run: async ({ open }) => {
      const { cache } = await open();
      const third = Math.floor(KEY_BYTES_MAX / 3);
      const longest = [
        'a'.repeat(KEY_BYTES_MAX),
        '€'.repeat(third),
        '🦀'.repeat(KEY_BYTES_MAX / 4),
      ];
      for (const [index, key] of longest.entries()) {
        const text = index === 1 ? `${key}a` : key;
        await cache.set(text, index);
        expectEqual(await cache.get(text), index, 'the value of a longest key');
        const longer = `${text}b`;
        await expectFailure(async () => cache.get(longer), 'TOO_LARGE', 'getting a longer one');
        await expectFailure(() => cache.set(longer, 1), 'TOO_LARGE', 'setting a longer one');
      }
      const bytes = new Uint8Array(KEY_BYTES_MAX).fill(0xff);
      await cache.set(bytes, 'bytes');
      expectEqual(await cache.get(bytes), 'bytes', 'the value of the longest bytes');
      const longer = new Uint8Array(KEY_BYTES_MAX + 1).fill(0xff);
      await expectFailure(async () => cache.has(longer), 'TOO_LARGE', 'has with longer bytes');
      await expectFailure(() => cache.delete(longer), 'TOO_LARGE', 'deleting longer bytes');
    },
  },
  {
    name: 'rule 8: thousands of keys are told apart whatever their hashes',
    run: async ({ open }) => {
      const { cache } = await open();
      const keys = Array.from({ length: 3_000 }, (_, index) => `key ${index.toString(36)}`);
      await cache.setMany(keys.map((key, index) => [key, index] as const));
      expectSame(await cache.getMany(keys), [...keys.keys()], 'the values');
      expectEqual(
        await cache.deleteMany(keys.filter((_, index) => index % 2 === 0)),
        1_500,
        'half',
      );
      const left = await cache.getMany(keys);
      const expected = Array.from(keys, (_, index) => (index % 2 === 0 ? undefined : index));
      expectSame(left, expected, 'the other half');
    },
  },
  {
    name: 'keys come back as they were set: text as text, other bytes as bytes',
    needs: ['keys'],
    run: async ({ open }) => {
      const { cache } = await open();
      const texts = ['', 'grüße 🦀', '\ud800', 'a\u0000b', '__proto__'];
      const bytes = [new Uint8Array([0xff, 0xfe]), new Uint8Array([0xc0, 0x80])];
      for (const key of [...texts, ...bytes]) await cache.set(key, 1);
      const found: string[] = [];
      const expected = [...texts.map(named), ...bytes.map(named)];
      for await (const key of cache.keys()) found.push(named(key));
      expectSame(found.toSorted(), expected.toSorted(), 'the keys');
    },
  },
  {
    name: 'rule 10: what is neither text nor bytes is no key',
    run: async ({ open }) => {
      const { cache } = await open();
      const bad = [undefined, null, 5, 5n, true, {}, [], Symbol('key'), new Uint16Array(2)];
      for (const [index, key] of (bad as never[]).entries()) {
        const calls: Record<string, () => unknown> = {
          get: () => cache.get(key),
          getEntry: () => cache.getEntry(key),
          has: () => cache.has(key),
          ttl: () => cache.ttl(key),
          set: () => cache.set(key, 1),
          setIfAbsent: () => cache.setIfAbsent(key, 1),
          delete: () => cache.delete(key),
          touch: () => cache.touch(key, { ttl: 5 }),
          getMany: () => cache.getMany([key]),
          setMany: () => cache.setMany([[key, 1]]),
          deleteMany: () => cache.deleteMany([key]),
        };
        for (const [name, call] of Object.entries(calls)) {
          const what = `${name} of bad key ${index}`;
          await expectFailure(async () => await call(), 'INVALID_ARGUMENT', what);
        }
      }
    },
  },
];

const ALIKE: readonly (string | Uint8Array)[] = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'a\u0000',
  '\u0000a',
  'aa',
  '1',
  '01',
  'é',
  'e\u0301',
  '\ufffd',
  '\ud800',
  '\ud801',
  '\udc00',
  '\udc00\ud800',
  '\u{10000}',
  '\ufeffa',
  new Uint8Array([0xff]),
  new Uint8Array([0xff, 0xff]),
  new Uint8Array([0xc0, 0x80]),
  new Uint8Array([0xe2, 0x82]),
  new Uint8Array([0xf5, 0x80, 0x80, 0x80]),
];

function named(key: string | Uint8Array): string {
  return typeof key === 'string' ? JSON.stringify(key) : `bytes ${key.join()}`;
}
