// Goal: the embedded engine keeps every rule of the cache's interface: on files, plain and
// encrypted, and in memory.
// Method: the suite on the simulated runtime, whose clock stands still; deadlines are judged to the
// millisecond.
// Not covered: real runtimes (the adapters run the same suite), crashes and full disks (the
// simulator's own tests).
import { describe, test } from 'vitest';
import type { CacheOptions } from '../cache/cache-options.ts';
import { openCacheOn } from '../cache/open-cache.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../testing/simulated-runtime.ts';
import { type CacheFixture, cacheConformance } from './cache.ts';
import { embeddedCacheFixture } from './cache-fixture.ts';
import type { ConformanceTarget } from './suite.ts';

const skip: ConformanceTarget['skip'] = (name, reason) => test.skip(`${name} (${reason})`);

/** A namespace in a namespace is a cache like any other; next to it lies what is not its affair. */
function namespaceFixture(): CacheFixture {
  const outer = fixture({});
  return {
    ...outer,
    open: async (options) => {
      const store = await openCacheOn(outer.runtime, options);
      const cache = store.namespace('outer').namespace('inner');
      for (const other of [store, store.namespace('inner')]) {
        void other.set('key', { id: 1, name: 'text' }, { tags: ['t', 'a'] });
      }
      const close = (): Promise<void> => store.close();
      return { cache, locks: cache.locks, close, [Symbol.asyncDispose]: close };
    },
  };
}

function fixture(settings: CacheOptions): CacheFixture & { readonly runtime: SimulatedRuntime } {
  const runtime = simulatedRuntime();
  const embedded = embeddedCacheFixture({
    runtime,
    openCache: (options) => openCacheOn(runtime, { ...settings, ...options }),
    directory: '/store',
    advance: (ms) => runtime.clock.advance(ms),
  });
  return { ...embedded, runtime };
}

describe('on a simulated disk', () => {
  cacheConformance({ test, skip, create: () => fixture({}) });
});

describe('encrypted on a simulated disk', () => {
  const encryption = { keys: [{ id: 'suite', key: new Uint8Array(32).fill(11) }] };
  const unsupported = [
    {
      reason: 'a value cannot be found in an encrypted file (cache-encryption.ts has its like)',
      tests: [
        'rule 6: one damaged record costs that record, and onError hears of it',
        'rule 6: stats counts what is damaged',
      ],
    },
    {
      reason: 'an encrypted store is refused without its keys',
      tests: ['open takes each option at its bounds, and undefined for every default'],
    },
  ];
  cacheConformance({ test, skip, unsupported, create: () => fixture({ encryption }) });
});

describe('in memory', () => {
  const lacks = [{ reason: 'nothing is kept', capabilities: ['reopen'] as const }];
  cacheConformance({ test, skip, lacks, create: () => fixture({ persistent: false }) });
});

describe('a namespace on a simulated disk', () => {
  const unsupported = [
    {
      reason: 'stats are those of the store, and there are values in other namespaces',
      tests: [
        'stats counts hits, misses, sets, deletes and loads',
        'rule 7: what does not fit any more is evicted and counted, never lost in silence',
        'watch tells of each value that is evicted',
        'what was invalidated is dead to compact and stats, and does not come back after them',
        'what was cleared is dead to compact and stats, and does not come back after them',
      ],
    },
    {
      reason: 'it is deep already',
      tests: ['rule 8: keys of 64 KiB in the deepest namespace of the longest names'],
    },
  ];
  cacheConformance({ test, skip, unsupported, create: namespaceFixture });
});
