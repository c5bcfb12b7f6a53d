// Goal: compressed values, shaped ones among them, survive being copied by the cleaner, and a
// restart.
// Method: a cache of the smallest limits, most of it overwritten again and again, on a simulated
// machine, until every segment was cleaned.
// Not covered: what real algorithms make of values (the conformance suites of the adapters).
import { expect, test } from 'vitest';
import { openCacheOn } from '../src/cache/open-cache.ts';
import { simulatedRuntime } from '../src/testing/index.ts';

const MIB = 1024 * 1024;

function value(key: number, round: number): object {
  return { key, round, text: `${key}`.repeat(3), large: 'x'.repeat(3_000 + key) };
}

test('compressed values that the cleaner copies are read as they were', async () => {
  const machine = simulatedRuntime({ seed: 3 });
  const limits = { memoryBytesMax: 2 * MIB, diskBytesMax: 2 * MIB };
  const options = { directory: '/store', compression: 'gzip', ...limits } as const;
  const cache = await openCacheOn(machine, options);
  for (let key = 0; key < 200; key++) void cache.set(`kept ${key}`, value(key, 0));
  for (let round = 1; round < 60; round++) {
    for (let key = 0; key < 400; key++) void cache.set(`churned ${key}`, value(key, round));
    await machine.clock.advance(1_000);
  }
  const { evictions, bytesWritten } = cache.stats();
  expect(evictions).toBe(0);
  // More than there is room for, and nothing was dropped: the kept ones were copied.
  expect(bytesWritten).toBeGreaterThan(2 * MIB);
  expect(cache.getEntry('kept 7')!.bytes).toBeLessThan(300);
  const closing = cache.close();
  await machine.clock.advance(1_000);
  await closing;
  const again = await openCacheOn(machine.fork(), { directory: '/store', ...limits });
  for (let key = 0; key < 200; key++) expect(again.get(`kept ${key}`)).toEqual(value(key, 0));
  for (let key = 0; key < 400; key++) expect(again.get(`churned ${key}`)).toEqual(value(key, 59));
  await again.close();
});
