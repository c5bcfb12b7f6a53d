/**
 * The part of `cacheConformance` about time. Deadlines are judged by the clock read before and
 * after each look, so they are exact on a clock that stands still, and right on one that runs.
 */

import type { CacheBench, CacheTest } from './cache.ts';
import { DateValue } from './date-value.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';

const DAY_MS = 86_400_000;

export const EXPIRY_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 1: a value is read until its deadline, and is a miss from then on',
    run: async (bench) => {
      const { cache } = await bench.open();
      await cache.set('a', 1, { ttl: 25 });
      const { expiresAt } = (await cache.getEntry('a')) ?? { expiresAt: 0 };
      await watchDeadline(bench, expiresAt, async () => (await cache.get('a')) !== undefined);
      const looks: Record<string, unknown> = {
        has: await cache.has('a'),
        getEntry: await cache.getEntry('a'),
        ttl: await cache.ttl('a'),
        getMany: (await cache.getMany(['a']))[0],
        delete: await cache.delete('a'),
      };
      const none = {
        has: false,
        getEntry: undefined,
        ttl: undefined,
        getMany: undefined,
        delete: false,
      };
      expectSame(looks, none, 'what other methods find');
    },
  },
  {
    name: 'rule 1: has, getEntry and ttl go by the same deadline as get',
    run: async (bench) => {
      const looks = {
        has: (cache: JudgedCache) => cache.has('a'),
        getEntry: async (cache: JudgedCache) => (await cache.getEntry('a')) !== undefined,
        ttl: async (cache: JudgedCache) => (await cache.ttl('a')) !== undefined,
      };
      const { cache } = await bench.open();
      for (const look of Object.values(looks)) {
        const expiresAt = Math.floor(bench.clock.wallMs()) + 5;
        await cache.set('a', 1, { expiresAt });
        await watchDeadline(bench, expiresAt, () => look(cache) as Promise<boolean>);
      }
    },
  },
  {
    name: 'rule 1: a deadline that has passed stores nothing to be read, and the old value goes',
    run: async ({ open, clock }) => {
      const { cache } = await open();
      for (const expiresAt of [0, 1, clock.wallMs() - 1_000, clock.wallMs(), new DateValue(5)]) {
        await cache.set('a', 'old');
        await cache.set('a', 'new', { expiresAt });
        expectEqual(await cache.get('a'), undefined, `the value set until ${String(expiresAt)}`);
      }
    },
  },
  {
    name: 'rule 1: overwriting gives the new deadline, and none where none is given',
    run: async ({ open, advance }) => {
      const { cache } = await open();
      await cache.set('a', 1, { ttl: 2 });
      await cache.set('a', 2);
      // Long enough for a busy machine to get to the touch before the deadline.
      await cache.set('b', 1, { ttl: 500 });
      expectEqual(await cache.touch('b', { ttl: '1h' }), true, 'touched in time');
      await cache.set('c', 1);
      await cache.set('c', 2, { ttl: 2 });
      await advance(502);
      expectSame(await cache.getMany(['a', 'b', 'c']), [2, 1, undefined], 'the values');
    },
  },
  {
    name: 'rule 1: TTLs of 25 days and of 200 years last that long',
    run: async ({ open, clock }) => {
      const { cache } = await open();
      for (const days of [24.8, 24.9, 25, 50, 365.25 * 200]) {
        const beforeMs = Math.floor(clock.wallMs());
        await cache.set(`${days}`, days, { ttl: days * DAY_MS });
        const { expiresAt = 0 } = (await cache.getEntry(`${days}`)) ?? {};
        const ms = Math.ceil(days * DAY_MS);
        expectTrue(expiresAt >= beforeMs + ms, `${days} days, not until ${expiresAt}`);
        expectTrue(expiresAt <= clock.wallMs() + ms, `${days} days, not until ${expiresAt}`);
        expectEqual(await cache.get(`${days}`), days, 'the value');
      }
    },
  },
  {
    name: 'rule 1: after days and centuries a value goes at its deadline to the millisecond',
    needs: ['manual clock'],
    run: async ({ open, advance }) => {
      const { cache } = await open({ cleanupInterval: '1d' });
      const daysOf = { month: 25, long: 50.5, century: 365 * 200 };
      for (const [key, days] of Object.entries(daysOf)) {
        await cache.set(key, days, { ttl: days * DAY_MS });
        await cache.set('other', 1);
      }
      let passedDays = 0;
      for (const [key, days] of Object.entries(daysOf)) {
        await advance((days - passedDays) * DAY_MS - 1);
        expectEqual(await cache.get(key), days, `the value of ${days} days a millisecond before`);
        expectEqual(await cache.ttl(key), 1, 'the TTL a millisecond before');
        await advance(1);
        expectEqual(await cache.get(key), undefined, `the value of ${days} days at its deadline`);
        passedDays = days;
      }
    },
  },
];

/**
 * Looks again and again until the value is gone: each time it must be right by the clock around the
 * look.
 */
async function watchDeadline(
  { clock, advance }: CacheBench,
  deadlineMs: number,
  isThere: () => Promise<boolean>,
): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    const beforeMs = clock.wallMs();
    const found = await isThere();
    const afterMs = clock.wallMs();
    if (!found) {
      const earlyMs = deadlineMs - afterMs;
      expectTrue(
        earlyMs <= 0,
        `the value to stay until its deadline, not to go ${earlyMs} ms before`,
      );
      return;
    }
    const lateMs = beforeMs - deadlineMs;
    expectTrue(lateMs < 0, `the value to be gone at its deadline, not there ${lateMs} ms after`);
    await advance(1);
  }
  throw new Error('expected the value to go');
}
