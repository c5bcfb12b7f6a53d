/**
 * The part of `cacheConformance` about opening and closing; what survives is in cache-reopen.ts.
 */
import { HoldfastError } from '../errors.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import type { JudgedCache } from './judged-cache.ts';

export const LIFECYCLE_TESTS: readonly CacheTest[] = [
  {
    name: 'close may be called twice, at once or later, and with writes under way',
    run: async ({ open }) => {
      const { cache, close } = await open();
      const setting = Array.from({ length: 20 }, (_, index) => cache.set(`key ${index}`, index));
      await Promise.all([close(), close(), ...setting]);
      await close();
      expectEqual((await Promise.all(setting)).length, 20, 'writes done');
    },
  },
  {
    name: 'after close every method that reads or writes fails with CLOSED',
    run: async ({ open }) => {
      const { cache, close } = await open();
      await cache.set('a', 1);
      await close();
      await expectAllClosed(BASIC_CALLS, cache);
    },
  },
  {
    name: 'after close every other method fails with CLOSED as well',
    needs: ['getAsync', 'take', 'clear', 'size', 'keys', 'compareAndSet', 'getOrSet', 'lock'],
    run: async ({ open }) => {
      const { cache, close } = await open();
      await cache.set('a', 1);
      await close();
      await expectAllClosed(OTHER_CALLS, cache);
    },
  },
  {
    name: 'as soon as close is called everything fails with CLOSED',
    run: async ({ open }) => {
      const { cache, close } = await open();
      await cache.set('a', 1);
      const closing = close();
      await expectFailure(async () => cache.get('a'), 'CLOSED', 'get while closing');
      await expectFailure(() => cache.set('a', 2), 'CLOSED', 'set while closing');
      await closing;
    },
  },
  {
    name: 'keys that are being walked end with CLOSED when the cache is closed',
    needs: ['keys'],
    run: async ({ open }) => {
      const { cache, close } = await open();
      for (let index = 0; index < 500; index++) await cache.set(`key ${index}`, index);
      const walk = async (): Promise<void> => {
        let seen = 0;
        for await (const _ of cache.keys()) if (++seen === 1) await close();
      };
      await expectFailure(walk, 'CLOSED', 'walking on');
    },
  },
  {
    name: 'await using closes',
    run: async ({ open }) => {
      let kept: JudgedCache;
      {
        await using opened = await open();
        kept = opened.cache;
        await kept.set('a', 1);
      }
      await expectFailure(async () => kept.get('a'), 'CLOSED', 'get after the block');
    },
  },
  {
    name: 'rule 9: a directory that is open is refused at once, and goes on working',
    needs: ['reopen'],
    run: async ({ open }) => {
      const first = await open();
      await first.cache.set('a', 1);
      for (let turn = 0; turn < 3; turn++) {
        const error = await expectFailure(() => open(), 'DIRECTORY_LOCKED', 'opening it twice');
        expectEqual(typeof error.details.pid, 'number', "the kind of the holder's pid");
      }
      await first.cache.set('a', 2, { durability: 'synced' });
      await first.close();
      const second = await open();
      expectEqual(await second.cache.get('a'), 2, 'the value once the first was closed');
    },
  },
  {
    name: 'rule 9: of many openings at once one succeeds',
    needs: ['reopen'],
    run: async ({ open }) => {
      const settled = await Promise.allSettled([open(), open(), open(), open()]);
      let opened = 0;
      for (const one of settled) {
        if (one.status === 'fulfilled') opened++;
        else expectEqual(HoldfastError.from(one.reason).code, 'DIRECTORY_LOCKED', 'the code');
      }
      expectEqual(opened, 1, 'how many were opened');
    },
  },
  {
    name: 'opening makes the directory and its parents, whatever their names',
    needs: ['reopen'],
    run: async ({ open, directory, fileSystem }) => {
      const deep = `${directory}/one/ünïcode 日本/three`;
      const { cache } = await open({ directory: `${deep}/` });
      await cache.set('a', 1, { durability: 'synced' });
      expectTrue((await fileSystem.list(deep)).length > 0, 'files in the directory');
    },
  },
  {
    name: 'a directory that is a file fails the opening, and is left as it was',
    needs: ['reopen'],
    run: async ({ open, directory, fileSystem }) => {
      await fileSystem.createDirectory(directory);
      const path = `${directory}/file`;
      const file = await fileSystem.open(path, 'create');
      await file.write(new Uint8Array([1, 2, 3]), 0);
      await file.close();
      await expectFailure(() => open({ directory: path }), 'IO', 'opening a file');
      await expectFailure(() => open({ directory: `${path}/in it` }), 'IO', 'opening in a file');
      const again = await fileSystem.open(path, 'read');
      expectEqual(await again.size(), 3, 'the size of the file');
      await again.close();
      await fileSystem.remove(path);
      const { cache } = await open({ directory: path });
      await cache.set('a', 1);
    },
  },
  {
    name: 'without persistence nothing is written, and many may be open',
    run: async ({ open, directory, fileSystem }) => {
      await fileSystem.createDirectory(directory);
      const before = (await fileSystem.list(directory)).length;
      const first = await open({ persistent: false });
      const second = await open({ persistent: false });
      await first.cache.set('a', 1, { durability: 'synced' });
      expectEqual(await second.cache.get('a'), undefined, "the other cache's value");
      expectEqual((await fileSystem.list(directory)).length, before, 'the number of files');
      await first.close();
      const third = await open({ persistent: false });
      expectEqual(await third.cache.get('a'), undefined, 'the value after closing');
    },
  },
];

type Call = (cache: JudgedCache) => unknown;

const BASIC_CALLS: Readonly<Record<string, Call>> = {
  get: (cache) => cache.get('a'),
  getEntry: (cache) => cache.getEntry('a'),
  has: (cache) => cache.has('a'),
  ttl: (cache) => cache.ttl('a'),
  getMany: (cache) => cache.getMany(['a']),
  set: (cache) => cache.set('a', 2),
  setIfAbsent: (cache) => cache.setIfAbsent('a', 2),
  setMany: (cache) => cache.setMany([['a', 2]]),
  delete: (cache) => cache.delete('a'),
  deleteMany: (cache) => cache.deleteMany(['a']),
  touch: (cache) => cache.touch('a', { ttl: 5 }),
};

const OTHER_CALLS: Readonly<Record<string, Call>> = {
  size: (cache) => cache.size,
  getAsync: (cache) => cache.getAsync('a'),
  take: (cache) => cache.take('a'),
  clear: (cache) => cache.clear(),
  compareAndSet: (cache) => cache.compareAndSet('a', 2, { version: undefined }),
  increment: (cache) => cache.increment('a'),
  getOrSet: (cache) => cache.getOrSet('a', () => 2),
  invalidateTags: (cache) => cache.invalidateTags(['a']),
  lock: (cache) => cache.lock('a'),
  tryLock: (cache) => cache.tryLock('a'),
  withLock: (cache) => cache.withLock('a', () => 1),
  flush: (cache) => cache.flush(),
  stats: (cache) => cache.stats(),
  compact: (cache) => cache.compact(),
  verify: (cache) => cache.verify(),
  memoryUsage: (cache) => cache.memoryUsage(),
  namespace: (cache) => cache.namespace('a'),
  keys: async (cache) => {
    for await (const _ of cache.keys()) return;
  },
  entries: async (cache) => {
    for await (const _ of cache.entries()) return;
  },
};

async function expectAllClosed(
  calls: Readonly<Record<string, Call>>,
  cache: JudgedCache,
): Promise<void> {
  for (const [name, call] of Object.entries(calls)) {
    await expectFailure(async () => await call(cache), 'CLOSED', `${name} after close`);
  }
}
