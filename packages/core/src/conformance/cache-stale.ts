/** The part of `cacheConformance` about values past their deadline: who is given them, and when. */
import type { GetOrSetOptions } from '../cache/entry.ts';
import type { CacheBench, CacheTest } from './cache.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';
import { askUntil, rejection, startedLoad } from './started-load.ts';

const NEEDS = ['getOrSet', 'stale values', 'size', 'keys', 'entries'] as const;
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
      const again = { ...options, ttl: '1h' } as const;
      const asking = Array.from({ length: 5 }, () => cache.getOrSet('a', loader, again));
      expectSame(await Promise.all(asking), Array(5).fill('old'), 'the values');
      await load.started;
      expectEqual(await cache.getOrSet('a', loader, again), 'old', 'the value, still loading');
      const waiting = cache.getOrSet('a', () => 'never');
      load.finish('new');
      expectEqual(await waiting, 'new', 'what who waits for the load is given');
      expectEqual(await cache.getOrSet('a', loader, again), 'new', 'the value');
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
      await askUntil(second.cache, '7', 'new', { ttl: '1h' });
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
      await bench.advance(1_000);
      expectEqual(await oldOf(bench, cache, 'dated'), 'old', 'the one with a deadline');
      await bench.advance(expiresAt + 999 - now());
      expectEqual(await oldOf(bench, cache, 'jittered'), 'old', 'the jittered one');
      await bench.advance(1);
      expectEqual(await oldOf(bench, cache, 'jittered'), 'gone', 'the jittered one');
      await bench.advance(3 * HOUR_MS);
      const left = ['dated', 'past', 'not kept', 'never', 'kept'];
      const seen = await Promise.all(left.map((key) => oldOf(bench, cache, key)));
      expectSame(seen, ['gone', 'gone', 'gone', 'old', 'old'], 'what is left');
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
