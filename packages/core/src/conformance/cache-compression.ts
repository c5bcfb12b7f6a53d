/** The part of `cacheConformance` about compressed values. */

import { bytes } from '../codec/codec.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import { MAPS, OBJECTS } from './value-samples.ts';

/** What every runtime has. */
const ALGORITHMS = ['gzip', 'deflate', 'brotli'] as const;

const MIB = 1024 * 1024;

/** All of one letter, so that even run lengths shrink them. */
const LARGE: readonly unknown[] = [
  'x'.repeat(5_000),
  `ü${'x'.repeat(70_000)}`,
  new Uint8Array(5_000).fill(7),
  { name: 'Ada', text: 'y'.repeat(3_000), list: [new Uint8Array(9)] },
  { name: 'Bob', text: 'z'.repeat(3_000), list: [new Uint8Array(3)] },
  ['x'.repeat(2_000), null, 5n],
];

export const COMPRESSION_TESTS: readonly CacheTest[] = [
  {
    name: 'values of every kind come back as they were from each compression',
    run: async ({ open }) => {
      for (const compression of ALGORITHMS) {
        await using opened = await open({ compression, compressionBytesMin: 1 });
        const { cache } = opened;
        const values = [...LARGE, ...OBJECTS, '', 'short', 7, null, true];
        for (let turn = 0; turn < 2; turn++) {
          for (const [index, value] of values.entries()) await cache.set(`key ${index}`, value);
        }
        for (const [index, value] of values.entries()) {
          const read = await cache.get(`key ${index}`);
          expectSame(read, value, `value ${index} with ${compression}`);
          if (!(read instanceof Uint8Array)) continue;
          expectEqual(read.buffer.byteLength, read.length, 'the memory behind the bytes');
          read.fill(0);
          expectSame(await cache.get(`key ${index}`), value, 'the bytes once more');
        }
        await opened.close();
      }
    },
  },
  {
    name: 'maps come back as maps from compressed values',
    needs: ['map values'],
    run: async ({ open }) => {
      const { cache } = await open({ compression: 'gzip', compressionBytesMin: 1 });
      const maps = [...MAPS, new Map([['text', 'x'.repeat(3_000)]])];
      for (const [index, map] of maps.entries()) {
        await cache.set('map', map);
        expectSame(await cache.get('map'), map, `map ${index}`);
      }
    },
  },
  {
    name: 'a value is compressed from compressionBytesMin on, and only if that makes it smaller',
    needs: ['codec'],
    run: async ({ open }) => {
      const { cache } = await open({ compression: 'deflate', codec: bytes });
      const bytesOf = async (value: Uint8Array) => {
        await cache.set('key', value);
        expectSame(await cache.get('key'), value, 'the value');
        return (await cache.getEntry('key'))?.bytes as number;
      };
      expectTrue((await bytesOf(new Uint8Array(1_023))) > 1_023, 'the smaller one to stay');
      expectTrue((await bytesOf(new Uint8Array(1_024))) < 200, 'the larger one to shrink');
      const random = new SeededRandom(1).fill(new Uint8Array(4_096));
      const plain = await bytesOf(random);
      expectTrue(plain >= 4_096 && plain < 4_200, 'what does not shrink to stay as it is');
    },
  },
  {
    name: 'compressed values are touched, taken, and stay over restarts with other settings',
    needs: ['reopen', 'take'],
    run: async ({ open }) => {
      for (const compression of ALGORITHMS) {
        await using opened = await open({ compression });
        await opened.cache.set(compression, LARGE);
        await opened.cache.touch(compression, { ttl: '1h' });
        await opened.close();
      }
      for (const compression of [undefined, 'none', 'gzip'] as const) {
        await using opened = await open({ compression });
        const values = await opened.cache.getMany(ALGORITHMS);
        expectSame(values, [LARGE, LARGE, LARGE], `all, opened with ${compression}`);
        await opened.close();
      }
      await using last = await open();
      expectSame(await last.cache.take('brotli'), LARGE, 'the value taken');
    },
  },
  {
    name: 'valueBytesMax bounds a value before it is compressed, and when it is read',
    needs: ['reopen', 'codec'],
    run: async ({ open }) => {
      const value = new Uint8Array(100_000);
      await using first = await open({ compression: 'gzip', valueBytesMax: 100_000 });
      const setting = () => first.cache.set('b', new Uint8Array(100_001));
      await expectFailure(setting, 'TOO_LARGE', 'a value over the limit that would shrink');
      await first.cache.set('a', value);
      await first.close();
      await using lower = await open({ valueBytesMax: 99_999 });
      const { details } = await expectFailure(() => lower.cache.get('a'), 'CORRUPT', 'reading it');
      expectEqual(details.limit, 99_999, 'the limit');
      await lower.close();
      await using again = await open({ valueBytesMax: MIB });
      expectSame(await again.cache.get('a'), value, 'the value');
    },
  },
  {
    name: 'open takes zstd where the runtime has it, and otherwise says what there is',
    run: async ({ open }) => {
      let opened: Awaited<ReturnType<typeof open>>;
      try {
        opened = await open({ compression: 'zstd' });
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        expectEqual(code, 'INVALID_ARGUMENT', 'the code of the refusal');
        for (const name of ['zstd', ...ALGORITHMS]) {
          expectTrue(message.includes(name), `"${message}" to name ${name}`);
        }
        return;
      }
      await opened.cache.set('a', LARGE);
      expectSame(await opened.cache.get('a'), LARGE, 'the value');
    },
  },
];
