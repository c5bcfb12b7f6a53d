// Goal: a value written again with another deadline is the same value, whatever was written before.
// Method: a set that is refused in the middle, on a cache in memory, then touch.
// Not covered: what touch does to deadlines (the cache's conformance suite).
import { expect, test, vi } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/index.ts';
import { HashIndex } from './hash-index.ts';

test('touch after a set with tags that found the index full keeps value and tags', async () => {
  const cache = await openCacheOn(simulatedRuntime(), { persistent: false, onError: () => {} });
  await cache.set('a', 'value', { tags: ['t'] });
  const full = vi.spyOn(HashIndex.prototype, 'isFull', 'get').mockReturnValue(true);
  const refused = cache.set('b', 'other', { tags: ['u', 'v', 'w'] });
  await expect(refused).rejects.toMatchObject({ code: 'NO_SPACE' });
  full.mockRestore();
  await cache.touch('a', { ttl: '1h' });
  expect(cache.get('a')).toBe('value');
  expect(cache.ttl('a')).toBe(3_600_000);
  await cache.invalidateTags(['t']);
  expect(cache.get('a')).toBe(undefined);
  await cache.close();
});
