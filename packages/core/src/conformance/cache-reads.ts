/**
 * The part of `cacheConformance` about looking: get, getAsync, getEntry, has, many, keys, size,
 * stats.
 */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectSameTexts, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

export const READ_TESTS: readonly CacheTest[] = [
  {
    name: 'get gives undefined for a key without a value, and the value of one that has',
    run: async ({ open }) => {
      const { cache } = await open();
      expectEqual(await cache.get('a'), undefined, 'a value never set');
      await cache.set('a', 'one');
      expectEqual(await cache.get('a'), 'one', 'the value');
      expectEqual(await cache.get('b'), undefined, "another key's value");
    },
  },
  {
    name: 'getAsync gives what get gives, and rejects with the reason of its signal',
    needs: ['getAsync'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', { n: 1 });
      expectSame(await cache.getAsync('a'), { n: 1 }, 'the value');
      expectEqual(await cache.getAsync('b'), undefined, 'a value never set');
      const reason = new Error('given up');
      const failed = await cache.getAsync('a', { signal: AbortSignal.abort(reason) }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expectEqual(failed, reason, 'what an aborted getAsync rejects with');
    },
  },
  {
    name: 'getEntry tells value, version and times',
    run: async ({ open, clock }) => {
      const { cache } = await open();
      expectEqual(await cache.getEntry('a'), undefined, 'the entry of a value never set');
      const beforeMs = Math.floor(clock.wallMs());
      await cache.set('a', [1, 2], { ttl: '1h' });
      await cache.set('b', 'for ever');
      const afterMs = clock.wallMs();
      const a = await cache.getEntry('a');
      const b = await cache.getEntry('b');
      expectTrue(a !== undefined && b !== undefined, 'two entries');
      expectSame(a.value, [1, 2], 'the value');
      expectTrue(a.createdAt >= beforeMs && a.createdAt <= afterMs, 'createdAt to be now');
      expectEqual(a.expiresAt, a.createdAt + 3_600_000, 'expiresAt');
      expectEqual(b.expiresAt, Number.POSITIVE_INFINITY, 'expiresAt without a TTL');
      expectTrue(typeof a.version === 'bigint' && a.version > 0n, 'a version above 0n');
      expectTrue(b.version > a.version, 'the later write to have the higher version');
      expectTrue(a.bytes > 0, 'a size');
    },
  },
  {
    name: 'has tells whether get would find a value, null and empty ones included',
    run: async ({ open }) => {
      const { cache } = await open();
      const values = { null: null, false: false, zero: 0, text: '', bytes: new Uint8Array(0) };
      for (const [key, value] of Object.entries(values)) {
        expectEqual(await cache.has(key), false, `has before ${key} was set`);
        await cache.set(key, value);
        expectEqual(await cache.has(key), true, `has after ${key} was set`);
        expectSame(await cache.get(key), value, key);
      }
      await cache.delete('null');
      expectEqual(await cache.has('null'), false, 'has after the value was deleted');
    },
  },
  {
    name: 'getMany gives the values in the order of the keys, also of a key asked twice',
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.setMany([
        ['a', 1],
        ['b', 'two'],
      ]);
      const keys = new Set(['b', 'none', 'a']);
      expectSame(await cache.getMany(keys.values()), ['two', undefined, 1], 'the values');
      expectSame(await cache.getMany(['a', 'a', 'b']), [1, 1, 'two'], 'values asked twice');
      expectSame(await cache.getMany([]), [], 'the values of no key');
    },
  },
  {
    name: 'size counts each key once, and follows overwriting, deleting and clearing',
    needs: ['size', 'clear'],
    run: async ({ open }) => {
      const { cache } = await open();
      expectEqual(await cache.size, 0, 'the size at first');
      for (let index = 0; index < 50; index++) await cache.set(`key ${index % 25}`, index);
      expectEqual(await cache.size, 25, 'the size after overwriting');
      await cache.delete('key 3');
      await cache.delete('never set');
      expectEqual(await cache.size, 24, 'the size after deleting');
      await cache.clear();
      expectEqual(await cache.size, 0, 'the size after clearing');
    },
  },
  {
    name: 'size leaves out what has expired',
    needs: ['size'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      await cache.set('stays', 1);
      for (let index = 0; index < 10; index++) await cache.set(`goes ${index}`, index, { ttl: 1 });
      await advance(70);
      expectEqual(await cache.size, 1, 'the size');
    },
  },
  {
    name: 'keys gives every live key once, filtered by prefix; entries their values as well',
    needs: ['keys', 'entries'],
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const kept: string[] = [];
      for (let index = 0; index < 300; index++) {
        const key = `${index % 3 === 0 ? 'user:' : 'item:'}${index}`;
        await cache.set(key, index);
        await cache.set(key, -index);
        if (index % 5 === 0) await cache.delete(key);
        else kept.push(key);
      }
      await cache.set('user:gone', 1, { ttl: 1 });
      await advance(2);
      expectSameTexts(await textsOf(cache.keys()), kept, 'all keys');
      const users = kept.filter((key) => key.startsWith('user:'));
      expectSameTexts(await textsOf(cache.keys({ prefix: 'user:' })), users, "the users' keys");
      expectSameTexts(await textsOf(cache.keys({ prefix: 'none' })), [], 'keys of no prefix');
      const entries: string[] = [];
      for await (const [key, value] of cache.entries({ prefix: 'user:' })) {
        entries.push(`${String(key)}=${String(value)}`);
      }
      const expected = users.map((key) => `${key}=${-Number(key.slice(5))}`);
      expectSameTexts(entries, expected, "the users' entries");
    },
  },
  {
    name: 'keys sees each key that stays exactly once while others come and go',
    needs: ['keys'],
    run: async ({ open }) => {
      const { cache } = await open();
      const staying = Array.from({ length: 200 }, (_, index) => `stays ${index}`);
      for (const key of staying) await cache.set(key, 0);
      for (let index = 0; index < 200; index++) await cache.set(`goes ${index}`, 0);
      const seen: string[] = [];
      let turn = 0;
      for await (const key of cache.keys()) {
        seen.push(String(key));
        await cache.delete(`goes ${turn}`);
        await cache.set(`comes ${turn}`, 0);
        await cache.set(staying[turn % 200] as string, turn);
        turn++;
      }
      const seenStaying = seen.filter((key) => key.startsWith('stays'));
      expectSameTexts(seenStaying, staying, 'the keys that stay');
      expectEqual(new Set(seen).size, seen.length, 'how many different keys were seen');
    },
  },
  {
    name: 'keys and entries refuse a prefix that is not text',
    needs: ['keys', 'entries'],
    run: async ({ open }) => {
      const { cache } = await open();
      const options = { prefix: 5 as never };
      await expectFailure(() => textsOf(cache.keys(options)), 'INVALID_ARGUMENT', 'keys');
      await expectFailure(() => textsOf(cache.entries(options)), 'INVALID_ARGUMENT', 'entries');
    },
  },
  {
    name: 'stats counts hits, misses, sets, deletes and loads',
    needs: ['stats', 'getOrSet'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('a', 1);
      await cache.set('b', 2);
      await cache.get('a');
      await cache.get('a');
      await cache.get('none');
      await cache.delete('b');
      await Promise.all([1, 2].map(() => cache.getOrSet('c', () => 3)));
      await cache.getOrSet('c', () => 4);
      const { hits, misses, sets, deletes, loads, size, evictions, damagedRecords } =
        await cache.stats();
      expectSame(
        { hits, misses, sets, deletes, loads },
        { hits: 3, misses: 3, sets: 3, deletes: 1, loads: 1 },
        'it',
      );
      expectSame(
        { size, evictions, damagedRecords },
        { size: 2, evictions: 0, damagedRecords: 0 },
        'it',
      );
    },
  },
  {
    name: 'memoryUsage is the sum of its parts, and sees what is stored',
    needs: ['memoryUsage'],
    run: async ({ open }) => {
      const { cache } = await open();
      await cache.set('large', new Uint8Array(1024 * 1024));
      const { index, records, buffers, total } = await cache.memoryUsage();
      expectEqual(total, index + records + buffers, 'the total');
      expectTrue(index > 0 && buffers > 0, 'an index and buffers to take some bytes');
      expectTrue(records >= 1024 * 1024, 'a value of 1 MiB to take 1 MiB');
    },
  },
  {
    name: 'rule 7: what does not fit any more is evicted and counted, never lost in silence',
    needs: ['stats', 'size'],
    run: async ({ open }) => {
      const limit = 1024 * 1024;
      const { cache } = await open({ memoryBytesMax: limit, diskBytesMax: limit });
      const count = 600;
      for (let index = 0; index < count; index++) {
        await cache.set(`key ${index}`, new Uint8Array(5_000).fill(index));
      }
      const { evictions } = await cache.stats();
      expectTrue(evictions > 0, 'three times the limit to need evictions');
      expectEqual((await cache.size) + evictions, count, 'live and evicted records together');
      let present = 0;
      for (let index = 0; index < count; index++) {
        const value = (await cache.get(`key ${index}`)) as Uint8Array | undefined;
        if (value === undefined) continue;
        present++;
        expectEqual(value[4_999], index & 0xff, `the last byte of value ${index}`);
      }
      expectEqual(present, await cache.size, 'the values that can be read');
      expectTrue(present > 20, 'a good part of what fits to be there');
      expectSame(
        await cache.get(`key ${count - 1}`),
        new Uint8Array(5_000).fill(count - 1),
        'the last',
      );
    },
  },
];

async function textsOf(items: Iterable<unknown> | AsyncIterable<unknown>): Promise<string[]> {
  const texts: string[] = [];
  for await (const item of items) texts.push(String(item));
  return texts;
}
