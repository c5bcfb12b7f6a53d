// Goal: the embedded engine keeps every rule of the cache's interface, on files and in memory.
// Method: the suite on the simulated runtime, whose clock stands still; deadlines are judged to the
// millisecond.
// Not covered: real runtimes (the adapters run the same suite), crashes and full disks (the
// simulator's own tests).
import { describe, test } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/simulated-runtime.ts';
import { type CacheFixture, cacheConformance } from './cache.ts';
import { embeddedCacheFixture } from './cache-fixture.ts';
import type { ConformanceTarget } from './suite.ts';

const skip: ConformanceTarget['skip'] = (name, reason) => test.skip(`${name} (${reason})`);

function fixture(persistent: boolean): CacheFixture {
  const runtime = simulatedRuntime();
  return embeddedCacheFixture({
    runtime,
    openCache: (options) => openCacheOn(runtime, { persistent, ...options }),
    directory: '/store',
    advance: (ms) => runtime.clock.advance(ms),
  });
}

describe('on a simulated disk', () => {
  cacheConformance({ test, skip, create: () => fixture(true) });
});

describe('in memory', () => {
  const lacks = [{ reason: 'nothing is kept', capabilities: ['reopen'] as const }];
  cacheConformance({ test, skip, lacks, create: () => fixture(false) });
});
