// Goal: what is cut off a store that was closed is missed, and nothing older shows instead.
// Method: a small store in which every key has an older value, written in batches that no FRAME
// tells durable, closed; then its newest file cut to every length, and removed. Not covered: a
// store whose process was killed, where the last batches look the same cut off and never synced.
import { expect, test } from 'vitest';
import { openCacheOn } from '../src/cache/open-cache.ts';
import { simulatedRuntime } from '../src/testing/index.ts';

const DIRECTORY = '/store';
const KEYS = ['a', 'b', 'c', 'd'];
const OPTIONS = { directory: DIRECTORY, memoryBytesMax: 2 ** 20, onError: () => {} };

async function closedStore() {
  const runtime = simulatedRuntime({ seed: 1 });
  const cache = await openCacheOn<string>(runtime, OPTIONS);
  for (const round of ['old', 'older than the last', 'new']) {
    for (const key of KEYS) await cache.set(key, round, { durability: 'written' });
  }
  await cache.close();
  const newest = runtime.disk.list(DIRECTORY).filter((name) => name.endsWith('.seg'));
  expect(newest).toHaveLength(1);
  return { runtime, path: `${DIRECTORY}/${newest[0]}` };
}

test('a closed store cut to any length shows its last values or none', {
  timeout: 30_000,
}, async () => {
  const { runtime, path } = await closedStore();
  const { disk } = runtime;
  const whole = disk.snapshot();
  const size = disk.read(path).length;
  let complete = 0;
  for (let length = 0; length <= size; length++) {
    disk.restore(whole);
    disk.truncate(path, length);
    const again = runtime.fork();
    const cache = await openCacheOn<string>(again, OPTIONS);
    const seen = cache.getMany(KEYS);
    expect(seen.filter((value) => value !== undefined && value !== 'new')).toEqual([]);
    const { damagedFiles, damagedRecords } = cache.stats().recovery!;
    if (seen.every((value) => value === 'new')) complete++;
    else expect(damagedFiles + damagedRecords, `cut to ${length} bytes`).toBeGreaterThan(0);
    await cache.close();
  }
  expect(complete).toBeGreaterThan(0);
});

test('a closed store says so when its newest file is gone', async () => {
  const { runtime, path } = await closedStore();
  const first = await openCacheOn<string>(runtime, OPTIONS);
  await first.set('a', 'newest');
  await first.close();
  const names = runtime.disk.list(DIRECTORY).filter((name) => name.endsWith('.seg'));
  const newest = names.map((name) => `${DIRECTORY}/${name}`).find((name) => name !== path);
  runtime.disk.remove(newest!);
  const cache = await openCacheOn<string>(runtime, OPTIONS);
  expect(cache.getMany(KEYS)).toEqual([undefined, undefined, undefined, undefined]);
  expect(cache.stats().recovery).toMatchObject({ damagedFiles: 1, failedClosed: 1 });
  await cache.close();
});
