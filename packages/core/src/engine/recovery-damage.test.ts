// Goal: damage never brings back an older value, where batches hold several writes of a key.
// Method: a store on the simulated disk, closed, one byte of it flipped, opened again.
// Not covered: random damage (cacheConformance), crashes (the simulator's own tests).
import { expect, test } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { simulatedRuntime } from '../testing/simulated-runtime.ts';

test('a damaged record hides the older one of its key in the batch before', async () => {
  const runtime = simulatedRuntime();
  const options = { directory: '/store', onError: () => {} };
  const first = await openCacheOn(runtime, options);
  // Records of whole batches go into the index together, some hundreds at a time.
  await first.set('a', 'old');
  await first.flush();
  await first.set('a', 'the newer one');
  await first.set('b', 'kept');
  await first.flush();
  await first.set('c', 'kept');
  await first.close();
  flipIn(runtime, 'newer');
  const second = await openCacheOn(runtime, options);
  expect(second.getMany(['a', 'b', 'c'])).toEqual([undefined, 'kept', 'kept']);
  expect(second.stats().damagedRecords).toBe(1);
  await second.close();
});

test('a batch that has lost its FRAME alone counts, and comes after the one before', async () => {
  const runtime = simulatedRuntime();
  const options = { directory: '/store', onError: () => {} };
  const first = await openCacheOn(runtime, options);
  await first.set('a', 'old');
  await first.flush();
  await first.set('a', 'the newer one');
  await first.flush();
  await first.set('c', 'kept');
  await first.close();
  // The FRAME begins where the record ends: at a multiple of eight.
  flipIn(runtime, 'newer one', 'newer one'.length + 16);
  const second = await openCacheOn(runtime, options);
  expect(second.getMany(['a', 'c'])).toEqual(['the newer one', 'kept']);
  expect(second.stats().damagedRecords).toBe(1);
  await second.close();
});

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

  flipIn(runtime, 'newer');
  const second = await openCacheOn(runtime, options);
  expect(second.getMany(['a', 'b', 'c'])).toEqual([undefined, 'kept', 'kept']);
  expect(second.stats().damagedRecords).toBe(1);
  await second.close();
});

function flipIn({ disk }: ReturnType<typeof simulatedRuntime>, text: string, behind = 0): void {
  const path = '/store/y-00000001-00000001.seg';
  disk.flip(path, new TextDecoder('latin1').decode(disk.read(path)).indexOf(text) + behind);
}
