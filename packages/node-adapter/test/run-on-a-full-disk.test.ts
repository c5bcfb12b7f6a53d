// Goal: on a real disk that is smaller than the cache's limit sets go on, at the cost of what was
// coldest; a cache that must not evict refuses them with NO_SPACE until there is room again.
// Method: a tmpfs of 8 MiB, mounted for each test; values are written several times over it, and a
// foreign file takes room and gives it back.
// Not covered: machines on which this process may not mount (skipped, with the reason); other file
// systems, whose syncs may find no space as well (core's histories).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type Cache, HoldfastError, openCache } from '../src/index.ts';

const MIB = 1024 * 1024;
const point = mkdtempSync(join(tmpdir(), 'holdfast-full-'));
const directory = join(point, 'store');

function mount(): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', point], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `a small disk cannot be mounted here: ${(error as Error).message.split('\n')[0]}`;
  }
}

function unmount(): void {
  execFileSync('umount', [point], { stdio: 'pipe' });
}

const reason = mount();
if (reason === undefined) unmount();
const onSmallDisk = test.skipIf(reason !== undefined);
const why = reason === undefined ? '' : ` (skipped: ${reason})`;

let cache: Cache<unknown> | undefined;

beforeEach(() => {
  if (reason === undefined) mount();
});

afterEach(async () => {
  await cache?.close().catch(() => {});
  cache = undefined;
  if (reason === undefined) unmount();
});

afterAll(() => rmdirSync(point));

async function setMany(from: number, to: number): Promise<HoldfastError[]> {
  const failures: HoldfastError[] = [];
  for (let index = from; index < to; index++) {
    try {
      await cache?.set(`key-${index}`, `${index}`.padEnd(10_000, '.'), { durability: 'written' });
    } catch (error) {
      failures.push(HoldfastError.from(error));
    }
  }
  return failures;
}

onSmallDisk(`a disk smaller than the limit${why}`, async () => {
  const options = { directory, memoryBytesMax: 4 * MIB, diskBytesMax: 64 * MIB };
  cache = await openCache({ ...options, onError: () => {} });
  // Four times what fits.
  expect(await setMany(0, 3_200)).toEqual([]);
  await cache.flush();
  const { evictions, refusal } = cache.stats();
  expect(refusal).toBeUndefined();
  expect(evictions).toBeGreaterThan(2_000);
  expect(cache.size).toBeGreaterThan(200);
  expect(cache.get('key-3199')).toBe('3199'.padEnd(10_000, '.'));
  const live = cache.size;
  await cache.close();

  // And it opens again, with what it had.
  cache = await openCache(options);
  expect(cache.size).toBeGreaterThan(live / 2);
  expect(cache.get('key-3199')).toBe('3199'.padEnd(10_000, '.'));
  expect(await setMany(3_200, 4_000)).toEqual([]);
});

onSmallDisk(`a cache that never evicts${why}`, async () => {
  const options = { memoryBytesMax: 4 * MIB, diskBytesMax: Number.POSITIVE_INFINITY };
  const foreign = join(point, 'foreign');
  writeFileSync(foreign, Buffer.alloc(6 * MIB));
  cache = await openCache({ directory, ...options, onError: () => {} });
  const failures = await setMany(0, 400);
  expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['NO_SPACE']));
  expect(cache.stats().evictions).toBe(0);
  expect(cache.stats().refusal).toBe('NO_SPACE');
  expect(cache.get('key-0')).toBe('0'.padEnd(10_000, '.'));

  rmSync(foreign);
  await expect.poll(() => cache?.stats().refusal, { timeout: 5_000 }).toBeUndefined();
  expect(await setMany(0, 100)).toEqual([]);
});
