// Goal: every waiter of the group commit is told, at once, however waiters of different kinds meet.
// Method: a cache on the simulated runtime, whose clock stands still: no timer can come to the
// rescue.
// Not covered: crashes and failing disks (the simulator's own tests).
import { expect, test } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/simulated-runtime.ts';

test('a sync asked for while another batch is being written is not forgotten', async () => {
  const runtime = simulatedRuntime();
  const cache = await openCacheOn(runtime, { directory: '/store' });
  await cache.set('a', 1, { durability: 'written' });
  // The write has just told its waiter: the sync that follows it covers only what was written.
  await cache.set('a', 2, { durability: 'synced' });
  await cache.set('a', 3, { durability: 'written' });
  await cache.clear();
  await cache.set('a', 4, { durability: 'written' });
  await cache.close();
  expect(runtime.clock.monotonicMs()).toBe(0);
});
