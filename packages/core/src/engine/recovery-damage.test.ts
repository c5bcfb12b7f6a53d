// Goal: damage never brings back an older value, where batches hold several writes of a key.
// Method: a store on the simulated disk, closed, one byte of it flipped, opened again.
// Not covered: random damage (cacheConformance), crashes (the simulator's own tests).
import { expect, test } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/simulated-runtime.ts';

test('a damaged record hides the older one of its key in the same batch', async () => {
  const runtime = simulatedRuntime();
  const options = { directory: '/store', onError: () => {} };
  const first = await openCacheOn(runtime, options);
  await first.set('a', 'old');
  await first.set('a', 'the newer one');
  await first.set('b', 'kept');
  await first.flush();
  // A later FRAME says that the batch above was durable: what is unreadable in it is rot, not a
  // torn tail.
  await first.set('c', 'kept');
  await first.close();

  const path = '/store/y-00000001-00000001.seg';
  runtime.disk.flip(
    path,
    new TextDecoder('latin1').decode(runtime.disk.read(path)).indexOf('newer'),
  );
  const second = await openCacheOn(runtime, options);
  expect(second.getMany(['a', 'b', 'c'])).toEqual([undefined, 'kept', 'kept']);
  expect(second.stats().damagedRecords).toBe(1);
  await second.close();
});
