/**
 * The part of `cacheConformance` about loads while there is a value past its deadline: what fails,
 * who hears of it, and what wins.
 */
import { Deferred } from '../engine/deferred.ts';
import type { HoldfastError } from '../errors.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import { askUntil, rejection, startedLoad } from './started-load.ts';

const NEEDS = ['getOrSet', 'stale values'] as const;

export const STALE_LOAD_TESTS: readonly CacheTest[] = [
  {
    name: 'staleIfError gives the old value for a failed load, and onError hears of it once',
    needs: NEEDS,
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleIfError: '1h' } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      const reason = new Error('the origin is down');
      const failing = () => Promise.reject(reason);
      const asking = [1, 2, 3].map(() => cache.getOrSet('a', failing, options));
      const told = rejection(cache.getOrSet('a', failing));
      expectSame(await Promise.all(asking), ['old', 'old', 'old'], 'the values');
      expectEqual(await told, reason, 'what a call without it is told');
      const errors = takeErrors();
      expectSame(codesOf(errors), ['UNAVAILABLE'], 'what onError heard');
      expectEqual(errors[0]?.cause, reason, 'the cause');
      expectEqual(await cache.getOrSet('a', () => 'new', options), 'new', 'the next value');
      expectEqual(await rejection(cache.getOrSet('b', failing, options)), reason, 'no old value');
      expectSame(takeErrors(), [], 'what onError heard');
    },
  },
  {
    name: 'staleIfError gives the old value when the load takes too long',
    needs: NEEDS,
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleIfError: '1h', timeout: 20 } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      const load = startedLoad();
      const asking = cache.getOrSet('a', load.loader, options);
      const signal = await load.started;
      await advance(20);
      expectEqual(await asking, 'old', 'the value');
      expectTrue(signal.aborted, "the load's signal to be aborted");
      expectSame(codesOf(takeErrors()), ['UNAVAILABLE'], 'what onError heard');
    },
  },
  {
    name: "rule 4: a caller's abort is no failure of the load, and ends no load in the background",
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleWhileRevalidate: '1h', staleIfError: '1h' } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      const reason = new Error('never mind');
      const waited = new AbortController();
      const foreground = startedLoad();
      const leaving = { ttl: 10, staleIfError: '1h', signal: waited.signal } as const;
      const asking = rejection(cache.getOrSet('a', foreground.loader, leaving));
      const aborted = await foreground.started;
      waited.abort(reason);
      expectEqual(await asking, reason, 'what the caller is told');
      expectEqual(aborted.reason, reason, 'why the load is aborted');
      const given = new AbortController();
      const background = startedLoad();
      const { signal } = given;
      const value = await cache.getOrSet('a', background.loader, { ...options, signal });
      expectEqual(value, 'old', 'the value');
      const loading = await background.started;
      const joined = rejection(cache.getOrSet('a', background.loader, { signal }));
      given.abort(reason);
      expectEqual(await joined, reason, 'what who joined is told');
      expectEqual(loading.aborted, false, 'the load being aborted');
      background.finish('new');
      await askUntil(cache, 'a', 'new');
    },
  },
  {
    name: 'a failure in the background reaches onError only, and the next call tries again',
    needs: NEEDS,
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleWhileRevalidate: '1h' } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      const reason = new Error('the origin is down');
      // A client hears of it when the server has answered.
      const heard = async (): Promise<readonly HoldfastError[]> => {
        for (let turn = 0; turn < 1_000; turn++) {
          await advance(1);
          const errors = takeErrors();
          if (errors.length > 0) return errors;
        }
        return [];
      };
      const throwing = (): never => {
        throw reason;
      };
      for (const loader of [throwing, () => Promise.reject(reason)]) {
        expectEqual(await cache.getOrSet('a', loader, options), 'old', 'the value');
        const errors = await heard();
        expectSame(codesOf(errors), ['UNAVAILABLE'], 'what onError heard');
        expectEqual(errors[0]?.cause, reason, 'the cause');
      }
      const slow = startedLoad();
      await cache.getOrSet('a', slow.loader, { ...options, timeout: 5 });
      await slow.started;
      await advance(6);
      expectSame(codesOf(await heard()), ['UNAVAILABLE'], 'what onError heard of the timeout');
      expectEqual(await cache.getOrSet('a', () => 'new', options), 'old', 'the value');
      await advance(0);
      takeErrors();
      await askUntil(cache, 'a', 'new', { ttl: '1h' });
    },
  },
  {
    name: 'rule 5: every write during a load in the background wins, and the old value is gone',
    needs: [...NEEDS, 'clear', 'invalidateTags', 'take'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleWhileRevalidate: '1h', tags: ['t'] } as const;
      const writes: readonly (readonly [unknown, () => Promise<unknown>])[] = [
        ['set', () => cache.set('a', 'set')],
        ['set', () => cache.setIfAbsent('a', 'set')],
        [undefined, () => cache.delete('a')],
        [undefined, () => cache.take('a')],
        [undefined, () => cache.clear()],
        [undefined, () => cache.invalidateTags(['t'])],
      ];
      for (const [left, write] of writes) {
        await cache.delete('a');
        await cache.getOrSet('a', () => 'old', options);
        await advance(10);
        const load = startedLoad();
        expectEqual(await cache.getOrSet('a', load.loader, options), 'old', 'the value');
        await load.started;
        await write();
        load.finish('loaded');
        await advance(1);
        expectEqual(await cache.get('a'), left, `what is there after ${write}`);
        const next = await cache.getOrSet('a', () => 'next', options);
        expectEqual(next, left ?? 'next', `the value after ${write}`);
      }
    },
  },
  {
    name: 'what was written during a failed load is given, and what was deleted is not',
    needs: [...NEEDS, 'invalidateTags'],
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleIfError: '1h', tags: ['t'] } as const;
      const reason = new Error('no');
      const writes: readonly (readonly [unknown, () => Promise<unknown>])[] = [
        ['set', () => cache.set('a', 'set')],
        [reason, () => cache.delete('a')],
        [reason, () => cache.invalidateTags(['t'])],
      ];
      for (const [expected, write] of writes) {
        await cache.delete('a');
        await cache.getOrSet('a', () => 'old', options);
        await advance(10);
        const gate = new Deferred<unknown>();
        const started = new Deferred<void>();
        const load = (): Promise<unknown> => {
          started.resolve();
          return gate.promise;
        };
        const asking = cache.getOrSet('a', load, options).catch((error: unknown) => error);
        await started.promise;
        await write();
        gate.reject(reason);
        expectEqual(await asking, expected, `what is given after ${write}`);
      }
      takeErrors();
    },
  },
  {
    name: 'a cache that closes during a load in the background is not told of its failure',
    needs: NEEDS,
    run: async ({ open, advance, takeErrors }) => {
      const { cache, close } = await open();
      const options = { ttl: 10, staleWhileRevalidate: '1h' } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      const gate = new Deferred<unknown>();
      await cache.getOrSet('a', () => gate.promise, options);
      await close();
      gate.reject(new Error('too late'));
      await advance(1);
      expectSame(takeErrors(), [], 'what onError heard');
      await expectFailure(async () => cache.getOrSet('a', () => 1), 'CLOSED', 'getOrSet');
    },
  },
];

function codesOf(errors: readonly HoldfastError[]): string[] {
  return errors.map(({ code }) => code);
}
