/**
 * The part of `cacheConformance` about getOrSet: one load for all who ask, and writes that win over
 * it.
 */
import { Deferred } from '../engine/deferred.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';

const NEEDS = ['getOrSet'] as const;

export const LOAD_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 4: many who ask for a cold key get the value of one load, which is stored',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const gate = new Deferred<unknown>();
      let loads = 0;
      const load = () => {
        loads++;
        return gate.promise;
      };
      const asking = Array.from({ length: 20 }, () => cache.getOrSet('a', load, { ttl: '1h' }));
      await cache.get('other');
      gate.resolve({ n: 1 });
      for (const value of await Promise.all(asking)) expectSame(value, { n: 1 }, 'the value');
      expectEqual(loads, 1, 'the number of loads');
      expectSame(await cache.get('a'), { n: 1 }, 'the stored value');
      expectTrue(((await cache.ttl('a')) as number) <= 3_600_000, 'the TTL to be stored');
      await cache.getOrSet('a', load);
      expectEqual(loads, 1, 'the number of loads once there is a value');
    },
  },
  {
    name: 'rule 4: a loader may answer at once; it is told its key and gets a signal',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const value = await cache.getOrSet('a', ({ key, signal }) => {
        expectEqual(signal.aborted, false, 'an aborted signal');
        return `of ${String(key)}`;
      });
      expectEqual(value, 'of a', 'the value');
      expectEqual(await cache.get('a'), 'of a', 'the stored value');
    },
  },
  {
    name: "rule 4: the loader's error goes to everybody who waits, and is not stored",
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const reason = new Error('no such user');
      let loads = 0;
      const load = async (): Promise<never> => {
        loads++;
        throw reason;
      };
      const asked = await Promise.allSettled([1, 2, 3].map(() => cache.getOrSet('a', load)));
      for (const one of asked) {
        expectEqual(one.status === 'rejected' && one.reason, reason, 'what was thrown');
      }
      expectEqual(loads, 1, 'the number of loads');
      expectEqual(await cache.has('a'), false, 'having a value');
      const thrower = () => {
        throw reason;
      };
      const [again] = await Promise.allSettled([cache.getOrSet('a', thrower)]);
      expectEqual(again.status === 'rejected' && again.reason, reason, 'what was thrown at once');
      expectEqual(await cache.getOrSet('a', () => 'good'), 'good', 'the next load');
    },
  },
  {
    name: 'rule 4: different keys load at the same time, and one key once by text and bytes',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const gate = new Deferred<unknown>();
      const loading: string[] = [];
      const load = (name: string) => () => {
        loading.push(name);
        return gate.promise;
      };
      const asking = [
        cache.getOrSet('a', load('text')),
        cache.getOrSet(new TextEncoder().encode('a'), load('bytes')),
        cache.getOrSet('b', load('other')),
      ];
      // A hand on each load before the first one ends.
      for (let turn = 0; turn < 10; turn++) await cache.get('none');
      expectSame(loading.toSorted(), ['other', 'text'], 'the loads under way');
      gate.resolve(5);
      expectSame(await Promise.all(asking), [5, 5, 5], 'the values');
    },
  },
  {
    name: 'rule 4: null is a value, undefined is none: it is given to who waits and not stored',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      let loads = 0;
      const load = (value: unknown) => () => {
        loads++;
        return value;
      };
      expectEqual(await cache.getOrSet('null', load(null)), null, 'null');
      expectEqual(await cache.getOrSet('null', load('again')), null, 'null from the cache');
      expectEqual(await cache.getOrSet('none', load(undefined)), undefined, 'undefined');
      expectEqual(await cache.has('none'), false, 'having it');
      expectEqual(await cache.getOrSet('none', load('now')), 'now', 'the next load');
      expectEqual(loads, 3, 'the number of loads');
    },
  },
  {
    name: 'rule 4: an expired value is loaded again',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      await cache.getOrSet('a', () => 'first', { ttl: 1 });
      await advance(2);
      expectEqual(await cache.getOrSet('a', () => 'second'), 'second', 'the value');
    },
  },
  {
    name: 'rule 4: an error of the cache never fails a getOrSet; onError hears of it',
    needs: NEEDS,
    run: async ({ open, takeErrors }) => {
      const { cache } = await open({ valueBytesMax: 1_000 });
      const large = new Uint8Array(1_001);
      expectEqual(await cache.getOrSet('large', () => large), large, 'a value too large');
      expectSame(codes(takeErrors()), ['TOO_LARGE'], 'what onError heard');
      const call = () => 1;
      expectEqual(await cache.getOrSet('call', () => call), call, 'a value of no kind');
      expectSame(codes(takeErrors()), ['INVALID_ARGUMENT'], 'what onError heard');
      expectSame(await cache.getMany(['large', 'call']), [undefined, undefined], 'what is stored');
    },
  },
  {
    name: 'rule 4: closing does not take a load from those who wait for it',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache, close } = await open();
      const gate = new Deferred<unknown>();
      const asking = cache.getOrSet('a', () => gate.promise);
      await close();
      gate.resolve('late');
      expectEqual(await asking, 'late', 'the value');
    },
  },
  {
    name: 'rule 3: changing a loaded value does not change the cache',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const value = (await cache.getOrSet('a', () => [1])) as number[];
      value.push(2);
      expectSame(await cache.get('a'), [1], 'the stored value');
    },
  },
  {
    name: 'rule 5: every write during a load wins: the loaded value is given, and not stored',
    needs: ['getOrSet', 'take', 'clear', 'increment', 'compareAndSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      const version = undefined;
      const writes: readonly (readonly [unknown, (cache: JudgedCache) => Promise<unknown>])[] = [
        ['new', () => cache.set('a', 'new')],
        ['new', () => cache.setMany([['a', 'new']])],
        ['new', () => cache.setIfAbsent('a', 'new')],
        ['new', () => cache.compareAndSet('a', 'new', { version })],
        [1, () => cache.increment('a')],
        [undefined, () => cache.delete('a')],
        [undefined, () => cache.deleteMany(['a'])],
        [undefined, () => cache.take('a')],
        [undefined, () => cache.clear()],
        [undefined, () => cache.set('a', 1).then(() => cache.delete('a'))],
      ];
      for (const [expected, write] of writes) {
        await cache.delete('a');
        const gate = new Deferred<unknown>();
        const asking = cache.getOrSet('a', () => gate.promise);
        await cache.get('other');
        await write(cache);
        gate.resolve('loaded before');
        const what = `after ${String(write)}`;
        expectEqual(await asking, 'loaded before', `the value of those who waited ${what}`);
        expectEqual(await cache.get('a'), expected, `the stored value ${what}`);
      }
    },
  },
  {
    name: 'rule 5: who asks after a write does not join a load from before it',
    needs: ['getOrSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      for (const write of [() => cache.delete('a'), () => cache.set('a', 1, { expiresAt: 1 })]) {
        await cache.delete('a');
        const gate = new Deferred<unknown>();
        const asking = cache.getOrSet('a', () => gate.promise);
        await cache.get('other');
        await write();
        const next = cache.getOrSet('a', () => 'loaded after');
        gate.resolve('loaded before');
        const values = [await asking, await next, await cache.get('a')];
        expectSame(values, ['loaded before', 'loaded after', 'loaded after'], 'the values');
      }
    },
  },
  {
    name: 'rule 5: a write that is refused, or of another key, does not stop a load from storing',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open({ valueBytesMax: 1_000 });
      const gate = new Deferred<unknown>();
      const asking = cache.getOrSet('a', () => gate.promise);
      await expectFailure(() => cache.set('a', new Uint8Array(1_001)), 'TOO_LARGE', 'a large set');
      await expectFailure(() => cache.set('a', 1, { ttl: -1 }), 'INVALID_ARGUMENT', 'a bad set');
      await cache.set('b', 1);
      await cache.delete('c');
      gate.resolve('loaded');
      await asking;
      expectEqual(await cache.get('a'), 'loaded', 'the stored value');
    },
  },
];

function codes(errors: readonly { readonly code: string }[]): string[] {
  return errors.map(({ code }) => code);
}
