// Goal: a cache of small values that is full goes on taking new ones in place of old ones: its
// index has room again for what was evicted.
// Method: a cache in memory whose limit comes to more entries than its index was made for.
// Not covered: an index that is full of what lives (hash-index.test.ts).
import { expect, test } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/index.ts';

test('a full cache of small values evicts, and never says that its index is full', async () => {
  const options = { persistent: false, memoryBytesMax: 4 * 1024 * 1024 };
  const cache = await openCacheOn(simulatedRuntime(), options);
  const value = 'v'.repeat(24);
  for (let count = 0; count < 150_000; count++) {
    const set = cache.set(`key-${count}`, value);
    // One that is refused says so.
    if (count % 100 === 0) await set;
  }
  await cache.set('last', value);
  expect(cache.get('last')).toBe(value);
  expect(cache.stats().evictions).toBeGreaterThan(50_000);
  await cache.close();
}, 30_000);
