// Goal: the embedded engine keeps every rule of the cache's interface: on files, plain and
// encrypted, and in memory.
// Method: the suite on the simulated runtime, whose clock stands still; deadlines are judged to the
// millisecond.
// Not covered: real runtimes (the adapters run the same suite), crashes and full disks (the
// simulator's own tests).
import { describe, test } from 'vitest';
import type { CacheOptions } from '../cache/cache-options.ts';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/simulated-runtime.ts';
import { type CacheFixture, cacheConformance } from './cache.ts';
import { embeddedCacheFixture } from './cache-fixture.ts';
import type { ConformanceTarget } from './suite.ts';

const skip: ConformanceTarget['skip'] = (name, reason) => test.skip(`${name} (${reason})`);

function fixture(settings: CacheOptions): CacheFixture {
  const runtime = simulatedRuntime();
  return embeddedCacheFixture({
    runtime,
    openCache: (options) => openCacheOn(runtime, { ...settings, ...options }),
    directory: '/store',
    advance: (ms) => runtime.clock.advance(ms),
  });
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
