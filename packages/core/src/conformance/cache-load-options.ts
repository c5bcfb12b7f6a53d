/** The part of `cacheConformance` about what getOrSet may be told: timeout, jitter, negativeTtl. */
import type { GetOrSetOptions } from '../cache/entry.ts';
import type { HoldfastError } from '../errors.ts';
import type { CacheTest } from './cache.ts';
import { DateValue } from './date-value.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';
import { rejection, startedLoad } from './started-load.ts';

const NEEDS = ['getOrSet'] as const;
const HOUR_MS = 3_600_000;

export const LOAD_OPTION_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 4: a load past its timeout is aborted, and all who wait are told UNAVAILABLE',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const load = startedLoad();
      const asked = [20, undefined, 5_000].map((timeout) =>
        rejection(cache.getOrSet('a', load.loader, { timeout })),
      );
      const signal = await load.started;
      await advance(20);
      for (const told of await Promise.all(asked)) {
        const { code, details } = told as HoldfastError;
        expectEqual(code, 'UNAVAILABLE', 'the code');
        expectEqual(details.timeoutMs, 20, 'the timeout of the call that started the load');
      }
      expectTrue(signal.aborted, "the load's signal to be aborted");
      expectEqual(signal.reason, await asked[0], 'the reason');
      const next = startedLoad();
      const asking = cache.getOrSet('a', next.loader, { timeout: '1d' });
      await next.started;
      load.finish('too late');
      await cache.get('other');
      expectEqual(await cache.has('a'), false, 'having the value that came too late');
      next.finish('in time');
      expectEqual(await asking, 'in time', 'the value of the next load');
      expectEqual(await cache.get('a'), 'in time', 'the stored value');
    },
  },
  {
    name: 'rule 4: a load within its timeout is stored, and its signal stays as it is',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const load = startedLoad();
      const asking = cache.getOrSet('a', load.loader, { timeout: 30 });
      const signal = await load.started;
      load.finish('value');
      expectEqual(await asking, 'value', 'the value');
      const reason = new Error('no such user');
      const failing = () => Promise.reject(reason);
      const told = await rejection(cache.getOrSet('b', failing, { timeout: 30 }));
      expectEqual(told, reason, "the loader's own error");
      await advance(30);
      expectEqual(signal.aborted, false, "the load's signal being aborted");
      expectEqual(await cache.get('a'), 'value', 'the stored value');
    },
  },
  {
    name: 'rule 4: who leaves a load with a timeout is told its own reason',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const load = startedLoad();
      const controller = new AbortController();
      const { signal } = controller;
      const left = rejection(cache.getOrSet('a', load.loader, { timeout: 20, signal }));
      const loading = await load.started;
      const reason = new Error('never mind');
      controller.abort(reason);
      expectEqual(await left, reason, 'what the caller is told');
      expectEqual(loading.reason, reason, 'why the load is aborted');
      await advance(20);
    },
  },
  {
    name: 'jitter shortens the TTL by a random part of what it says, and by no more',
    needs: NEEDS,
    run: async ({ open, clock }) => {
      const { cache } = await open({ defaultTtl: '1h' });
      const expiresAt = clock.wallMs() + HOUR_MS;
      const cases: readonly (readonly [GetOrSetOptions, number])[] = [
        [{ ttl: '1h', jitter: 0.5 }, HOUR_MS / 2],
        [{ jitter: 1 }, 1],
        [{ expiresAt, jitter: '10m' }, HOUR_MS - 600_000],
        [{ jitter: '3h' }, 1],
      ];
      for (const [index, [options, leastMs]] of cases.entries()) {
        const ttls = new Set<number>();
        for (let turn = 0; turn < 24; turn++) {
          const key = `${index} ${turn}`;
          const startMs = clock.wallMs();
          await cache.getOrSet(key, () => turn, options);
          const untilMs = (await cache.getEntry(key))?.expiresAt ?? startMs + 1;
          expectTrue(untilMs <= startMs + HOUR_MS + 5_000, 'a deadline that is not later');
          expectTrue(untilMs >= startMs + leastMs - 5_000, `${untilMs} to be not too early`);
          ttls.add(Math.round((untilMs - startMs) / 1_000));
        }
        expectTrue(ttls.size > 8, `${ttls.size} of 24 deadlines to differ`);
      }
    },
  },
  {
    name: 'no jitter keeps the TTL, and jitter leaves what never expires and 1 ms as they are',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      await cache.getOrSet('never', () => 1, { jitter: 1 });
      expectEqual(await cache.ttl('never'), Number.POSITIVE_INFINITY, 'the time left');
      const before = await cache.getEntry('never');
      await cache.getOrSet('exact', () => 1, { ttl: '1h', jitter: 0 });
      const { createdAt, expiresAt } = (await cache.getEntry('exact')) ?? {
        createdAt: 0,
        expiresAt: 0,
      };
      expectTrue(createdAt >= (before?.createdAt ?? 0), 'a created time');
      expectTrue(Math.abs(expiresAt - createdAt - HOUR_MS) <= 50, 'the whole TTL');
      expectEqual(await cache.getOrSet('short', () => 1, { ttl: 1, jitter: 1 }), 1, 'the value');
      await advance(2);
      expectEqual(await cache.has('short'), false, 'having it');
    },
  },
  {
    name: 'rule 4: negativeTtl remembers that there was nothing, until then and for every caller',
    needs: [...NEEDS, 'negative TTLs', 'size', 'keys'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      let loads = 0;
      const load = (value: unknown) => () => {
        loads++;
        return value;
      };
      const options = { negativeTtl: 100 };
      expectEqual(await cache.getOrSet('a', load(undefined), options), undefined, 'nothing');
      expectEqual(await cache.getOrSet('a', load('new'), options), undefined, 'nothing, again');
      const bytes = new TextEncoder().encode('a');
      expectEqual(await cache.getOrSet(bytes, load('new')), undefined, 'nothing, by bytes');
      expectEqual(loads, 1, 'the number of loads');
      expectEqual(await cache.has('a'), false, 'having a value');
      expectEqual(await cache.get('a'), undefined, 'the value');
      expectEqual(await cache.getEntry('a'), undefined, 'the entry');
      expectEqual(await cache.size, 0, 'the size');
      for await (const key of cache.keys()) throw new Error(`no key to be there, got ${key}`);
      await advance(100);
      expectEqual(await cache.getOrSet('a', load('new'), options), 'new', 'the value afterwards');
      expectEqual(await cache.get('a'), 'new', 'the stored value');
    },
  },
  {
    name: 'rule 5: every write ends what negativeTtl remembers, and wins over a load of nothing',
    needs: [...NEEDS, 'negative TTLs', 'take', 'clear', 'increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      const options = { negativeTtl: '1h' } as const;
      const writes: readonly ((cache: JudgedCache) => Promise<unknown>)[] = [
        () => cache.set('a', 'set'),
        () => cache.setIfAbsent('a', 'set'),
        () => cache.increment('a'),
        () => cache.delete('a'),
        () => cache.take('a'),
        () => cache.clear(),
      ];
      for (const write of writes) {
        await cache.delete('a');
        await cache.getOrSet('a', () => undefined, options);
        await write(cache);
        const value = (await cache.get('a')) ?? 'loaded';
        expectEqual(await cache.getOrSet('a', () => 'loaded'), value, `after ${String(write)}`);
        await cache.delete('a');
        const load = startedLoad();
        const asking = cache.getOrSet('a', load.loader, options);
        await load.started;
        await write(cache);
        load.finish(undefined);
        expectEqual(await asking, undefined, 'what the waiter is given');
        const after = (await cache.get('a')) ?? 'loaded';
        const what = `during ${String(write)}`;
        expectEqual(await cache.getOrSet('a', () => 'loaded'), after, what);
      }
    },
  },
  {
    name: 'a write of another key leaves what negativeTtl remembers, and an error is not remembered',
    needs: [...NEEDS, 'negative TTLs'],
    run: async ({ open }) => {
      const { cache } = await open();
      const options = { negativeTtl: '1h', ttl: '1h' } as const;
      await cache.getOrSet('a', () => undefined, options);
      await cache.set('b', 1);
      await cache.delete('c');
      expectEqual(await cache.getOrSet('a', () => 'new'), undefined, 'the value');
      await rejection(cache.getOrSet('d', () => Promise.reject(new Error('no')), options));
      expectEqual(await cache.getOrSet('d', () => 'good', options), 'good', 'the next load');
      expectEqual(await cache.getOrSet('e', () => null, options), null, 'null');
      expectEqual(await cache.has('e'), true, 'having null');
    },
  },
  {
    name: 'options that are changed during a load change nothing',
    needs: [...NEEDS, 'negative TTLs'],
    run: async ({ open, clock }) => {
      const { cache } = await open();
      const options: GetOrSetOptions = { ttl: '1h', jitter: 0.1, negativeTtl: '1h' };
      const load = startedLoad();
      const asking = ['a', 'b'].map((key) => cache.getOrSet(key, load.loader, options));
      await load.started;
      Object.assign(options, { ttl: -1, jitter: 7, negativeTtl: {} });
      load.finish(1);
      expectSame(await Promise.all(asking), [1, 1], 'the values');
      expectEqual(await cache.get('a'), 1, 'the stored value');
      const date = new DateValue(clock.wallMs() + HOUR_MS);
      const expiresAt = date.getTime();
      const dated = startedLoad();
      const waiting = cache.getOrSet('c', dated.loader, { expiresAt: date, jitter: 0 });
      await dated.started;
      date.setTime(Number.NaN);
      dated.finish(2);
      expectEqual(await waiting, 2, 'the value');
      expectEqual((await cache.getEntry('c'))?.expiresAt, expiresAt, 'the deadline');
    },
  },
  {
    name: 'getOrSet refuses bad values of each option',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const bad: Readonly<Record<string, readonly unknown[]>> = {
        timeout: [0, -1, Number.NaN, '2d', Number.POSITIVE_INFINITY, 'soon', {}],
        jitter: [-0.1, 1.1, 500, Number.NaN, '10', 'much', {}, true, null],
        negativeTtl: [0, -1, Number.NaN, 'never', {}],
        staleWhileRevalidate: [-1, Number.NaN, 'a while', {}, true],
        staleIfError: [-1, Number.NaN, '1 minute', {}, 1e16],
      };
      let loads = 0;
      for (const [option, values] of Object.entries(bad)) {
        for (const value of values) {
          const asking = () => cache.getOrSet('a', () => loads++, { [option]: value });
          const what = `${option} ${String(value)}`;
          const { message } = await expectFailure(asking, 'INVALID_ARGUMENT', what);
          expectTrue(message.includes(option), `"${message}" to name ${option}`);
        }
      }
      expectEqual(loads, 0, 'the number of loads');
    },
  },
];
