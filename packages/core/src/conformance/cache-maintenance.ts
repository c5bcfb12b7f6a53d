/** The part of `cacheConformance` about looking after a store: stats in detail, compact, verify. */

import type { CacheStats } from '../cache/cache-stats.ts';
import { SEGMENT_HEADER_BYTES } from '../engine/segment-header.ts';
import type { CacheBench, CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

/** In the second copy of a segment's header, at the place of 3 in the first. */
const SECOND_COPY: number = SEGMENT_HEADER_BYTES / 2 + 3;
const COUNT = 300;
const VALUE_BYTES = 2_000;

export const MAINTENANCE_TESTS: readonly CacheTest[] = [
  {
    name: 'stats tells what each generation holds',
    needs: ['stats', 'compact'],
    run: async (bench) => {
      const { cache } = await bench.open();
      for (let index = 0; index < COUNT; index++) await cache.set(`key ${index}`, numbered(index));
      const before = await cache.stats();
      expectEqual(before.young.bytesLive, before.bytesLive, 'live bytes of young');
      expectTrue(before.young.segments > 0, 'segments of young');
      expectSame(before.main, { segments: 0, bytesLive: 0, bytesDead: 0 }, 'an empty main');
      for (let index = 0; index < COUNT; index += 2) await cache.delete(`key ${index}`);
      expectConsistent(await cache.stats());
      await over(bench, cache.compact());
      const after = await cache.stats();
      expectConsistent(after);
      expectEqual(after.main.bytesLive, after.bytesLive, 'live bytes of main');
      expectTrue(after.main.segments > 0, 'segments of main');
      expectTrue(after.bytesDead < before.bytesLive / 4, 'few dead bytes to be left');
    },
  },
  {
    name: 'stats tells how much was written for what was set, and why values were evicted',
    needs: ['stats', 'reopen'],
    run: async ({ open }) => {
      const limit = 1024 * 1024;
      const { cache } = await open({ memoryBytesMax: limit, diskBytesMax: limit });
      expectEqual((await cache.stats()).writeAmplification, 0, 'it before the first set');
      for (let index = 0; index < 600; index++) {
        await cache.set(`key ${index}`, new Uint8Array(5_000));
        if (index % 3 === 0) await cache.get(`key ${index}`);
      }
      const stats = await cache.stats();
      expectTrue(stats.writeAmplification > 0.5, `${stats.writeAmplification} to be above 0.5`);
      expectTrue(stats.writeAmplification < 3, `${stats.writeAmplification} to be below 3`);
      const { unread, cold } = stats.evictionsByReason;
      expectEqual(unread + cold, stats.evictions, 'the sum of the evictions');
      expectTrue(unread > 0 && cold > 0, `evictions of both kinds: ${unread} and ${cold}`);
      expectTrue(stats.stalls >= 0 && stats.stalls <= stats.writes, 'stalls among the writes');
    },
  },
  {
    name: 'compact frees what was deleted and overwritten, and keeps the rest',
    needs: ['compact', 'reopen', 'stats'],
    run: async (bench) => {
      const { cache, close } = await bench.open();
      for (let index = 0; index < COUNT; index++) await cache.set(`key ${index}`, 'old');
      for (let index = 0; index < COUNT; index++) await cache.set(`key ${index}`, numbered(index));
      for (let index = 0; index < COUNT; index++) {
        if (!isKept(index)) await cache.delete(`key ${index}`);
      }
      const entry = await cache.getEntry('key 1');
      const result = await over(bench, cache.compact());
      const { diskBytes } = await cache.stats();
      expectEqual(result.bytesAfter, diskBytes, 'the bytes after it');
      expectTrue(result.bytesBefore > COUNT * VALUE_BYTES, 'the bytes before it');
      expectTrue(diskBytes < COUNT * VALUE_BYTES * 0.7, `${diskBytes} bytes to be fewer`);
      expectTrue(result.segmentsFreed > 0, 'segments to be freed');
      expectEqual(await fileBytes(bench), diskBytes, 'the bytes of the files');
      expectEqual((await cache.getEntry('key 1'))?.version, entry?.version, 'the version');
      await expectKept(cache);
      await close();
      const again = await bench.open();
      await expectKept(again.cache);
    },
  },
  {
    name: 'compact frees what has expired, in memory as well',
    needs: ['compact', 'stats', 'size'],
    run: async (bench) => {
      const { cache } = await bench.open();
      for (let index = 0; index < COUNT; index++) {
        await cache.set(`key ${index}`, numbered(index), { ttl: index % 2 === 0 ? 1 : '1h' });
      }
      await bench.advance(200);
      await over(bench, cache.compact());
      const { bytesLive, bytesDead } = await cache.stats();
      expectTrue(bytesDead < bytesLive / 4, `${bytesDead} dead bytes to be few`);
      expectEqual(await cache.size, COUNT / 2, 'the size');
      for (let index = 1; index < COUNT; index += 2) {
        expectSame(await cache.get(`key ${index}`), numbered(index), `value ${index}`);
      }
    },
  },
  {
    name: 'compact leaves alone what is not worth it, twice at once too, and ends with close',
    needs: ['compact'],
    run: async (bench) => {
      const { cache, close } = await bench.open();
      const empty = await over(bench, cache.compact());
      expectEqual(empty.segmentsFreed, 0, 'what was freed of an empty store');
      for (let index = 0; index < 50; index++) await cache.set(`key ${index}`, numbered(index));
      const results = await over(bench, Promise.all([cache.compact(), cache.compact()]));
      expectSame(
        results.map(({ segmentsFreed }) => segmentsFreed),
        [0, 0],
        'what was freed of a full store',
      );
      for (let index = 0; index < 50; index++) await cache.delete(`key ${index}`);
      const [compacted] = await Promise.allSettled([over(bench, cache.compact()), close()]);
      if (compacted.status === 'rejected') {
        await expectFailure(() => Promise.reject(compacted.reason), 'CLOSED', 'a late compact');
      }
      bench.takeErrors();
    },
  },
  {
    name: 'verify finds every record of a store, and nothing wrong',
    needs: ['verify', 'flush', 'reopen'],
    run: async (bench) => {
      const { cache } = await bench.open();
      expectSame(await cache.verify(), NOTHING, 'what an empty store holds');
      for (let index = 0; index < COUNT; index++) await cache.set(`key ${index}`, numbered(index));
      await cache.set('large', new Uint8Array(1024 * 1024).fill(5));
      await cache.flush();
      const { files, bytes, records, damage } = await cache.verify();
      expectSame(damage, [], 'the damage');
      expectTrue(files > 0 && records > COUNT, 'files and records');
      expectEqual(bytes, await fileBytes(bench), 'the bytes that were looked at');
    },
  },
  {
    name: 'verify of a cache in memory only has nothing to look at',
    needs: ['verify'],
    run: async ({ open }) => {
      const { cache } = await open({ persistent: false });
      await cache.set('a', 1);
      expectSame(await cache.verify(), NOTHING, 'the report');
    },
  },
  {
    name: 'verify tells what is damaged and what is missing, and changes nothing',
    needs: ['verify', 'flush', 'reopen'],
    run: async (bench) => {
      const { directory, fileSystem } = bench;
      const { cache } = await bench.open();
      for (let index = 0; index < COUNT; index++) await cache.set(`key ${index}`, numbered(index));
      await cache.flush();
      const names = await segmentNames(bench);
      const name = names[0] as string;
      const places = [3, 1_000, 1_001, 9_000];
      for (const place of places) await flip(bench, name, place);
      const { damage } = await cache.verify();
      expectEqual(damage.filter(({ file }) => file !== name).length, 0, 'damage elsewhere');
      for (const place of places.slice(1)) {
        const covers = damage.some(
          ({ offset, bytes }) => offset <= place && place < offset + bytes,
        );
        expectTrue(covers, `the damage at ${place} to be told`);
      }
      // The header stands twice: one of the two is enough.
      expectEqual(damage.filter(({ what }) => what === 'header').length, 0, 'damaged headers');
      await flip(bench, name, SECOND_COPY);
      expectTrue(
        (await cache.verify()).damage.some(({ what }) => what === 'header'),
        'a header that is damaged twice to be told',
      );
      for (const place of [...places, SECOND_COPY]) await flip(bench, name, place);
      expectSame((await cache.verify()).damage, [], 'the damage once it is undone');
      const bytes = await readAll(bench, name);
      await fileSystem.remove(`${directory}/${name}`);
      const missing = { file: name, offset: 0, bytes: 0, what: 'missing' };
      expectSame((await cache.verify()).damage, [missing], 'what is missing');
      const file = await fileSystem.open(`${directory}/${name}`, 'create');
      await file.write(bytes, 0);
      await file.close();
      for (let index = 0; index < COUNT; index++) {
        expectSame(await cache.get(`key ${index}`), numbered(index), `value ${index}`);
      }
    },
  },
];

const NOTHING = { files: 0, bytes: 0, records: 0, damage: [] };

function numbered(index: number): Uint8Array {
  return new Uint8Array(VALUE_BYTES).fill(index);
}

/** Too many for the store to be cleaned without being asked. */
function isKept(index: number): boolean {
  return index % 10 < 6;
}

function expectConsistent({ young, main, bytesLive, bytesDead, segments }: CacheStats): void {
  expectEqual(young.segments + main.segments, segments, 'the sum of the segments');
  expectEqual(young.bytesLive + main.bytesLive, bytesLive, 'the sum of the live bytes');
  expectEqual(young.bytesDead + main.bytesDead, bytesDead, 'the sum of the dead bytes');
}

async function expectKept(cache: { get(key: string): unknown }): Promise<void> {
  for (let index = 0; index < COUNT; index++) {
    const expected = isKept(index) ? numbered(index) : undefined;
    expectSame(await cache.get(`key ${index}`), expected, `value ${index}`);
  }
}

/** Lets time pass until it is. */
async function over<T>({ advance }: CacheBench, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  promise.then(end, end);
  for (let turn = 0; turn < 500 && !isOver; turn++) await advance(1);
  return promise;
}

async function segmentNames({ fileSystem, directory }: CacheBench): Promise<string[]> {
  return (await fileSystem.list(directory)).filter((name) => name.endsWith('.seg')).toSorted();
}

async function fileBytes(bench: CacheBench): Promise<number> {
  let bytes = 0;
  for (const name of await segmentNames(bench)) bytes += (await readAll(bench, name)).length;
  return bytes;
}

async function readAll({ fileSystem, directory }: CacheBench, name: string): Promise<Uint8Array> {
  const file = await fileSystem.open(`${directory}/${name}`, 'read');
  try {
    const bytes = new Uint8Array(await file.size());
    await file.read(bytes, 0);
    return bytes;
  } finally {
    await file.close();
  }
}

async function flip(
  { fileSystem, directory }: CacheBench,
  name: string,
  offset: number,
): Promise<void> {
  const file = await fileSystem.open(`${directory}/${name}`, 'update');
  try {
    const byte = new Uint8Array(1);
    await file.read(byte, offset);
    byte[0] = (byte[0] as number) ^ 0x10;
    await file.write(byte, offset);
  } finally {
    await file.close();
  }
}
