/** The part of `cacheConformance` about stores that are encrypted. */

import type { CacheBench, CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import { contents, replace, restore } from './store-files.ts';

const NEEDS = ['reopen'] as const;
const OLD = { id: 'the old key', key: new Uint8Array(32).fill(1) };
const NEW = { id: 'the new key', key: new Uint8Array(32).fill(2) };
const IMPOSTOR = { id: OLD.id, key: new Uint8Array(32).fill(3) };

const COUNT = 30;

export const ENCRYPTION_TESTS: readonly CacheTest[] = [
  {
    name: 'an encrypted store gives back everything, and its files show no key and no value',
    needs: NEEDS,
    run: async (bench) => {
      for (const durability of ['buffered', 'synced'] as const) {
        const { cache, close } = await bench.open({ encryption: { keys: [OLD] } });
        await fill(cache, durability);
        expectSame(await readAll(cache), expected(), 'the values before a restart');
        await close();
        const again = await bench.open({ encryption: { keys: [OLD] } });
        expectSame(await readAll(again.cache), expected(), 'the values after a restart');
        await again.close();
      }
      expectEqual(await shownIn(bench, 'secret'), '', 'files that show a secret');
      expectTrue((await shownIn(bench, OLD.id)).includes('.seg'), 'the id of the key to be shown');
    },
  },
  {
    name: 'a plain store does show them: the test before would notice',
    needs: NEEDS,
    run: async (bench) => {
      const { cache, close } = await bench.open({ encryption: undefined });
      await fill(cache, 'buffered');
      await close();
      expectTrue((await shownIn(bench, 'secret')).includes('.seg'), 'a file to show a secret');
    },
  },
  {
    name: 'an encrypted store is refused without its key, which is named, and stays as it is',
    needs: NEEDS,
    run: async (bench) => {
      const first = await bench.open({ encryption: { keys: [OLD] } });
      await fill(first.cache, 'buffered');
      await first.close();
      const before = await contents(bench.fileSystem, bench.directory);
      const wrong = {
        none: undefined,
        another: [NEW],
        impostor: [IMPOSTOR],
        both: [NEW, IMPOSTOR],
      };
      for (const [name, keys] of Object.entries(wrong)) {
        const opening = () => bench.open({ encryption: keys && { keys } });
        const error = await expectFailure(opening, 'INVALID_ARGUMENT', `opening with ${name}`);
        expectEqual(error.details.keyId, OLD.id, 'the key that is missing');
        expectSame(await contents(bench.fileSystem, bench.directory), before, 'the files');
      }
      const { cache } = await bench.open({ encryption: { keys: [NEW, OLD] } });
      expectSame(await readAll(cache), expected(), 'the values, opened with the right key');
    },
  },
  {
    name: 'after a rotation the new key is needed, and the old one until its files are gone',
    needs: NEEDS,
    run: async (bench) => {
      const first = await bench.open({ encryption: { keys: [OLD] } });
      await fill(first.cache, 'buffered');
      await first.close();
      const second = await bench.open({ encryption: { keys: [NEW, OLD] } });
      expectSame(await readAll(second.cache), expected(), 'the values of the old key');
      await second.cache.set('later', 'secret of the new key');
      await second.close();
      const wrong = () => bench.open({ encryption: { keys: [OLD] } });
      const error = await expectFailure(wrong, 'INVALID_ARGUMENT', 'opening with the old key');
      expectEqual(error.details.keyId, NEW.id, 'the key that is missing');
      if ((await shownIn(bench, OLD.id)) !== '') {
        // The cleaner has not been everywhere yet.
        const early = () => bench.open({ encryption: { keys: [NEW] } });
        const { details } = await expectFailure(early, 'INVALID_ARGUMENT', 'dropping the old key');
        expectEqual(details.keyId, OLD.id, 'the key that is missing');
      }
      const { cache } = await bench.open({ encryption: { keys: [NEW, OLD] } });
      expectSame(await readAll(cache), expected(), 'the values of the old key');
      expectEqual(await cache.get('later'), 'secret of the new key', 'that of the new one');
    },
  },
  {
    name: 'a plain store may be encrypted from now on, and not the other way round',
    needs: NEEDS,
    run: async (bench) => {
      const first = await bench.open({ encryption: undefined });
      await first.cache.set('plain', 1);
      await first.close();
      const second = await bench.open({ encryption: { keys: [OLD] } });
      expectEqual(await second.cache.get('plain'), 1, 'the value set before');
      await second.cache.set('hidden', 'a secret');
      await second.close();
      expectEqual(await shownIn(bench, 'secret'), '', 'files that show a secret');
      const opening = () => bench.open({ encryption: undefined });
      await expectFailure(opening, 'INVALID_ARGUMENT', 'opening without a key');
      const { cache } = await bench.open({ encryption: { keys: [OLD] } });
      expectSame([await cache.get('plain'), await cache.get('hidden')], [1, 'a secret'], 'both');
    },
  },
  {
    name: 'rule 6: one damaged record of an encrypted store costs that record',
    needs: NEEDS,
    run: async (bench) => {
      const { fileSystem, directory } = bench;
      const encryption = { keys: [OLD] };
      const first = await bench.open({ encryption });
      await fill(first.cache, 'buffered');
      await first.close();
      const whole = await contents(fileSystem, directory);
      const [name, content] = [...whole].reduce((longest, each) =>
        each[1].length > longest[1].length ? each : longest,
      );
      const losses = new Set<number>();
      for (let at = 400; at < content.length; at += Math.ceil(content.length / 12)) {
        await restore(fileSystem, directory, whole);
        const damaged = content.slice();
        damaged[at] = (damaged[at] as number) ^ 0x20;
        await replace(fileSystem, `${directory}/${name}`, damaged);
        const { cache, close } = await bench.open({ encryption });
        const all = expected();
        const values = await readAll(cache);
        const lost = Object.keys(all).filter((key) => values[key] === undefined);
        const kept = Object.keys(all).filter((key) => values[key] !== undefined);
        for (const key of kept) expectSame(values[key], all[key], `${key}, damage at ${at}`);
        expectTrue(lost.length <= 1, `damage at ${at} to cost one value, not ${lost.join()}`);
        expectTrue(bench.takeErrors().length > 0, `onError to hear of the damage at ${at}`);
        losses.add(lost.length);
        await close();
        bench.takeErrors();
      }
      expectTrue(losses.has(1), 'some damage to cost a value');
    },
  },
];

type Judged = Awaited<ReturnType<CacheBench['open']>>['cache'];

async function fill(cache: Judged, durability: 'buffered' | 'synced'): Promise<void> {
  for (const [key, value] of Object.entries(expected())) {
    await cache.set(key, value, { durability });
  }
  await cache.set('secret of the deleted', 'secret', { durability });
  await cache.delete('secret of the deleted');
}

async function readAll(cache: Judged): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(expected())) values[key] = await cache.get(key);
  expectEqual(await cache.get('secret of the deleted'), undefined, 'a deleted value');
  return values;
}

function expected(): Record<string, unknown> {
  const entries = Array.from({ length: COUNT }, (_, index) => {
    const text = `secret ${index} `.repeat(1 + (index % 7) * 10);
    return [`secret key ${index}`, index % 3 === 0 ? { secretName: text, index } : text];
  });
  return Object.fromEntries(entries);
}

/** The names of the files that have `text` in them, whatever is around it. */
async function shownIn({ fileSystem, directory }: CacheBench, text: string): Promise<string> {
  const names: string[] = [];
  for (const [name, content] of await contents(fileSystem, directory)) {
    const letters = Array.from(content, (byte) => String.fromCharCode(byte)).join('');
    if (letters.includes(text)) names.push(name);
  }
  return names.join();
}
