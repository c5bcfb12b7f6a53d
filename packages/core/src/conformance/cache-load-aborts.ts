/** The part of `cacheConformance` about giving up on a getOrSet. */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { rejection, startedLoad } from './started-load.ts';

const NEEDS = ['getOrSet'] as const;

export const LOAD_ABORT_TESTS: readonly CacheTest[] = [
  {
    name: "rule 4: a caller's abort detaches that caller; the load goes on for the others",
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const load = startedLoad();
      const controller = new AbortController();
      const reason = new Error('too slow');
      const leaving = cache.getOrSet('a', load.loader, { signal: controller.signal });
      const staying = cache.getOrSet('a', load.loader);
      const left = rejection(leaving);
      const signal = await load.started;
      controller.abort(reason);
      expectEqual(await left, reason, 'what the caller who left is told');
      expectEqual(signal.aborted, false, "the load's signal being aborted");
      load.finish('value');
      expectEqual(await staying, 'value', 'the value of the caller who stayed');
      expectEqual(await cache.get('a'), 'value', 'the stored value');
    },
  },
  {
    name: "rule 4: the last caller's abort aborts the load, and what it gives is not stored",
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const load = startedLoad();
      const controllers = [new AbortController(), new AbortController()];
      const left = controllers.map(({ signal }) =>
        rejection(cache.getOrSet('a', load.loader, { signal })),
      );
      const signal = await load.started;
      controllers[0]?.abort(new Error('first'));
      await left[0];
      expectEqual(signal.aborted, false, "the load's signal being aborted by the first");
      const reason = new Error('last');
      controllers[1]?.abort(reason);
      expectEqual(await left[1], reason, 'what the last caller is told');
      expectTrue(signal.aborted, "the load's signal to be aborted by the last");
      const next = cache.getOrSet('a', () => 'next');
      load.finish('too late');
      expectEqual(await next, 'next', 'the value of a load started afterwards');
      expectEqual(await cache.get('a'), 'next', 'the stored value');
    },
  },
  {
    name: 'rule 4: who has aborted before asking is told so, and nothing is loaded',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const reason = new Error('never mind');
      let loads = 0;
      const signal = AbortSignal.abort(reason);
      const told = await rejection(cache.getOrSet('a', () => loads++, { signal }));
      expectEqual(told, reason, 'what the caller is told');
      expectEqual(loads, 0, 'the number of loads');
    },
  },
  {
    name: 'rule 4: an abort after the value came changes nothing',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const controller = new AbortController();
      const { signal } = controller;
      expectEqual(await cache.getOrSet('a', () => 1, { signal }), 1, 'the value');
      controller.abort();
      expectEqual(await cache.get('a'), 1, 'the stored value');
    },
  },
  {
    name: 'getOrSet refuses a loader that is no function, and options it does not know',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('warm', 1);
      for (const key of ['cold', 'warm']) {
        const noLoader = () => cache.getOrSet(key, 5 as never);
        await expectFailure(noLoader, 'INVALID_ARGUMENT', 'a loader that is a number');
        const unknown = () => cache.getOrSet(key, () => 1, { tll: 5 } as never);
        await expectFailure(unknown, 'INVALID_ARGUMENT', 'an unknown option');
        const durability = 'always' as never;
        const badDurability = () => cache.getOrSet(key, () => 1, { durability });
        await expectFailure(badDurability, 'INVALID_ARGUMENT', 'a durability of no kind');
        const noSignal = () => cache.getOrSet(key, () => 1, { signal: 5 as never });
        await expectFailure(noSignal, 'INVALID_ARGUMENT', 'a signal that is a number');
      }
    },
  },
];
