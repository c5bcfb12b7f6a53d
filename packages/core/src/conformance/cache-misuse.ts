/**
 * The part of `cacheConformance` about misuse of methods: a TypeError with a stable code, and
 * nothing changes.
 */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

export const MISUSE_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 10: misuse is a TypeError, everything else is not; both are HoldfastErrors',
    run: async ({ open }) => {
      const { cache, close } = await open({ valueBytesMax: 1_000 });
      const misuse = await expectFailure(
        () => cache.set('a', 1, { ttl: -1 }),
        'INVALID_ARGUMENT',
        'a set with a negative TTL',
      );
      expectTrue((misuse as Error) instanceof TypeError, 'misuse to be a TypeError');
      expectTrue(misuse.message.startsWith('INVALID_ARGUMENT: '), 'the code to start the message');
      const large = await expectFailure(
        () => cache.set('a', new Uint8Array(1_001)),
        'TOO_LARGE',
        'a set over valueBytesMax',
      );
      expectTrue(!((large as Error) instanceof TypeError), 'TOO_LARGE not to be a TypeError');
      await close();
      const closed = await expectFailure(() => cache.set('a', 1), 'CLOSED', 'a set after close');
      expectTrue(!((closed as Error) instanceof TypeError), 'CLOSED not to be a TypeError');
    },
  },
  {
    name: 'rule 10: options that are misspelt, or no object, are refused by every write',
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', 1);
      const bad = [
        { tll: 5 },
        { TTL: 5 },
        null,
        5,
        'ttl',
        { durability: 'always' },
        { version: 1n },
      ];
      for (const [index, options] of (bad as never[]).entries()) {
        const calls: Record<string, () => Promise<unknown>> = {
          set: () => cache.set('a', 2, options),
          setIfAbsent: () => cache.setIfAbsent('b', 2, options),
          setMany: () => cache.setMany([['a', 2]], options),
          'setMany, own options': () => cache.setMany([['a', 2, options ?? 5]]),
          delete: () => cache.delete('a', options),
          deleteMany: () => cache.deleteMany(['a'], options),
          touch: () => cache.touch('a', options),
        };
        for (const [name, call] of Object.entries(calls)) {
          await expectFailure(call, 'INVALID_ARGUMENT', `${name} with bad options ${index}`);
        }
      }
      await expectFailure(
        () => cache.delete('a', { ttl: 5 } as never),
        'INVALID_ARGUMENT',
        'delete',
      );
      expectSame(await cache.getMany(['a', 'b']), [1, undefined], 'the values');
    },
  },
  {
    name: 'rule 10: take, increment and compareAndSet refuse such options as well',
    needs: ['take', 'increment', 'compareAndSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', 1);
      for (const [index, bad] of ([{ tll: 5 }, null, 5, { durability: 1 }] as never[]).entries()) {
        const what = `with bad options ${index}`;
        await expectFailure(() => cache.take('a', bad), 'INVALID_ARGUMENT', `take ${what}`);
        const increment = () => cache.increment('a', 1, bad);
        await expectFailure(increment, 'INVALID_ARGUMENT', `increment ${what}`);
        const compare = () => cache.compareAndSet('a', 2, bad);
        await expectFailure(compare, 'INVALID_ARGUMENT', `compareAndSet ${what}`);
      }
      for (const version of [1, '1', null] as never[]) {
        const compare = () => cache.compareAndSet('a', 2, { version });
        await expectFailure(compare, 'INVALID_ARGUMENT', 'a version that is no bigint');
      }
      expectEqual(await cache.get('a'), 1, 'the value');
    },
  },
  {
    name: 'rule 10: many keys or entries that are no list are refused',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const bad of [5, null, undefined, {}, 'key'] as never[]) {
        const what = `of ${String(bad)}`;
        await expectFailure(
          async () => await cache.getMany(bad),
          'INVALID_ARGUMENT',
          `getMany ${what}`,
        );
        await expectFailure(() => cache.setMany(bad), 'INVALID_ARGUMENT', `setMany ${what}`);
        await expectFailure(() => cache.deleteMany(bad), 'INVALID_ARGUMENT', `deleteMany ${what}`);
      }
      for (const entry of [5, null, 'ab'] as never[]) {
        const failing = () => cache.setMany([entry]);
        await expectFailure(failing, 'INVALID_ARGUMENT', `setMany of ${String(entry)}`);
      }
    },
  },
  {
    name: 'a value may have exactly valueBytesMax bytes',
    run: async ({ open }) => {
      const { cache } = await open({ valueBytesMax: 1_000 });
      await cache.set('bytes', new Uint8Array(1_000));
      await cache.set('text', 'x'.repeat(1_000));
      await cache.set('wide', 'é'.repeat(500));
      for (const value of [new Uint8Array(1_001), 'x'.repeat(1_001), 'é'.repeat(501)]) {
        await expectFailure(() => cache.set('a', value), 'TOO_LARGE', 'one byte more');
        await expectFailure(() => cache.setIfAbsent('a', value), 'TOO_LARGE', 'one byte more');
      }
      expectEqual(await cache.has('a'), false, 'having a value');
    },
  },
];
