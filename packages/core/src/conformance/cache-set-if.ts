/**
 * The part of `cacheConformance` about writes that look first: setIfAbsent, compareAndSet,
 * increment.
 */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

export const CONDITION_TESTS: readonly CacheTest[] = [
  {
    name: 'setIfAbsent sets only where there is no value: one of many at once',
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const turns = Array.from({ length: 10 }, (_, index) => cache.setIfAbsent('a', index));
      const stored = await Promise.all(turns);
      expectEqual(stored.filter(Boolean).length, 1, 'how many were stored');
      expectEqual(await cache.get('a'), stored.indexOf(true), 'the value');
      expectEqual(await cache.setIfAbsent('a', 'x', { ttl: 1 }), false, 'setting over a value');
      expectEqual(await cache.ttl('a'), Number.POSITIVE_INFINITY, 'the TTL after a refused set');
      await cache.delete('a');
      expectEqual(await cache.setIfAbsent('a', 'short', { ttl: 1 }), true, 'after a delete');
      await advance(2);
      expectEqual(await cache.setIfAbsent('a', 'next'), true, 'setting over an expired value');
      expectEqual(await cache.get('a'), 'next', 'the value set last');
    },
  },
  {
    name: 'compareAndSet sets over the version it names, and tells the one it found',
    needs: ['compareAndSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      const first = await cache.compareAndSet('a', 1, { version: undefined });
      expectEqual(first.stored, true, 'setting where there is no value');
      expectEqual((await cache.getEntry('a'))?.version, first.version, 'the version told');
      const refused = await cache.compareAndSet('a', 2, { version: undefined });
      expectSame(refused, { stored: false, version: first.version }, 'the answer');
      const second = await cache.compareAndSet('a', 3, { version: first.version, ttl: '1h' });
      expectEqual(second.stored, true, 'setting over the right version');
      expectTrue((second.version ?? 0n) > (first.version ?? 0n), 'the version to rise');
      const late = await cache.compareAndSet('a', 4, { version: first.version });
      expectSame(late, { stored: false, version: second.version }, 'the answer');
      expectEqual(await cache.get('a'), 3, 'the value');
      expectTrue(((await cache.ttl('a')) as number) <= 3_600_000, 'the TTL to be set');
      await cache.delete('a');
      const gone = await cache.compareAndSet('a', 5, { version: second.version });
      expectSame(gone, { stored: false, version: undefined }, 'the answer');
    },
  },
  {
    name: 'compareAndSet notices every write of the key, a touch and a new value of the same kind',
    needs: ['compareAndSet', 'increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      const changes: readonly (() => Promise<unknown>)[] = [
        () => cache.set('a', 1),
        () => cache.touch('a', { ttl: '1h' }),
        () => cache.increment('a', 0),
        () => cache.delete('a').then(() => cache.set('a', 1)),
      ];
      await cache.set('a', 1);
      for (const change of changes) {
        const version = (await cache.getEntry('a'))?.version;
        await change();
        const { stored } = await cache.compareAndSet('a', 'lost', { version });
        expectEqual(stored, false, `setting over an old version after ${String(change)}`);
      }
      expectEqual(await cache.get('a'), 1, 'the value');
    },
  },
  {
    name: 'compareAndSet loses no update of many made at once',
    needs: ['compareAndSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', 0);
      const addOne = async (): Promise<void> => {
        for (let turn = 0; turn < 100; turn++) {
          const entry = await cache.getEntry('a');
          const version = entry?.version;
          const next = (entry?.value as number) + 1;
          if ((await cache.compareAndSet('a', next, { version })).stored) return;
        }
        throw new Error('expected an update to succeed within 100 turns');
      };
      await Promise.all(Array.from({ length: 20 }, addOne));
      expectEqual(await cache.get('a'), 20, 'the number after twenty additions');
    },
  },
  {
    name: 'increment adds to a number, from 0 where there is none',
    needs: ['increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      expectEqual(await cache.increment('a'), 1, 'the first sum');
      expectEqual(await cache.increment('a', 10), 11, 'a sum');
      expectEqual(await cache.increment('a', -12.5), -1.5, 'a difference');
      expectEqual(await cache.get('a'), -1.5, 'the number');
      const sums = await Promise.all(Array.from({ length: 100 }, () => cache.increment('many')));
      expectEqual(new Set(sums).size, 100, 'how many different sums were told');
      expectEqual(await cache.get('many'), 100, 'the number after a hundred additions at once');
    },
  },
  {
    name: 'increment keeps the deadline, or sets the one it is given',
    needs: ['increment'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      await cache.set('a', 1, { ttl: '1h' });
      const expiresAt = (await cache.getEntry('a'))?.expiresAt;
      await advance(2);
      await cache.increment('a');
      expectEqual((await cache.getEntry('a'))?.expiresAt, expiresAt, 'the deadline');
      await cache.increment('a', 1, { ttl: Number.POSITIVE_INFINITY });
      expectEqual(await cache.ttl('a'), Number.POSITIVE_INFINITY, 'the TTL set');
      await cache.increment('new', 1, { ttl: '1h' });
      expectTrue(((await cache.ttl('new')) as number) <= 3_600_000, 'the TTL of a new number');
      await cache.set('short', 5, { ttl: 1 });
      await advance(2);
      expectEqual(await cache.increment('short'), 1, 'the sum over an expired number');
      expectEqual(await cache.ttl('short'), Number.POSITIVE_INFINITY, 'its TTL');
    },
  },
  {
    name: 'increment refuses what is no number, or has no finite sum, and leaves the value',
    needs: ['increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      for (const value of ['5', { n: 1 }, 5n, null, true, Number.NaN, Number.POSITIVE_INFINITY]) {
        await cache.set('a', value);
        const failing = () => cache.increment('a');
        await expectFailure(failing, 'INVALID_ARGUMENT', `incrementing ${String(value)}`);
        expectSame(await cache.get('a'), value, 'the value');
      }
      await cache.set('a', Number.MAX_VALUE);
      const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, '1', 1n, null];
      for (const by of bad) {
        const failing = () => cache.increment('a', by as number);
        await expectFailure(failing, 'INVALID_ARGUMENT', `incrementing by ${String(by)}`);
      }
      expectEqual(await cache.get('a'), Number.MAX_VALUE, 'the value');
    },
  },
];
