// Goal: what is set after a value of more than 8 MiB, which is as far as the index counts within a
// segment, is found, before and after it is reclaimed and the store is opened again.
// Method: a small value behind a large one, of a cache in memory and of one on a simulated disk.
// Not covered: values over the limit (the conformance suite).
import { expect, test } from 'vitest';
import { simulatedRuntime } from '../testing/index.ts';
import { openCacheOn } from './open-cache.ts';

test.each([true, false])(
  'a small value after a large one is found (persistent: %s)',
  async (persistent) => {
    const machine = simulatedRuntime();
    const options = { directory: '/store', persistent };
    const cache = await openCacheOn(machine, options);
    const large = new Uint8Array(9 * 1024 * 1024).fill(7);
    await cache.set('before', 1);
    // Twice: so much is dead then that compacting copies what lives.
    for (let time = 0; time < 2; time++) await cache.set('large', large);
    for (let count = 0; count < 100; count++) await cache.set(`after ${count}`, count);
    const check = (found: typeof cache): void => {
      expect(found.get('before')).toBe(1);
      expect((found.get('large') as Uint8Array).length).toBe(large.length);
      for (let count = 0; count < 100; count++) expect(found.get(`after ${count}`)).toBe(count);
    };
    check(cache);
    const compacting = cache.compact();
    await machine.clock.advance(10_000);
    const { segmentsFreed } = await compacting;
    if (persistent) expect(segmentsFreed).toBeGreaterThan(1);
    check(cache);
    await cache.close();
    if (!persistent) return;
    const again = await openCacheOn(machine.fork(), options);
    check(again);
    await again.close();
  },
);
