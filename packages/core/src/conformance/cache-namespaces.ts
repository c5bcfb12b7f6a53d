/** The part of `cacheConformance` about namespaces: their values, and what clearing one takes. */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import { keysOf, sizes, tree } from './namespace-tree.ts';

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
