/** The part of `cacheConformance` about namespaces: what is theirs, and what clearing one takes. */
import { Deferred } from '../engine/deferred.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';
import { startedLoad } from './started-load.ts';

const MIB = 1024 * 1024;
const NEEDS = ['namespace', 'size', 'keys', 'entries', 'clear'] as const;

export const NAMESPACE_TESTS: readonly CacheTest[] = [
  {
    name: 'a namespace has keys of its own, by every way to see them',
    needs: [...NEEDS, 'take'],
    run: async ({ open }) => {
      const { cache } = await open();
      const users = cache.namespace('users');
      const inner = users.namespace('inner');
      const all = [cache, users, inner, cache.namespace('inner'), cache.namespace('user')];
      for (const [index, each] of all.entries()) {
        await each.set('key', index);
        await each.set(new Uint8Array([0xff, index]), 'bytes');
        await each.set(`only ${index}`, index);
      }
      for (const [index, each] of all.entries()) {
        expectEqual(await each.get('key'), index, 'the value');
        expectEqual(await each.has(`only ${(index + 1) % 5}`), false, "having another one's key");
        expectEqual(await each.size, 3, 'the size');
        const names = (await keysOf(each)).toSorted();
        expectSame(names, [`255,${index}`, 'key', `only ${index}`], 'the keys');
        expectSame(await keysOf(each, 'only'), [`only ${index}`], 'the keys with a prefix');
      }
      expectEqual(await users.take('key'), 1, 'the value taken');
      expectEqual(await users.has('key'), false, 'having what was taken');
      expectEqual(await users.delete('only 2'), false, "deleting another one's key");
      expectEqual(await users.size, 2, 'the size');
      expectEqual(await cache.namespace('users').get('only 1'), 1, 'the value, seen again');
      expectSame(await inner.getMany(['key', 'only 1']), [2, undefined], 'the values');
    },
  },
  {
    name: 'names that look alike are different namespaces',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const spaces = [
        cache.namespace('a').namespace('b'),
        cache.namespace('ab'),
        cache.namespace('b').namespace('a'),
        cache.namespace('a'),
        cache.namespace('a:b'),
        cache.namespace('a\u0000b'),
        cache.namespace('é'),
        cache.namespace('e\u0301'),
        cache.namespace('\ufeffa'),
        cache,
      ];
      const look = ['key', 'bkey', '\u0001\u0000akey', '\u0002\u0000a\u0000bkey', 'a\uffffkey'];
      for (const [index, each] of spaces.entries()) {
        for (const key of look) await each.set(key, `${index} ${key}`);
      }
      for (const [index, each] of spaces.entries()) {
        for (const key of look) expectEqual(await each.get(key), `${index} ${key}`, 'the value');
        expectEqual(await each.size, look.length, 'the size');
      }
    },
  },
  {
    name: 'clear takes what is in the namespace and within it, at once, and nothing else',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const spaces = tree(cache);
      for (const each of spaces) await each.set('key', 1);
      const clearing = spaces[1].clear();
      expectSame(await sizes(spaces), [1, 0, 0, 0, 1], 'the sizes');
      expectEqual(await spaces[2].get('key'), undefined, 'a value within');
      expectEqual(await spaces[1].setIfAbsent('key', 2), true, 'setting it anew');
      await clearing;
      await spaces[2].set('key', 3);
      expectSame(await sizes(spaces), [1, 1, 1, 0, 1], 'the sizes');
      await spaces[2].clear();
      expectSame(await sizes(spaces), [1, 1, 0, 0, 1], 'the sizes');
      expectEqual(await spaces[1].get('key'), 2, 'the value set afterwards');
      await cache.clear();
      expectSame(await sizes(spaces), [0, 0, 0, 0, 0], 'the sizes');
      await spaces[3].set('key', 4);
      expectSame(await sizes(spaces), [0, 0, 0, 1, 0], 'the sizes');
    },
  },
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
    name: 'what was cleared is dead to compact and stats, and does not come back after them',
    needs: [...NEEDS, 'compact', 'stats', 'reopen'],
    run: async ({ open, advance }) => {
      const first = await open();
      const spaces = tree(first.cache);
      const fill = async (): Promise<void> => {
        for (let turn = 0; turn < 60; turn++) {
          for (const each of spaces) await each.set(`key ${turn}`, new Uint8Array(1_000));
        }
      };
      await fill();
      await fill();
      await Promise.all([first.cache.compact(), advance(50)]);
      expectSame(await sizes(spaces), [60, 60, 60, 60, 60], 'the sizes after compacting');
      await spaces[1].clear();
      const { size, bytesDead } = await first.cache.stats();
      expectEqual(size, 120, 'the size of all');
      expectTrue(bytesDead > 180 * 1_000, `${bytesDead} dead bytes to be those of 180 values`);
      await Promise.all([first.cache.compact(), advance(50)]);
      expectTrue((await first.cache.stats()).bytesDead < 60_000, 'the dead bytes to be freed');
      expectSame(await sizes(spaces), [60, 0, 0, 0, 60], 'the sizes');
      await first.close();
      const second = await open();
      expectSame(await sizes(tree(second.cache)), [60, 0, 0, 0, 60], 'the sizes, opened again');
    },
  },
  {
    name: 'size counts what is expired, replaced and deleted in each namespace',
    needs: [...NEEDS, 'manual clock'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const spaces = tree(cache);
      for (const each of spaces) {
        for (let turn = 0; turn < 20; turn++) {
          await each.set(`key ${turn}`, turn, turn % 2 === 0 ? { ttl: 500 } : {});
        }
        await each.set('key 0', 'replaced');
        await each.delete('key 1');
        await each.touch('key 2', { ttl: 5_000 });
      }
      expectSame(await sizes(spaces), [19, 19, 19, 19, 19], 'the sizes');
      await advance(600);
      expectSame(await sizes(spaces), [11, 11, 11, 11, 11], 'the sizes, some expired');
      await advance(5_000);
      expectSame(await sizes(spaces), [10, 10, 10, 10, 10], 'the sizes, another one expired');
      for (const each of spaces) expectEqual((await keysOf(each)).length, 10, 'the keys');
    },
  },
  {
    name: 'tags are those of the namespace',
    needs: [...NEEDS, 'invalidateTags', 'increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      const spaces = tree(cache);
      const fill = async (): Promise<void> => {
        for (const each of spaces) {
          await each.set('tagged', 1, { tags: ['t'] });
          await each.increment('tagged');
          await each.set('plain', 1);
        }
      };
      for (const [index, each] of spaces.entries()) {
        await fill();
        await each.invalidateTags(['t']);
        const expected = spaces.map((_, at) => (at === index ? 1 : 2));
        expectSame(await sizes(spaces), expected, `the sizes after ${index}`);
      }
      const many = Array.from({ length: 16 }, (_, index) => `tag ${index}`);
      for (const each of spaces) await each.set('many', 1, { tags: many });
      const call = () => cache.namespace('a').set('more', 1, { tags: [...many, 'one more'] });
      await expectFailure(call, 'INVALID_ARGUMENT', 'a seventeenth tag');
      // Not the tag of a namespace, whatever it looks like.
      await fill();
      await cache.invalidateTags(['a', '\u0001\u0000a', '\ufffd\u0001\u0000a']);
      expectSame(await sizes(spaces), [3, 3, 3, 3, 3], 'the sizes');
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
  {
    name: 'rule 8: keys of 64 KiB in the deepest namespace of the longest names',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const names = Array.from({ length: 8 }, (_, index) => `${index}${'é'.repeat(127)}!`);
      let deepest = cache;
      for (const name of names) deepest = deepest.namespace(name);
      const tags = Array.from({ length: 16 }, (_, index) => `tag ${index}`);
      const longest: readonly (string | Uint8Array)[] = [
        'k'.repeat(65_536),
        '🦀'.repeat(16_384),
        new Uint8Array(65_536).fill(0xff),
        '',
      ];
      for (const [index, key] of longest.entries()) {
        await deepest.set(key, index, { tags });
        expectEqual(await deepest.get(key), index, 'the value');
        expectEqual(await cache.has(key), false, 'having it in no namespace');
      }
      expectSame(
        (await keysOf(deepest)).map(({ length }) => length).toSorted(),
        [...longest].map((key) => String(key).length).toSorted(),
        'the lengths of the keys',
      );
      const tooLong = () => deepest.set('k'.repeat(65_537), 1);
      await expectFailure(tooLong, 'TOO_LARGE', 'a longer key');
      const deeper = async () => deepest.namespace('one more');
      await expectFailure(deeper, 'INVALID_ARGUMENT', 'a deeper namespace');
      await cache.namespace(names[0] as string).clear();
      expectEqual(await deepest.size, 0, 'the size');
    },
  },
  {
    name: 'rule 10: what is no name of a namespace is refused',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const bad = ['', 'x'.repeat(257), 'é'.repeat(129), '\ud800', 'a\udc00', 5, null, undefined];
      for (const name of [...bad, {}, ['a'], new Uint8Array([97])] as never[]) {
        const call = async () => cache.namespace(name);
        await expectFailure(call, 'INVALID_ARGUMENT', `namespace ${String(name).slice(0, 10)}`);
      }
      await cache.namespace('x'.repeat(256)).set('key', 1);
      expectEqual(await cache.namespace('x'.repeat(256)).size, 1, 'the size');
    },
  },
];

type Spaces = [JudgedCache, JudgedCache, JudgedCache, JudgedCache, JudgedCache];

/** The store, a namespace, one in it, one in that, and another one. */
function tree(cache: JudgedCache): Spaces {
  const outer = cache.namespace('a');
  const inner = outer.namespace('b');
  return [cache, outer, inner, inner.namespace('c'), cache.namespace('other')];
}

function sizes(spaces: Spaces): Promise<number[]> {
  return Promise.all(spaces.map((each) => each.size));
}

async function keysOf(cache: JudgedCache, prefix?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of cache.keys({ prefix })) keys.push(String(key));
  const entries: string[] = [];
  for await (const [key] of cache.entries({ prefix })) entries.push(String(key));
  expectSame(entries, keys, 'the keys of the entries');
  return keys;
}

async function namesOf(events: ReturnType<JudgedCache['watch']>): Promise<string[]> {
  const names: string[] = [];
  for await (const event of events) {
    names.push('key' in event ? `${event.type} ${String(event.key)}` : event.type);
  }
  return names;
}
