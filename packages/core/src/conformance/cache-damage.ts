/**
 * The part of `cacheConformance` about files that are damaged, or not the store's own. The store is
 * closed while they are changed, so everything in it was durable.
 */
import { SeededRandom } from '../testing/seeded-random.ts';
import type { CacheBench, CacheTest } from './cache.ts';
import { expectBytes, expectEqual, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';
import { contents, read, replace, restore } from './store-files.ts';

const NEEDS = ['reopen'] as const;
const COUNT = 40;

export const DAMAGE_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 6: one damaged record costs that record, and onError hears of it',
    needs: NEEDS,
    run: async (bench) => {
      await fill(bench);
      const { name, content, position } = await findValue(bench, 17);
      content[position + 200] = 0;
      await replace(bench.fileSystem, `${bench.directory}/${name}`, content);
      for (let turn = 0; turn < 2; turn++) {
        const { cache, close } = await bench.open();
        expectSame(await lost(cache), [17], 'the values that are lost');
        expectTrue(bench.takeErrors().some(isCorrupt) || turn > 0, 'onError to hear of it');
        await close();
      }
    },
  },
  {
    name: 'rule 6: stats counts what is damaged',
    needs: ['reopen', 'stats'],
    run: async (bench) => {
      await fill(bench);
      const { name, content, position } = await findValue(bench, 3);
      content[position + 99] = 0;
      await replace(bench.fileSystem, `${bench.directory}/${name}`, content);
      const { cache } = await bench.open();
      expectSame(await lost(cache), [3], 'the values that are lost');
      expectEqual((await cache.stats()).damagedRecords, 1, 'damagedRecords');
      expectTrue(bench.takeErrors().some(isCorrupt), 'onError to hear of it');
    },
  },
  {
    name: 'rule 6: whatever bytes of a file are damaged, opening works and no value is wrong',
    needs: NEEDS,
    run: async (bench) => {
      const { directory, fileSystem } = bench;
      await fill(bench);
      const whole = await contents(fileSystem, directory);
      const random = new SeededRandom(6);
      for (let turn = 0; turn < 12; turn++) {
        await restore(fileSystem, directory, whole);
        const names = [...whole.keys()].toSorted();
        const name = names[turn % names.length] as string;
        const content = (whole.get(name) as Uint8Array).slice();
        const at = random.below(content.length);
        for (let offset = 0; offset < 1 + (turn % 3) * 40; offset++) {
          const index = (at + offset) % content.length;
          content[index] = (content[index] as number) ^ (1 + random.below(255));
        }
        await replace(fileSystem, `${directory}/${name}`, content);
        const { cache, close } = await bench.open();
        await lost(cache);
        await expectDeleted(cache);
        await cache.set('new', turn);
        await close();
        const again = await bench.open();
        expectEqual(await again.cache.get('new'), turn, 'a value set after the damage');
        await lost(again.cache);
        await expectDeleted(again.cache);
        await again.close();
        bench.takeErrors();
      }
    },
  },
  {
    name: 'rule 6: files that were cut short, emptied or removed cost what they held',
    needs: NEEDS,
    run: async (bench) => {
      const { directory, fileSystem } = bench;
      await fill(bench);
      const whole = await contents(fileSystem, directory);
      for (const name of whole.keys()) {
        for (const share of [0, 0.1, 0.5, 0.99, undefined]) {
          await restore(fileSystem, directory, whole);
          const path = `${directory}/${name}`;
          const content = whole.get(name) as Uint8Array;
          if (share === undefined) await fileSystem.remove(path);
          else await replace(fileSystem, path, content.slice(0, content.length * share));
          const { cache, close } = await bench.open();
          await lost(cache);
          await cache.set('new', 1);
          expectEqual(await cache.get('new'), 1, 'a value set after the damage');
          await close();
          bench.takeErrors();
        }
      }
    },
  },
  {
    name: 'rule 6: without its superblocks a store still has its values',
    needs: NEEDS,
    run: async (bench) => {
      const { directory, fileSystem } = bench;
      await fill(bench);
      for (const content of [new Uint8Array(0), new Uint8Array(128).fill(0xee), undefined]) {
        for (const name of await fileSystem.list(directory)) {
          if (!name.startsWith('superblock')) continue;
          const path = `${directory}/${name}`;
          if (content === undefined) await fileSystem.remove(path);
          else await replace(fileSystem, path, content);
        }
        const { cache, close } = await bench.open();
        expectSame(await lost(cache), [], 'the values that are lost');
        await close();
        bench.takeErrors();
      }
    },
  },
  {
    name: 'rule 6: files of others are left as they are, and cost nothing',
    needs: ['reopen', 'clear'],
    run: async (bench) => {
      const { directory, fileSystem } = bench;
      await fileSystem.createDirectory(`${directory}/a directory`);
      const note = new SeededRandom(9).fill(new Uint8Array(500));
      for (const name of FOREIGN) await replace(fileSystem, `${directory}/${name}`, note);
      await fill(bench);
      const { cache, close } = await bench.open();
      expectSame(await lost(cache), [], 'the values that are lost');
      await cache.clear();
      await cache.set('new', 1);
      await close();
      for (const name of FOREIGN) {
        const content = await read(fileSystem, `${directory}/${name}`);
        expectBytes(content, note, `the file ${name}`);
      }
      expectEqual((await fileSystem.list(`${directory}/a directory`)).length, 0, 'files in it');
    },
  },
];

const FOREIGN = ['notes.txt', 'y-1.seg', 'y-00000001-00000001.seg.bak', 'superblock-c', '.hidden'];

function isCorrupt({ code }: { readonly code: string }): boolean {
  return code === 'CORRUPT';
}

/** Long enough to be found in a file, and different from every other. */
function contentOf(index: number): Uint8Array {
  return new SeededRandom(1_000 + index).fill(new Uint8Array(700)).map((byte) => byte | 1);
}

async function fill({ open }: CacheBench): Promise<void> {
  const { cache, close } = await open();
  for (let index = 0; index < COUNT; index++) {
    await cache.set(`key ${index}`, 'old');
    await cache.set(`key ${index}`, contentOf(index));
  }
  for (let index = 0; index < 5; index++) {
    await cache.set(`deleted ${index}`, 'old', { durability: 'synced' });
    await cache.delete(`deleted ${index}`);
  }
  await close();
}

/** The numbers of the values that are gone; fails if one is wrong, or an older one is back. */
async function lost(cache: JudgedCache): Promise<number[]> {
  const gone: number[] = [];
  for (let index = 0; index < COUNT; index++) {
    const value = await cache.get(`key ${index}`);
    if (value === undefined) gone.push(index);
    else expectSame(value, contentOf(index), `value ${index}`);
  }
  return gone;
}

/**
 * Fails if a deleted value is back. What tells of the last delete was the end of the file: that may
 * be torn.
 */
async function expectDeleted(cache: JudgedCache): Promise<void> {
  for (let index = 0; index < 4; index++) {
    expectEqual(await cache.get(`deleted ${index}`), undefined, `deleted value ${index}`);
  }
}

async function findValue(
  { fileSystem, directory }: CacheBench,
  index: number,
): Promise<{ name: string; content: Uint8Array; position: number }> {
  const value = contentOf(index);
  for (const [name, content] of await contents(fileSystem, directory)) {
    for (let position = 0; position + value.length <= content.length; position++) {
      if (value.every((byte, at) => content[position + at] === byte)) {
        return { name, content, position };
      }
    }
  }
  throw new Error(`expected value ${index} in a file`);
}
