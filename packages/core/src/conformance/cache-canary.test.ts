// Goal: the suite tells a cache that keeps its rules from one that breaks one of them.
// Method: the embedded cache in memory, one method replaced by a broken one; named tests have to
// fail.
// Not covered: faults of the engine itself (its own tests were tried against planted bugs).
import { describe, expect, test } from 'vitest';
import type { Cache } from '../cache/cache.ts';
import { openCacheOn } from '../cache/open-cache.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { simulatedRuntime } from '../testing/simulated-runtime.ts';
import { cacheConformance } from './cache.ts';
import { embeddedCacheFixture } from './cache-fixture.ts';

type Broken = (cache: Cache, clock: ManualClock) => Partial<Record<keyof Cache, unknown>>;

const kept = new Map<unknown, unknown>();

const BROKEN: Readonly<Record<string, { readonly breaks: string; readonly how: Broken }>> = {
  'gives a value at its deadline': {
    breaks: 'rule 1: a value is read until its deadline',
    how: (cache, clock) => ({
      get: (key: string) => {
        const { value, expiresAt } = cache.getEntry(key) ?? {};
        if (value !== undefined) kept.set(key, [value, expiresAt]);
        const [old, until] = (kept.get(key) ?? []) as [unknown, number];
        return value ?? (until === clock.wallMs() ? old : undefined);
      },
    }),
  },
  'loses a value a millisecond before its deadline': {
    breaks: 'rule 1: has, getEntry and ttl go by the same deadline',
    how: (cache) => ({ has: (key: string) => (cache.ttl(key) ?? 0) > 1 }),
  },
  'cuts TTLs at 24.8 days': {
    breaks: 'TTLs of 25 days and of 200 years',
    how: (cache) => ({
      set: (key: string, value: unknown, { ttl, ...rest }: { ttl?: number } = {}) =>
        cache.set(key, value, {
          ...rest,
          ttl: typeof ttl === 'number' ? Math.min(ttl, 2 ** 31 - 1) : ttl,
        }),
    }),
  },
  'gives the value that was set': {
    breaks: 'rule 3: changing what was set',
    how: (cache) => ({
      set: (key: string, value: unknown, options?: object) => {
        const stored = cache.set(key, value, options);
        kept.set(key, value);
        return stored;
      },
      get: (key: string) => (cache.has(key) ? kept.get(key) : undefined),
    }),
  },
  'sets a turn late': {
    breaks: 'rule 2: a set is read at once',
    how: (cache) => ({
      set: async (key: string, value: unknown, options?: object) => {
        await Promise.resolve();
        await Promise.resolve();
        return cache.set(key, value, options);
      },
    }),
  },
  'loads for every caller': {
    breaks: 'rule 4: many who ask',
    how: (cache) => ({
      getOrSet: async (key: string, loader: (context: object) => unknown, options?: object) => {
        const value =
          cache.get(key) ?? (await loader({ key, signal: new AbortController().signal }));
        if (value !== undefined) await cache.set(key, value, options);
        return value;
      },
    }),
  },
  'lets a load win over a delete': {
    breaks: 'rule 5: every write during a load wins',
    how: (cache) => ({
      getOrSet: async (...call: Parameters<Cache['getOrSet']>) => {
        const value = await cache.getOrSet(...call);
        if (value !== undefined && !cache.has(call[0])) await cache.set(call[0], value);
        return value;
      },
    }),
  },
  'takes keys by the letters they look like': {
    breaks: 'rule 8: keys that look alike',
    how: (cache) => {
      const normal = (key: unknown) => (typeof key === 'string' ? key.normalize('NFC') : key);
      return {
        get: (key: string) => cache.get(normal(key) as string),
        set: (key: string, value: unknown) => cache.set(normal(key) as string, value),
      };
    },
  },
  'lets everybody in': {
    breaks: 'lock is granted first come, first served',
    how: (cache) => ({ lock: () => cache.lock(`${kept.set({}, 1).size}`) }),
  },
  'gives a namespace the keys of the store': {
    breaks: 'a namespace has keys of its own',
    how: (cache) => ({ namespace: () => cache }),
  },
  'clears what is next to a namespace as well': {
    breaks: 'clear takes what is in the namespace and within it',
    how: (cache) => ({
      namespace: (name: string) => broken(cache.namespace(name), { clear: () => cache.clear() }),
    }),
  },
  'knows nothing of values past their deadline': {
    breaks: 'staleIfError gives the old value for a failed load',
    how: (cache) => ({
      getOrSet: (key: string, loader: () => unknown, { ttl }: { ttl?: number } = {}) =>
        cache.getOrSet(key, loader, { ttl }),
    }),
  },
  'gives a stale value to who has not asked for one': {
    breaks: 'rule 1: nobody else is shown a value past its deadline',
    how: (cache) => ({
      get: (key: string) => cache.get(key) ?? kept.get(key),
      getOrSet: async (...call: Parameters<Cache['getOrSet']>) => {
        const value = await cache.getOrSet(...call);
        kept.set(call[0], value);
        return value;
      },
    }),
  },
  'increments what it read a turn ago': {
    breaks: 'increment adds to a number',
    how: (cache) => ({
      increment: async (key: string, by = 1) => {
        const sum = ((cache.get(key) as number | undefined) ?? 0) + by;
        await Promise.resolve();
        await cache.set(key, sum);
        return sum;
      },
    }),
  },
};

describe('a cache that', () => {
  for (const [name, { breaks, how }] of Object.entries(BROKEN)) {
    test(`${name} fails "${breaks}"`, async () => {
      kept.clear();
      const failed = await failures(how, breaks);
      expect(failed.join('\n')).toContain(breaks);
    });
  }

  test('has a method that it is said to lack fails', () => {
    return expect(failures(() => ({}), 'none of the methods', true)).resolves.toHaveLength(1);
  });

  test('keeps its rules fails none of these', async () => {
    for (const { breaks } of Object.values(BROKEN)) {
      expect(await failures(() => ({}), breaks)).toEqual([]);
    }
  });
});

/** The names of the failing tests among those whose name holds `named`. */
async function failures(how: Broken, named: string, lies = false): Promise<string[]> {
  const runs: [string, () => Promise<void>][] = [];
  cacheConformance({
    test: (name, run) => void runs.push([name, run]),
    skip: () => {},
    lacks: [{ reason: 'none here', capabilities: lies ? ['reopen', 'stats'] : ['reopen'] }],
    create: () => {
      const runtime = simulatedRuntime();
      return embeddedCacheFixture({
        runtime,
        openCache: async (options) => {
          const cache = await openCacheOn(runtime, { ...options, persistent: false });
          return broken(cache, how(cache, runtime.clock));
        },
        directory: '/store',
        advance: (ms) => runtime.clock.advance(ms),
      });
    },
  });
  const chosen = runs.filter(([name]) => name.includes(named));
  expect(chosen.length).toBeGreaterThan(0);
  const failed: string[] = [];
  for (const [name, run] of chosen) await run().catch(() => failed.push(name));
  return failed;
}

/** Private fields are reached through the cache itself, so its methods are bound to it. */
function broken(cache: Cache, methods: Partial<Record<keyof Cache, unknown>>): Cache {
  return new Proxy(cache, {
    get: (target, name: keyof Cache) => {
      if (name in methods) return methods[name];
      const value: unknown = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
