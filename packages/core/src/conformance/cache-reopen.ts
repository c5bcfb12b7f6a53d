/** The part of `cacheConformance` about what is there again after close and open. */

import type { CacheTest } from './cache.ts';
import { DateValue } from './date-value.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { JudgedEntry } from './judged-cache.ts';

const NEEDS = ['reopen'] as const;

export const REOPEN_TESTS: readonly CacheTest[] = [
  {
    name: 'reopening keeps values of every kind under keys of every kind',
    needs: NEEDS,
    run: async ({ open }) => {
      const first = await open();
      for (const [key, value] of RECORDS) await first.cache.set(key, value);
      await first.close();
      const second = await open();
      for (const [index, [key, value]] of RECORDS.entries()) {
        expectSame(await second.cache.get(key), value, `value ${index}`);
      }
    },
  },
  {
    name: 'rule 1: reopening neither extends a deadline nor changes version and times',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const first = await open();
      await first.cache.set('hour', 1, { ttl: '1h' });
      await first.cache.set('centuries', 2, { ttl: 200 * 365 * 86_400_000 });
      await first.cache.set('never', 3);
      await first.cache.set('touched', 4);
      await first.cache.touch('touched', { ttl: '25d' });
      const keys = ['hour', 'centuries', 'never', 'touched'];
      const before = await stampsOf(keys, first.cache);
      await first.close();
      for (let turn = 0; turn < 3; turn++) {
        await advance(5);
        const { cache, close } = await open({ defaultTtl: '10m' });
        expectSame(await stampsOf(keys, cache), before, 'the entries');
        await close();
      }
    },
  },
  {
    name: 'rule 1: what expired before, while closed, or after reopening stays gone',
    needs: NEEDS,
    run: async ({ open, advance, clock }) => {
      const first = await open();
      await first.cache.set('before', 'old');
      await first.cache.set('before', 1, { ttl: 1 });
      await advance(2);
      await first.cache.set('while closed', 'old');
      await first.cache.set('while closed', 1, { ttl: 2 });
      const expiresAt = Math.floor(clock.wallMs()) + 60;
      await first.cache.set('after', 'old');
      await first.cache.set('after', 1, { expiresAt });
      await first.close();
      await advance(3);
      const second = await open();
      expectEqual(await second.cache.get('before'), undefined, 'one expired before closing');
      expectEqual(await second.cache.get('while closed'), undefined, 'one expired while closed');
      const atMs = clock.wallMs();
      const after = await second.cache.get('after');
      if (clock.wallMs() < expiresAt) expectEqual(after, 1, 'one that has not expired');
      if (atMs >= expiresAt) expectEqual(after, undefined, 'one that has expired');
      await advance(Math.max(0, expiresAt - clock.wallMs()));
      expectEqual(await second.cache.get('after'), undefined, 'one expired after reopening');
      await second.close();
      const third = await open();
      const gone = await third.cache.getMany(['before', 'while closed', 'after']);
      expectSame(gone, [undefined, undefined, undefined], 'all of them, once more');
    },
  },
  {
    name: 'what was deleted, overwritten or taken does not come back',
    needs: ['reopen', 'take'],
    run: async ({ open }) => {
      for (let turn = 0; turn < 3; turn++) {
        const { cache, close } = await open();
        for (const key of ['deleted', 'taken', 'overwritten', 'deleted and set']) {
          expectEqual(await cache.get(key), turn === 0 ? undefined : LEFT[key], key);
          await cache.set(key, `old ${turn}`);
        }
        await cache.delete('deleted');
        await cache.take('taken');
        await cache.set('overwritten', 'new');
        await cache.delete('deleted and set');
        await cache.set('deleted and set', 'again');
        await close();
      }
    },
  },
  {
    name: 'what was cleared does not come back, what was set afterwards does',
    needs: ['reopen', 'clear', 'size'],
    run: async ({ open }) => {
      const first = await open();
      for (let index = 0; index < 200; index++) await first.cache.set(`key ${index}`, index);
      await first.close();
      const second = await open();
      expectEqual(await second.cache.size, 200, 'the size after reopening');
      await second.cache.set('key 1', 'new');
      await second.cache.clear();
      await second.cache.set('key 2', 'after');
      await second.close();
      const third = await open();
      expectEqual(await third.cache.size, 1, 'the size after clearing and reopening');
      expectEqual(await third.cache.get('key 2'), 'after', 'the value set after clearing');
      expectEqual(await third.cache.get('key 1'), undefined, 'a value set before clearing');
    },
  },
  {
    name: 'versions rise over restarts, above those of values that are gone',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      let last = 0n;
      for (let turn = 0; turn < 4; turn++) {
        const { cache, close } = await open();
        await cache.set('a', turn);
        const version = (await cache.getEntry('a'))?.version ?? 0n;
        expectTrue(version > last, `version ${version} to be above ${last} of the last opening`);
        await cache.set('gone', turn, { ttl: 1 });
        const gone = await cache.getEntry('gone');
        last = gone?.version ?? version;
        await advance(2);
        await cache.delete('a');
        await close();
      }
    },
  },
  {
    name: 'unawaited writes are there after a close',
    needs: NEEDS,
    run: async ({ open }) => {
      const first = await open();
      const setting = Array.from({ length: 300 }, (_, index) =>
        first.cache.set(`key ${index}`, { index, text: 'x'.repeat(index) }),
      );
      await first.close();
      await Promise.all(setting);
      const second = await open();
      for (let index = 0; index < 300; index++) {
        const expected = { index, text: 'x'.repeat(index) };
        expectSame(await second.cache.get(`key ${index}`), expected, `value ${index}`);
      }
    },
  },
  {
    name: 'an empty store, and one of which everything is gone, open again',
    needs: NEEDS,
    run: async ({ open }) => {
      for (let turn = 0; turn < 3; turn++) {
        const { cache, close } = await open();
        expectEqual(await cache.get('a'), undefined, 'a value never set');
        await close();
      }
      const { cache, close } = await open();
      await cache.set('a', 1);
      await cache.delete('a');
      await close();
      const last = await open();
      expectEqual(await last.cache.get('a'), undefined, 'the deleted value');
    },
  },
  {
    name: 'values larger than the memory are read back, before and after reopening',
    needs: NEEDS,
    run: async ({ open }) => {
      const options = { memoryBytesMax: 2 * 1024 * 1024, diskBytesMax: 64 * 1024 * 1024 };
      const bytesOf = (index: number) => new Uint8Array(100_000 + index).fill(index);
      const first = await open(options);
      for (let index = 0; index < 60; index++) {
        await first.cache.set(`key ${index}`, bytesOf(index), { durability: 'written' });
      }
      const check = async (cache: typeof first.cache): Promise<void> => {
        for (let index = 59; index >= 0; index--) {
          expectSame(await cache.get(`key ${index}`), bytesOf(index), `value ${index}`);
        }
      };
      await check(first.cache);
      await first.close();
      const second = await open(options);
      await check(second.cache);
    },
  },
];

const LEFT: Readonly<Record<string, unknown>> = {
  overwritten: 'new',
  'deleted and set': 'again',
};

const RECORDS: readonly (readonly [string | Uint8Array, unknown])[] = [
  ['', 'the empty key'],
  ['a', ''],
  ['grüße 🦀', 'ünïcode'],
  ['\ud800', '\udc00'],
  ['__proto__', { __proto: 1 }],
  [new Uint8Array([0xff, 0xfe]), new Uint8Array([0, 255])],
  ['k'.repeat(65_536), 'the longest key'],
  ['null', null],
  ['number', -1.5],
  ['bigint', 2n ** 60n],
  ['object', { list: [1, new DateValue(5), new Set(['a'])], bytes: new Uint8Array(3) }],
  ['large', new Uint8Array(1024 * 1024).fill(7)],
  ['text', 'x'.repeat(100_000)],
];

async function stampsOf(
  keys: readonly string[],
  cache: { getEntry(key: string): unknown },
): Promise<unknown> {
  const stamps: unknown[] = [];
  for (const key of keys) {
    const entry = (await cache.getEntry(key)) as JudgedEntry | undefined;
    stamps.push([key, entry?.value, entry?.version, entry?.createdAt, entry?.expiresAt]);
  }
  return stamps;
}
