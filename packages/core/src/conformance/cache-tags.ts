/** The part of `cacheConformance` about tags: what they make go, and what that wins over. */
import { Deferred } from '../engine/deferred.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';

const NEEDS = ['invalidateTags', 'getOrSet'] as const;
const LISTED = [...NEEDS, 'size', 'keys', 'entries'] as const;

export const TAG_TESTS: readonly CacheTest[] = [
  {
    name: 'invalidateTags makes every value with one of the tags go, at once, and no other',
    needs: LISTED,
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('ab', 1, { tags: ['a', 'b'] });
      await cache.set('b', 2, { tags: ['b'] });
      await cache.set('c', 3, { tags: new Set(['c']) });
      await cache.set('none', 4);
      expectSame(await cache.getMany(['ab', 'b', 'c', 'none']), [1, 2, 3, 4], 'the values');
      const invalidating = cache.invalidateTags(['a', 'unknown']);
      expectSame(await presentOf(cache), ['b', 'c', 'none'], 'what is left');
      await invalidating;
      await cache.invalidateTags(new Set(['b', 'c']));
      expectSame(await presentOf(cache), ['none'], 'what is left');
      for (const key of ['ab', 'b', 'c']) {
        expectEqual(await cache.has(key), false, `having ${key}`);
        expectEqual(await cache.ttl(key), undefined, `the TTL of ${key}`);
        expectEqual(await cache.delete(key), false, `deleting ${key}`);
      }
      await cache.invalidateTags([]);
      expectSame(await presentOf(cache), ['none'], 'what is left');
    },
  },
  {
    name: 'a value set after the invalidation stays, until the next one',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      for (let turn = 0; turn < 3; turn++) {
        await cache.set('a', turn, { tags: ['t'] });
        expectEqual(await cache.setIfAbsent('a', 9, { tags: ['t'] }), false, 'setting it again');
        expectEqual(await cache.get('a'), turn, 'the value');
        await cache.invalidateTags(['t']);
        expectEqual(await cache.get('a'), undefined, 'the value');
        expectEqual(await cache.setIfAbsent('a', 8, { tags: ['t'] }), true, 'setting it anew');
        expectEqual(await cache.get('a'), 8, 'the new value');
      }
    },
  },
  {
    name: 'touch and increment keep the tags of a value, every other write gives it its own',
    needs: [...LISTED, 'increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      const tags = ['t'];
      for (const key of ['set', 'touched', 'added', 'added with'])
        await cache.set(key, 1, { tags });
      await cache.set('set', 2);
      await cache.touch('touched', { ttl: '1h' });
      expectEqual(await cache.increment('added'), 2, 'the sum');
      expectEqual(await cache.increment('added with', 1, { tags: ['u'] }), 2, 'the sum');
      await cache.invalidateTags(['t']);
      expectSame(await presentOf(cache), ['added with', 'set'], 'what is left');
      await cache.invalidateTags(['u']);
      expectSame(await presentOf(cache), ['set'], 'what is left');
    },
  },
  {
    name: 'rule 5: an invalidation wins over the loads of values with the tag, and no others',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const gate = new Deferred<unknown>();
      const started = new Deferred<void>();
      let loads = 0;
      const load = (): Promise<unknown> => {
        if (++loads === 3) started.resolve();
        return gate.promise;
      };
      const asking = [
        cache.getOrSet('tagged', load, { tags: ['a', 'b'] }),
        cache.getOrSet('other', load, { tags: ['c'] }),
        cache.getOrSet('none', load),
      ];
      await started.promise;
      await cache.invalidateTags(['b']);
      gate.resolve(7);
      expectSame(await Promise.all(asking), [7, 7, 7], 'what who waited gets');
      expectSame(await cache.getMany(['tagged', 'other', 'none']), [undefined, 7, 7], 'it');
      expectEqual(await cache.getOrSet('tagged', () => 8, { tags: ['b'] }), 8, 'the next load');
      await cache.invalidateTags(['b', 'c']);
      expectSame(await cache.getMany(['tagged', 'other', 'none']), [undefined, undefined, 7], 'it');
    },
  },
  {
    name: 'invalidations survive closing and opening, and so do tags',
    needs: [...LISTED, 'reopen'],
    run: async ({ open }) => {
      const first = await open();
      for (let index = 0; index < 300; index++) {
        await first.cache.set(`key ${index}`, 'x'.repeat(300), { tags: [`tag ${index % 3}`] });
      }
      await first.cache.invalidateTags(['tag 0']);
      await first.close();
      const second = await open();
      expectEqual(await second.cache.size, 200, 'the size');
      expectEqual(await second.cache.get('key 0'), undefined, 'an invalidated value');
      await second.cache.set('key 0', 'new', { tags: ['tag 0'] });
      await second.cache.invalidateTags(['tag 1']);
      await second.close();
      const third = await open();
      expectEqual(await third.cache.size, 101, 'the size');
      expectEqual(await third.cache.get('key 0'), 'new', 'the value set afterwards');
      expectEqual(await third.cache.get('key 1'), undefined, 'a value invalidated later');
      expectTrue((await third.cache.get('key 2')) !== undefined, 'the others to be there');
    },
  },
  {
    name: 'what was invalidated is dead to compact and stats, and does not come back after them',
    needs: [...LISTED, 'compact', 'stats', 'reopen'],
    run: async ({ open, advance }) => {
      const first = await open();
      const { cache } = first;
      for (let index = 0; index < 200; index++) {
        await cache.set(`key ${index}`, new Uint8Array(1_000), { tags: [`tag ${index % 2}`] });
      }
      // Into main, before the invalidation.
      for (let index = 200; index < 300; index++) await cache.set('other', new Uint8Array(1_000));
      await Promise.all([cache.compact(), advance(50)]);
      await cache.invalidateTags(['tag 0']);
      const { size, bytesDead } = await cache.stats();
      expectEqual(size, 101, 'the size');
      expectTrue(bytesDead > 100 * 1_000, `${bytesDead} dead bytes to be those of 100 values`);
      await Promise.all([cache.compact(), advance(50)]);
      expectTrue((await cache.stats()).bytesDead < 50_000, 'the dead bytes to be freed');
      await first.close();
      const second = await open();
      expectEqual(await second.cache.size, 101, 'the size after opening again');
      expectEqual(await second.cache.get('key 0'), undefined, 'an invalidated value');
    },
  },
  {
    name: 'watch tells of an invalidation once, with its tags',
    needs: [...NEEDS, 'watch'],
    run: async ({ open }) => {
      const { cache, close } = await open();
      const events = cache.watch({ prefix: 'a' });
      await cache.set('a', 1, { tags: ['t'] });
      await cache.invalidateTags(['t', 'u']);
      await close();
      const told: unknown[] = [];
      for await (const event of events) told.push('tags' in event ? event.tags : event.type);
      expectSame(told, ['set', ['t', 'u']], 'the events');
    },
  },
  {
    name: 'rule 10: tags that are none, too long or too many are refused, and nothing is stored',
    needs: [...NEEDS, 'increment'],
    run: async ({ open }) => {
      const { cache } = await open();
      const many = Array.from({ length: 17 }, (_, index) => `tag ${index}`);
      const bad: unknown[] = [
        't',
        5,
        null,
        [''],
        [5],
        [undefined],
        ['x'.repeat(257)],
        ['é'.repeat(129)],
      ];
      for (const tags of [...bad, many] as never[]) {
        const what = `with tags ${String(tags).slice(0, 20)}`;
        const calls: Record<string, () => Promise<unknown>> = {
          set: () => cache.set('a', 1, { tags }),
          setIfAbsent: () => cache.setIfAbsent('a', 1, { tags }),
          getOrSet: () => cache.getOrSet('a', () => 1, { tags }),
          increment: () => cache.increment('a', 1, { tags }),
        };
        if ((tags as unknown) !== many) calls.invalidate = () => cache.invalidateTags(tags);
        for (const [name, call] of Object.entries(calls)) {
          await expectFailure(call, 'INVALID_ARGUMENT', `${name} ${what}`);
        }
      }
      expectEqual(await cache.has('a'), false, 'having a value');
      await cache.set('a', 1, { tags: [...many.slice(2), 'tag 2', 'x'.repeat(256)] });
      await cache.invalidateTags(['x'.repeat(256), ...many]);
      expectEqual(await cache.has('a'), false, 'having a value once it was invalidated');
    },
  },
];

/** The keys there are, by every way to see them. */
async function presentOf(cache: JudgedCache): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of cache.keys()) keys.push(String(key));
  const entries: string[] = [];
  for await (const [key] of cache.entries()) entries.push(String(key));
  expectSame(entries.toSorted(), keys.toSorted(), 'the keys of the entries');
  expectEqual(await cache.size, keys.length, 'the size');
  return keys.toSorted();
}
