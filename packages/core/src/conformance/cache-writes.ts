/**
 * The part of `cacheConformance` about writing: set, delete, take, touch, clear, many at once,
 * durability.
 */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

export const WRITE_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 2: a set is read at once, before its promise resolves',
    run: async ({ open }) => {
      const { cache } = await open();
      const first = cache.set('a', 1);
      expectEqual(await cache.get('a'), 1, 'the value right after set was called');
      const second = cache.set('a', 2, { durability: 'synced' });
      const third = cache.set('a', 3, { durability: 'written' });
      expectEqual(await cache.get('a'), 3, 'the last of two values');
      expectEqual(await first, undefined, 'what set resolves to');
      await Promise.all([second, third]);
      expectEqual(await cache.get('a'), 3, 'the value afterwards');
    },
  },
  {
    name: 'rule 2: a set that fails rejects, leaves the old value, and reaches onError',
    run: async ({ open, takeErrors }) => {
      const { cache } = await open({ valueBytesMax: 1_000 });
      await cache.set('a', new Uint8Array(1_000).fill(1));
      const error = await expectFailure(
        () => cache.set('a', new Uint8Array(1_001)),
        'TOO_LARGE',
        'a set over valueBytesMax',
      );
      expectSame(await cache.get('a'), new Uint8Array(1_000).fill(1), 'the old value');
      expectTrue(error.message.startsWith('TOO_LARGE: '), 'the message to start with the code');
      takeErrors();
    },
  },
  {
    name: 'rule 2: a failure nobody awaits reaches onError and does no harm',
    needs: ['unawaited writes', 'take', 'increment'],
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open({ valueBytesMax: 1_000 });
      await cache.set('a', 'text');
      cache.set('a', 'x'.repeat(1_001));
      cache.setIfAbsent('b', 'x'.repeat(1_001));
      cache.increment('a');
      cache.setMany([['c', 'x'.repeat(1_001)]]);
      cache.take(5 as never);
      await advance(1);
      const codes = takeErrors().map(({ code }) => code);
      expectTrue(codes.filter((code) => code === 'TOO_LARGE').length >= 3, 'three TOO_LARGE');
      expectTrue(codes.includes('INVALID_ARGUMENT'), 'INVALID_ARGUMENT to be reported');
      expectEqual(await cache.get('a'), 'text', 'the value');
    },
  },
  {
    name: 'delete removes a value and tells whether there was one',
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', 1);
      expectEqual(await cache.delete('a'), true, 'deleting a value');
      expectEqual(await cache.get('a'), undefined, 'the deleted value');
      expectEqual(await cache.delete('a'), false, 'deleting it again');
      await cache.set('a', 2);
      expectEqual(await cache.get('a'), 2, 'the value set after deleting');
      expectEqual(await cache.delete('never set', { durability: 'synced' }), false, 'nothing');
    },
  },
  {
    name: 'take gives the value and removes it: one of many at once gets it',
    needs: ['take'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', { n: 1 });
      const taken = await Promise.all(Array.from({ length: 10 }, () => cache.take('a')));
      expectSame(
        taken.filter((value) => value !== undefined),
        [{ n: 1 }],
        'what was taken',
      );
      expectEqual(await cache.has('a'), false, 'having it still');
      expectEqual(await cache.take('a'), undefined, 'taking it again');
    },
  },
  {
    name: 'touch gives a new deadline to the same value, and a new version',
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', { n: 1 }, { ttl: '1h' });
      const before = await cache.getEntry('a');
      for (const [ttl, atLeast, atMost] of TOUCHES) {
        expectEqual(await cache.touch('a', { ttl }), true, `touch with ${ttl}`);
        const left = (await cache.ttl('a')) as number;
        expectTrue(
          left > atLeast && left <= atMost,
          `the TTL after touch with ${ttl}, not ${left}`,
        );
      }
      const after = await cache.getEntry('a');
      expectSame(after?.value, { n: 1 }, 'the value');
      expectEqual(after?.createdAt, before?.createdAt, 'createdAt');
      expectTrue((after?.version ?? 0n) > (before?.version ?? 0n), 'the version to rise');
    },
  },
  {
    name: 'touch tells that there is no value: never set, deleted or expired',
    run: async ({ open, advance }) => {
      const { cache } = await open();
      await cache.set('deleted', 1);
      await cache.delete('deleted');
      await cache.set('expired', 1, { ttl: 1 });
      await advance(2);
      for (const key of ['never set', 'deleted', 'expired']) {
        expectEqual(await cache.touch(key, { ttl: '1h' }), false, `touching one ${key}`);
        expectEqual(await cache.has(key), false, `having one ${key}`);
      }
    },
  },
  {
    name: 'clear removes everything at once, and nothing that is set after it was called',
    needs: ['clear'],
    run: async ({ open }) => {
      const { cache } = await open();
      for (let index = 0; index < 100; index++) await cache.set(`key ${index}`, index);
      const clearing = cache.clear();
      const setting = cache.set('key 1', 'after');
      expectEqual(await cache.get('key 0'), undefined, 'a value once clear was called');
      expectEqual(await cache.get('key 1'), 'after', 'a value set after clear was called');
      await Promise.all([clearing, setting]);
      expectEqual(await cache.get('key 99'), undefined, 'a value after clear');
      expectEqual(await cache.get('key 1'), 'after', 'the value set meanwhile');
      await cache.clear();
      await cache.clear();
      expectEqual(await cache.get('key 1'), undefined, 'a value after clearing again');
    },
  },
  {
    name: 'setMany sets all in order, with common options and options of their own',
    run: async ({ open }) => {
      const { cache } = await open();
      const entries = new Map<string, number>([['a', 1]]);
      await cache.setMany(entries);
      await cache.setMany(
        [
          ['a', 2],
          ['b', 3, { ttl: Number.POSITIVE_INFINITY }],
          ['a', 4],
        ],
        { ttl: '1h' },
      );
      expectSame(await cache.getMany(['a', 'b']), [4, 3], 'the values');
      expectTrue(((await cache.ttl('a')) as number) <= 3_600_000, 'the common TTL for a');
      expectEqual(await cache.ttl('b'), Number.POSITIVE_INFINITY, 'the TTL of b');
      await cache.setMany([]);
    },
  },
  {
    name: 'setMany rejects when one fails, and sets the others',
    run: async ({ open }) => {
      const { cache } = await open({ valueBytesMax: 1_000 });
      const failing = () =>
        cache.setMany([
          ['a', 1],
          ['b', new Uint8Array(1_001)],
          ['c', 3],
        ]);
      await expectFailure(failing, 'TOO_LARGE', 'setMany with one value too large');
      expectSame(await cache.getMany(['a', 'b', 'c']), [1, undefined, 3], 'the values');
    },
  },
  {
    name: 'deleteMany tells how many there were',
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.setMany([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ]);
      expectEqual(await cache.deleteMany(new Set(['a', 'none', 'c'])), 2, 'values deleted');
      expectSame(await cache.getMany(['a', 'b', 'c']), [undefined, 2, undefined], 'what is left');
      expectEqual(await cache.deleteMany([]), 0, 'values deleted for no key');
    },
  },
  {
    name: 'every durability keeps its promise to resolve, for every kind of write',
    run: async ({ open }) => {
      for (const durability of ['buffered', 'written', 'synced'] as const) {
        const { cache, close } = await open({ durability });
        for (const own of ['buffered', 'written', 'synced', undefined] as const) {
          await cache.set('a', durability, { durability: own });
          await cache.setMany([['b', 1]], { durability: own });
          expectEqual(await cache.setIfAbsent('c', 1, { durability: own }), true, 'setIfAbsent');
          expectEqual(await cache.deleteMany(['b', 'c'], { durability: own }), 2, 'deleteMany');
          expectEqual(await cache.touch('a', { ttl: '1h' }), true, 'touch');
          expectEqual(await cache.get('a'), durability, 'the value');
        }
        await close();
      }
    },
  },
  {
    name: 'flush resolves, with writes under way and with nothing to do',
    needs: ['flush'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.flush();
      const setting = Array.from({ length: 50 }, (_, index) => cache.set(`key ${index}`, index));
      await cache.flush();
      await Promise.all(setting);
      await Promise.all([cache.flush(), cache.flush()]);
      expectEqual(await cache.get('key 49'), 49, 'a value');
    },
  },
];

const TOUCHES = [
  ['2h', 3_600_000, 7_200_000],
  [60_000, 50_000, 60_000],
  ['7d', 6 * 86_400_000, 7 * 86_400_000],
  [Number.POSITIVE_INFINITY, 1e15, Number.POSITIVE_INFINITY],
  ['1.5h', 5_000_000, 5_400_000],
] as const;
