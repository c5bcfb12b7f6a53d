/**
 * The part of `cacheConformance` about what else is a namespace's own: loads, locks, watches, and
 * being closed.
 */
import { Deferred } from '../engine/deferred.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';
import { namesOf, sizes, tree } from './namespace-tree.ts';
import { startedLoad } from './started-load.ts';

const MIB = 1024 * 1024;
const NEEDS = ['namespace', 'size', 'clear'] as const;

export const NAMESPACE_CALL_TESTS: readonly CacheTest[] = [
  {
    name: 'namespaces, and that they were cleared, survive closing and opening',
    needs: [...NEEDS, 'reopen'],
    run: async ({ open }) => {
      const first = await open();
      for (const [index, each] of tree(first.cache).entries()) {
        for (let turn = 0; turn < 100; turn++) {
          await each.set(`key ${turn}`, { index, text: 'x'.repeat(200) });
        }
      }
      await first.cache.namespace('a').namespace('b').clear();
      await first.cache.namespace('a').set('key 0', 'new');
      await first.close();
      const second = await open();
      const spaces = tree(second.cache);
      expectSame(await sizes(spaces), [100, 100, 0, 0, 100], 'the sizes');
      expectEqual(await spaces[1].get('key 0'), 'new', 'the value set last');
      expectSame(await spaces[4].get('key 1'), { index: 4, text: 'x'.repeat(200) }, 'a value');
      await spaces[2].set('key 1', 'back');
      await spaces[1].clear();
      await second.close();
      const third = await open();
      expectSame(await sizes(tree(third.cache)), [100, 0, 0, 0, 100], 'the sizes');
    },
  },
  {
    name: 'rule 4: a namespace has loads of its own, one for each key, whoever asks',
    needs: [...NEEDS, 'getOrSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      const gate = new Deferred<unknown>();
      const keys: unknown[] = [];
      const ask = (from: JudgedCache, name: string): Promise<unknown> =>
        from.getOrSet('key', async ({ key }) => {
          keys.push(key);
          return [name, await gate.promise];
        });
      const asking = [
        ask(cache, 'none'),
        ask(cache.namespace('a'), 'a'),
        ask(cache.namespace('a'), 'never'),
        ask(cache.namespace('a').namespace('a'), 'a in a'),
      ];
      gate.resolve(1);
      const expected = ['none', 'a', 'a', 'a in a'].map((name) => [name, 1]);
      expectSame(await Promise.all(asking), expected, 'the values');
      expectSame(keys, ['key', 'key', 'key'], 'the keys that were loaded');
      expectSame(await cache.namespace('a').get('key'), ['a', 1], 'the stored value');
    },
  },
  {
    name: 'rule 5: clear wins over the loads of the namespace and within it, and no others',
    needs: [...NEEDS, 'getOrSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      const spaces = tree(cache);
      const loads = spaces.map(() => startedLoad());
      const asking = spaces.map((each, index) =>
        each.getOrSet('key', (loads[index] as (typeof loads)[number]).loader),
      );
      await Promise.all(loads.map(({ started }) => started));
      await cache.namespace('a').clear();
      for (const { finish } of loads) finish(7);
      expectSame(await Promise.all(asking), [7, 7, 7, 7, 7], 'what who waited gets');
      expectSame(await sizes(spaces), [1, 0, 0, 0, 1], 'the sizes');
      const options = { negativeTtl: '1h' } as const;
      for (const each of spaces) await each.getOrSet('nothing', () => undefined, options);
      await spaces[1].set('nothing', 1);
      expectEqual(await cache.getOrSet('nothing', () => 2), undefined, 'what is not there');
      expectEqual(await spaces[2].getOrSet('nothing', () => 2), undefined, 'what is not there');
      await spaces[1].clear();
      expectEqual(await spaces[1].getOrSet('nothing', () => 2), 2, 'what was cleared');
      expectEqual(await spaces[2].getOrSet('nothing', () => 2), 2, 'what was cleared');
    },
  },
  {
    name: 'the locks of keys are those of the namespace',
    needs: [...NEEDS, 'lock', 'tryLock', 'withLock'],
    run: async ({ open }) => {
      const { cache } = await open();
      const spaces = tree(cache);
      const leases = await Promise.all(spaces.map((each) => each.lock('key')));
      for (const lease of leases) expectEqual(lease.name, 'key', 'what the lease is for');
      for (const each of spaces) {
        expectEqual(await each.tryLock('key'), undefined, 'the lock that is held');
        const more = await each.tryLock('\uffffn1:1:akey');
        expectTrue(more !== undefined, 'another lock to be free');
        await more?.release();
        expectEqual(await each.withLock('other', () => 5), 5, 'what was done under a lock');
      }
      await leases[1]?.release();
      const again = await cache.namespace('a').tryLock('key');
      expectTrue(again !== undefined, 'the released lock to be free');
      expectEqual(await cache.tryLock('key'), undefined, 'the other one');
    },
  },
  {
    name: 'watch tells of its own namespace, by its own keys, and of every clear that takes it',
    needs: [...NEEDS, 'watch', 'invalidateTags'],
    run: async ({ open }) => {
      const { cache, close } = await open();
      const spaces = tree(cache);
      const watches = spaces.map((each) => each.watch({ prefix: 'k' }));
      for (const [index, each] of spaces.entries()) {
        await each.set('key', index, { tags: ['t'] });
        await each.set('other', index);
      }
      await spaces[2].delete('key');
      await spaces[3].invalidateTags(['t']);
      await spaces[1].clear();
      await cache.clear();
      await close();
      const told = await Promise.all(watches.map(namesOf));
      expectSame(
        told,
        [
          ['set key', 'clear'],
          ['set key', 'clear', 'clear'],
          ['set key', 'delete key', 'clear', 'clear'],
          ['set key', 'invalidate', 'clear', 'clear'],
          ['set key', 'clear'],
        ],
        'the events',
      );
    },
  },
  {
    name: 'watch tells the namespace of what expires in it',
    needs: [...NEEDS, 'watch', 'manual clock'],
    run: async ({ open, advance }) => {
      const limits = { memoryBytesMax: MIB, diskBytesMax: MIB };
      const { cache, close } = await open({ ...limits, cleanupInterval: 10, flushInterval: 1 });
      const inner = cache.namespace('a').namespace('b');
      const watches = [cache, inner].map((each) => each.watch());
      const keys = ['key', 'κλειδί', new Uint8Array([0, 255])];
      for (const key of keys) await inner.set(key, new Uint8Array(10), { ttl: 60 });
      const value = new Uint8Array(1_000);
      const writes = Array.from({ length: 80 }, (_, index) =>
        inner.set(`${index}`, value, { ttl: 60, durability: 'written' }),
      );
      await Promise.all(writes);
      await advance(150);
      await close();
      const [none, own] = await Promise.all(watches.map(namesOf));
      expectSame(none, [], 'the events of the store');
      const expired = new Set((own ?? []).filter((each) => each.startsWith('expire')));
      for (const key of keys) expectTrue(expired.has(`expire ${key}`), `${key} to be told of`);
    },
  },
  {
    name: 'closing a namespace ends that view of it, and leaves the store open',
    needs: [...NEEDS, 'watch', 'flush', 'reopen'],
    run: async ({ open }) => {
      const first = await open();
      const { cache } = first;
      const view = cache.namespace('a');
      const within = view.namespace('b');
      const watches = [view, within, cache.namespace('a')].map((each) => each.watch());
      await view.set('key', 1);
      await view.close();
      await view.close();
      for (const closed of [view, within]) {
        await expectFailure(async () => closed.get('key'), 'CLOSED', 'get');
        await expectFailure(() => closed.set('key', 2), 'CLOSED', 'set');
        await expectFailure(() => closed.clear(), 'CLOSED', 'clear');
        await expectFailure(async () => closed.namespace('c'), 'CLOSED', 'namespace');
      }
      await within.close();
      expectEqual(await cache.namespace('a').get('key'), 1, 'the value, by another view');
      await cache.namespace('a').set('key', 3);
      await cache.set('key', 4);
      await first.close();
      const told = await Promise.all(watches.map(namesOf));
      expectSame(told, [['set key'], [], ['set key', 'set key']], 'what watches were told');
      await expectFailure(async () => cache.namespace('a'), 'CLOSED', 'namespace');
      const late = await open();
      const other = late.cache.namespace('a');
      expectEqual(await other.get('key'), 3, 'the value after opening again');
      await late.close();
      await expectFailure(async () => other.get('key'), 'CLOSED', 'get of a closed store');
      await other.close();
    },
  },
];
