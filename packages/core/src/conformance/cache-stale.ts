/** The part of `cacheConformance` about values past their deadline: who is given them, and when. */
import type { GetOrSetOptions } from '../cache/entry.ts';
import { Deferred } from '../engine/deferred.ts';
import type { HoldfastError } from '../errors.ts';
import type { CacheBench, CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';
import { rejection, startedLoad } from './started-load.ts';

const NEEDS = ['getOrSet', 'size', 'keys', 'entries'] as const;
const EXACT = [...NEEDS, 'manual clock'] as const;
const HOUR_MS = 3_600_000;

export const STALE_TESTS: readonly CacheTest[] = [
  {
    name: 'staleWhileRevalidate gives the old value at once, and loads a new one once',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleWhileRevalidate: '1h' } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      const load = startedLoad();
      let loads = 0;
      const loader: typeof load.loader = (context) => {
        loads++;
        return load.loader(context);
      };
      const asking = Array.from({ length: 5 }, () => cache.getOrSet('a', loader, options));
      expectSame(await Promise.all(asking), Array(5).fill('old'), 'the values');
      await load.started;
      expectEqual(await cache.getOrSet('a', loader, options), 'old', 'the value, still loading');
      const waiting = cache.getOrSet('a', () => 'never');
      load.finish('new');
      expectEqual(await waiting, 'new', 'what who waits for the load is given');
      expectEqual(await cache.getOrSet('a', loader, { ...options, ttl: '1h' }), 'new', 'the value');
      expectEqual(loads, 1, 'the number of loads');
    },
  },
  {
    name: 'rule 1: nobody else is shown a value past its deadline',
    needs: [...NEEDS, 'take', 'increment', 'compareAndSet', 'getAsync', 'manual clock'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const options = { ttl: 50, staleWhileRevalidate: '1h', staleIfError: '2h' } as const;
      const fill = async (): Promise<void> => {
        await cache.clear();
        await cache.getOrSet('a', () => 5, options);
        await advance(49);
        expectEqual(await cache.get('a'), 5, 'the value before its deadline');
        expectEqual(await cache.ttl('a'), 1, 'the time left');
        const { expiresAt = 0, createdAt = 0 } = (await cache.getEntry('a')) ?? {};
        expectEqual(expiresAt - createdAt, 50, 'the deadline');
        await advance(1);
      };
      await fill();
      expectEqual(await cache.get('a'), undefined, 'get');
      expectEqual(await cache.getAsync('a'), undefined, 'getAsync');
      expectEqual(await cache.getEntry('a'), undefined, 'getEntry');
      expectEqual(await cache.has('a'), false, 'has');
      expectEqual(await cache.ttl('a'), undefined, 'ttl');
      expectSame(await cache.getMany(['a']), [undefined], 'getMany');
      expectEqual(await cache.touch('a', { ttl: '1h' }), false, 'touch');
      for await (const key of cache.keys()) throw new Error(`no key to be there, got ${key}`);
      for await (const [key] of cache.entries()) throw new Error(`no entry, got ${key}`);
      await advance(64);
      expectEqual(await cache.size, 0, 'size');
      expectEqual(await cache.delete('a'), false, 'delete');
      expectEqual(await cache.getOrSet('a', () => 6, options), 6, 'what was deleted');
      await fill();
      expectEqual(await cache.take('a'), undefined, 'take');
      expectEqual(await cache.getOrSet('a', () => 6, options), 6, 'what was taken');
      await fill();
      expectEqual(await cache.setIfAbsent('a', 7), true, 'setIfAbsent');
      await fill();
      const { stored } = await cache.compareAndSet('a', 7, { version: undefined });
      expectEqual(stored, true, 'compareAndSet');
      await fill();
      expectEqual(await cache.increment('a'), 1, 'increment');
      await fill();
      expectEqual(await cache.getOrSet('a', () => 8), 8, 'getOrSet that does not ask for it');
    },
  },
  {
    name: 'each call says how old a value may be, and who stored it how long it is kept',
    needs: EXACT,
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open();
      const fill = { ttl: 100, staleWhileRevalidate: 500, staleIfError: 1_000 } as const;
      const ask = (options: GetOrSetOptions): Promise<unknown> =>
        cache.getOrSet('a', () => Promise.reject(new Error('no')), options);
      const gives = async (options: GetOrSetOptions, value: unknown): Promise<void> => {
        const given = value === 1 ? await ask(options) : await rejection(ask(options));
        const seen = given instanceof Error ? given.message : given;
        expectEqual(seen, value, `${JSON.stringify(options)} at ${at}`);
      };
      let at = 0;
      const advanceTo = async (ms: number): Promise<void> => {
        await advance(ms - at);
        at = ms;
      };
      await cache.getOrSet('a', () => 1, fill);
      await advanceTo(599);
      await gives({ staleWhileRevalidate: 500 }, 1);
      await gives({ staleWhileRevalidate: 499 }, 'no');
      await gives({ staleIfError: 499 }, 'no');
      await gives({ staleIfError: 500 }, 1);
      await gives({}, 'no');
      await advanceTo(600);
      await gives({ staleWhileRevalidate: 500 }, 'no');
      await gives({ staleWhileRevalidate: 501 }, 1);
      await advanceTo(1_099);
      await gives({ staleWhileRevalidate: '1h' }, 1);
      await gives(fill, 1);
      await advanceTo(1_100);
      await gives({ staleWhileRevalidate: '1h', staleIfError: Number.POSITIVE_INFINITY }, 'no');
      takeErrors();
    },
  },
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
      await until(cache, 'a', 'new');
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
      const throwing = (): never => {
        throw reason;
      };
      for (const loader of [throwing, () => Promise.reject(reason)]) {
        expectEqual(await cache.getOrSet('a', loader, options), 'old', 'the value');
        await advance(1);
        const errors = takeErrors();
        expectSame(codesOf(errors), ['UNAVAILABLE'], 'what onError heard');
        expectEqual(errors[0]?.cause, reason, 'the cause');
      }
      const slow = startedLoad();
      await cache.getOrSet('a', slow.loader, { ...options, timeout: 5 });
      await slow.started;
      await advance(6);
      expectSame(codesOf(takeErrors()), ['UNAVAILABLE'], 'what onError heard of the timeout');
      expectEqual(await cache.getOrSet('a', () => 'new', options), 'old', 'the value');
      await advance(0);
      takeErrors();
      await until(cache, 'a', 'new', { ttl: '1h' });
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
    name: 'a load that finds nothing ends the old value, and is remembered as negativeTtl says',
    needs: EXACT,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const options = { ttl: 10, staleWhileRevalidate: '1h', negativeTtl: 100 } as const;
      await cache.getOrSet('a', () => 'old', options);
      await advance(10);
      expectEqual(await cache.getOrSet('a', () => undefined, options), 'old', 'the value');
      await advance(1);
      expectEqual(await cache.getOrSet('a', () => 'new', options), undefined, 'nothing');
      await advance(100);
      expectEqual(await cache.getOrSet('a', () => 'new', options), 'new', 'the value afterwards');
      await advance(10);
      const nothing = { ttl: 10, staleIfError: '1h' } as const;
      expectEqual(await cache.getOrSet('a', () => undefined, nothing), undefined, 'nothing');
      const failing = () => Promise.reject(new Error('no'));
      const told = await rejection(cache.getOrSet('a', failing, nothing));
      expectEqual((told as Error).message, 'no', 'what is told when nothing is kept');
    },
  },
  {
    name: 'old values survive closing and opening, and end when they would have',
    needs: [...EXACT, 'reopen', 'compact'],
    run: async ({ open, advance }) => {
      const options = { ttl: 1_000, staleWhileRevalidate: 9_000 } as const;
      const first = await open();
      for (let index = 0; index < 200; index++) {
        await first.cache.getOrSet(`${index}`, () => 'x'.repeat(500), options);
        await first.cache.set('other', 'x'.repeat(500));
      }
      await advance(2_000);
      expectEqual(await first.cache.size, 1, 'the size');
      await Promise.all([first.cache.compact(), advance(50)]);
      expectEqual(await first.cache.size, 1, 'the size after compacting');
      await first.close();
      await advance(4_000);
      const second = await open();
      expectEqual(await second.cache.size, 1, 'the size after opening again');
      expectEqual(await second.cache.get('7'), undefined, 'what others see');
      const load = startedLoad();
      const given = await second.cache.getOrSet('7', load.loader, options);
      expectEqual(given, 'x'.repeat(500), 'the old value');
      load.finish('new');
      await until(second.cache, '7', 'new', { ttl: '1h' });
      await advance(3_950);
      const asking = second.cache.getOrSet('8', () => 'newer', options);
      expectEqual(await asking, 'newer', 'the value when the old one is no longer kept');
    },
  },
  {
    name: 'touch moves the deadline and how long a value is kept past it; no other write keeps it',
    needs: [...EXACT, 'increment'],
    run: async ({ open, advance, takeErrors }) => {
      const { cache } = await open();
      const options = { ttl: 100, staleIfError: 1_000, tags: ['t'] } as const;
      const failing = () => Promise.reject(new Error('no'));
      const old = (key: string): Promise<unknown> =>
        cache.getOrSet(key, failing, options).catch(() => 'gone');
      for (const key of ['touched', 'for ever', 'set', 'added', 'short'])
        await cache.getOrSet(key, () => 1, options);
      await cache.touch('touched', { ttl: 500 });
      await cache.touch('for ever', { ttl: Number.POSITIVE_INFINITY });
      await cache.set('set', 2, { ttl: 100 });
      await cache.increment('added');
      expectEqual(await cache.ttl('added'), 100, 'the deadline that increment keeps');
      await advance(600);
      expectSame(await cache.getMany(['touched', 'for ever']), [undefined, 1], 'the values');
      expectEqual(await old('short'), 1, 'the value that was left alone');
      expectEqual(await old('touched'), 1, 'the value that was touched');
      expectEqual(await old('set'), 'gone', 'the value that was set');
      expectEqual(await old('added'), 'gone', 'the value that was added to');
      await advance(899);
      expectEqual(await old('touched'), 1, 'the value that was touched, at last');
      expectEqual(await old('short'), 'gone', 'the value that was left alone');
      await advance(1);
      expectEqual(await old('touched'), 'gone', 'the value that was touched');
      expectEqual(await cache.ttl('for ever'), Number.POSITIVE_INFINITY, 'the time left');
      takeErrors();
    },
  },
  {
    name: 'jitter, expiresAt, Infinity and 0 go with the times that values are kept',
    needs: EXACT,
    run: async (bench) => {
      const { cache } = await bench.open();
      const now = (): number => bench.clock.wallMs();
      const ask = (key: string, options: GetOrSetOptions): Promise<unknown> =>
        cache.getOrSet(key, () => 'old', options);
      const forEver = Number.POSITIVE_INFINITY;
      await ask('jittered', { ttl: 1_000, jitter: 1, staleWhileRevalidate: 1_000 });
      await ask('dated', { expiresAt: now() + 1_000, staleWhileRevalidate: 1_000 });
      await ask('past', { expiresAt: now() - 1_000, staleWhileRevalidate: 3_000 });
      await ask('kept', { ttl: 1_000, staleIfError: forEver });
      await ask('never', { staleIfError: 5 });
      await ask('not kept', { ttl: 1_000, staleIfError: 0, staleWhileRevalidate: 0 });
      const { expiresAt = 0 } = (await cache.getEntry('jittered')) ?? {};
      expectTrue(expiresAt > now() && expiresAt <= now() + 1_000, 'a deadline that is earlier');
      expectEqual(await cache.has('past'), false, 'having what has passed');
      expectEqual(await cache.ttl('never'), forEver, 'the time left');
      expectEqual(await oldOf(bench, cache, 'past'), 'old', 'what has passed');
      await bench.advance(expiresAt + 999 - now());
      expectEqual(await oldOf(bench, cache, 'jittered'), 'old', 'the jittered one');
      await bench.advance(1);
      expectEqual(await oldOf(bench, cache, 'jittered'), 'gone', 'the jittered one');
      expectEqual(await oldOf(bench, cache, 'dated'), expiresAt > now() ? 'new' : 'old', 'dated');
      await bench.advance(3 * HOUR_MS);
      const left = ['dated', 'past', 'not kept', 'never', 'kept'];
      const seen = await Promise.all(left.map((key) => oldOf(bench, cache, key)));
      expectSame(seen, ['gone', 'gone', 'gone', 'old', 'old'], 'what is left');
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

/** What a call is given that takes anything rather than nothing. */
async function oldOf(
  { takeErrors }: CacheBench,
  cache: JudgedCache,
  key: string,
): Promise<unknown> {
  const options = { staleIfError: Number.POSITIVE_INFINITY };
  const failing = () => Promise.reject(new Error('no'));
  const given = await cache.getOrSet(key, failing, options).catch(() => 'gone');
  takeErrors();
  return given;
}

/** Asks until the load in the background is over. */
async function until(
  cache: JudgedCache,
  key: string,
  value: unknown,
  options: GetOrSetOptions = {},
): Promise<void> {
  const all = { staleWhileRevalidate: '1h', ...options } as const;
  for (let turn = 0; turn < 100; turn++) {
    if ((await cache.getOrSet(key, () => value, all)) === value) return;
  }
  throw new Error(`expected ${String(value)} to come`);
}

function codesOf(errors: readonly HoldfastError[]): string[] {
  return errors.map(({ code }) => code);
}
