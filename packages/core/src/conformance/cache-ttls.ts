/**
 * The part of `cacheConformance` about how deadlines are given and told; cache-expiry.ts has what
 * they do.
 */
import type { CacheTest } from './cache.ts';
import { DateValue } from './date-value.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

const DAY_MS = 86_400_000;

export const TTL_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 1: expiresAt is the deadline itself, as a number or a Date',
    run: async ({ open, clock }) => {
      const { cache } = await open();
      const at = Math.floor(clock.wallMs()) + 60_000;
      await cache.set('number', 1, { expiresAt: at });
      await cache.set('date', 1, { expiresAt: new DateValue(at) });
      await cache.set('never', 1, { expiresAt: Number.POSITIVE_INFINITY });
      expectEqual((await cache.getEntry('number'))?.expiresAt, at, 'the deadline');
      expectEqual((await cache.getEntry('date'))?.expiresAt, at, 'the deadline');
      expectEqual(await cache.ttl('never'), Number.POSITIVE_INFINITY, 'the TTL');
    },
  },
  {
    name: 'rule 1: a TTL is told in milliseconds left, in every form',
    run: async ({ open, clock }) => {
      const { cache } = await open();
      for (const [ttl, ms] of TTLS) {
        const beforeMs = clock.wallMs();
        await cache.set('a', 1, { ttl });
        const left = (await cache.ttl('a')) ?? Number.NaN;
        const passedMs = clock.wallMs() - beforeMs;
        expectTrue(left <= ms, `at most ${ms} ms to be left of ${ttl}, not ${left}`);
        expectTrue(left >= ms - passedMs - 1, `about ${ms} ms to be left of ${ttl}, not ${left}`);
      }
    },
  },
  {
    name: 'rule 1: every wrong TTL is refused by every method, and nothing changes',
    needs: ['increment', 'compareAndSet', 'getOrSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('old', 1);
      let loads = 0;
      for (const bad of BAD_TTLS) {
        const options = { ttl: bad as number };
        const calls: Record<string, () => Promise<unknown>> = {
          set: () => cache.set('old', 2, options),
          setIfAbsent: () => cache.setIfAbsent('new', 2, options),
          setMany: () => cache.setMany([['old', 2]], options),
          touch: () => cache.touch('old', options),
          increment: () => cache.increment('old', 1, options),
          compareAndSet: () => cache.compareAndSet('new', 2, { ...options, version: undefined }),
          getOrSet: () => cache.getOrSet('new', () => loads++, options),
        };
        for (const [name, call] of Object.entries(calls)) {
          await expectFailure(call, 'INVALID_ARGUMENT', `${name} with a ttl of ${String(bad)}`);
        }
      }
      expectEqual(loads, 0, 'the number of loads');
      expectSame(await cache.getMany(['old', 'new']), [1, undefined], 'the values');
      expectEqual(await cache.ttl('old'), Number.POSITIVE_INFINITY, 'the TTL');
    },
  },
  {
    name: 'rule 1: set, setIfAbsent and touch refuse a wrong ttl or expiresAt, and both together',
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('old', 1);
      const options = [
        ...BAD_TTLS.map((ttl) => ({ ttl })),
        ...[Number.NaN, -1, 1e16, 'tomorrow', new DateValue(Number.NaN), {}, null, true].map(
          (expiresAt) => ({ expiresAt }),
        ),
        { ttl: 5, expiresAt: 5 },
      ] as { ttl: number }[];
      for (const [index, bad] of options.entries()) {
        const what = `with bad options ${index}`;
        await expectFailure(() => cache.set('old', 2, bad), 'INVALID_ARGUMENT', `set ${what}`);
        const ifAbsent = () => cache.setIfAbsent('new', 2, bad);
        await expectFailure(ifAbsent, 'INVALID_ARGUMENT', `setIfAbsent ${what}`);
        await expectFailure(() => cache.touch('old', bad), 'INVALID_ARGUMENT', `touch ${what}`);
      }
      await expectFailure(() => cache.touch('old', {} as never), 'INVALID_ARGUMENT', 'no ttl');
      expectSame(await cache.getMany(['old', 'new']), [1, undefined], 'the values');
      expectEqual(await cache.ttl('old'), Number.POSITIVE_INFINITY, 'the TTL');
    },
  },
  {
    name: 'rule 1: defaultTtl applies where none is given, and only there',
    run: async ({ open }) => {
      const { cache } = await open({ defaultTtl: '1h' });
      await cache.set('default', 1);
      await cache.setIfAbsent('absent', 1, {});
      await cache.set('own', 1, { ttl: '2h' });
      await cache.set('never', 1, { ttl: Number.POSITIVE_INFINITY });
      for (const key of ['default', 'absent']) {
        const left = (await cache.ttl(key)) ?? 0;
        expectTrue(left > 3_000_000 && left <= 3_600_000, `an hour for ${key}, not ${left}`);
      }
      expectTrue(((await cache.ttl('own')) ?? 0) > 3_600_000, 'two hours');
      expectEqual(await cache.ttl('never'), Number.POSITIVE_INFINITY, 'the TTL');
    },
  },
];

const TTLS = [
  [1_234, 1_234],
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 7 * DAY_MS],
  ['1.5s', 1_500],
  [1_000.25, 1_001],
  // Some 4,750 years: more than a protocol's timestamps need not hold (year 9999).
  [1.5e14 + 0.5, 1.5e14 + 1],
] as const;

const BAD_TTLS: readonly unknown[] = [
  -1,
  Number.NaN,
  0,
  '0s',
  Number.NEGATIVE_INFINITY,
  1e16,
  '5 parsecs',
  '5',
  '',
  '-5s',
  '1e3s',
  ' 5s',
  '5S',
  null,
  true,
  5n,
  {},
];
