import type { Compressor, Compressors } from '../ports/compression.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { expectBytes, expectEqual, expectTrue } from './expect.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** Judges `Compressors`: each that is there. */
export function compressorsConformance(
  target: ConformanceTarget & FixtureSource<Compressors>,
): void {
  registerSuite('compressors', target, TESTS);
}

const TESTS: readonly SuiteTest<Compressors>[] = [
  {
    name: 'there are gzip, deflate and brotli on every runtime',
    run: async (compressors) => {
      const all = Object.keys(compressors);
      for (const name of ['gzip', 'deflate', 'brotli']) expectTrue(all.includes(name), name);
    },
  },
  {
    name: 'what was compressed comes back, and what repeats itself is smaller',
    run: each((name, { compress, decompress }) => {
      const random = new SeededRandom(5);
      for (const length of [1, 2, 255, 256, 1_000, 65_535, 65_536]) {
        for (const isRandom of [true, false]) {
          const bytes = new Uint8Array(length);
          if (isRandom) random.fill(bytes);
          const before = bytes.slice();
          const compressed = compress(bytes);
          expectBytes(bytes, before, 'the bytes that were compressed');
          const isSmaller = compressed.length < length / 2;
          if (!isRandom && length > 250) expectTrue(isSmaller, `${name} of zeros to be small`);
          const padded = new Uint8Array(compressed.length + 3);
          padded.set(compressed, 3);
          const plain = decompress(padded.subarray(3), length);
          expectBytes(plain, before, `${length} bytes with ${name}`);
        }
      }
    }),
  },
  {
    name: 'views of shared memory can be compressed',
    run: each((name, { compress, decompress }) => {
      const shared = new Uint8Array(new SharedArrayBuffer(2_000)).fill(3);
      const plain = decompress(compress(shared.subarray(500)), 1_500);
      expectBytes(plain, new Uint8Array(1_500).fill(3), `shared memory with ${name}`);
    }),
  },
  {
    name: 'more than the bytes allowed is an error, however small it was compressed',
    run: each((name, { compress, decompress }) => {
      for (const length of [1_001, 2_000_000]) {
        const compressed = compress(new Uint8Array(length));
        expectThrows(() => decompress(compressed, 1_000), `${length} zeros with ${name}`);
      }
      expectEqual(decompress(compress(new Uint8Array(1_000)), 1_000).length, 1_000, 'the bound');
    }),
  },
  {
    name: 'bytes of no algorithm, or of another one, are an error or too few',
    run: async (compressors) => {
      const random = new SeededRandom(6);
      const zeros = new Uint8Array(1_000);
      for (const [name, { decompress }] of Object.entries(compressors)) {
        const wrong = Object.entries(compressors).filter(([other]) => other !== name);
        const bad = wrong.map(([, { compress }]) => compress(zeros));
        for (let turn = 0; turn < 20; turn++) bad.push(random.fill(new Uint8Array(40)));
        for (const bytes of bad) {
          let length = 0;
          try {
            length = decompress(bytes, 1_000).length;
          } catch {
            // As it should be.
          }
          expectTrue(length < 1_000, `${name} to refuse other bytes, or give few`);
        }
      }
    },
  },
];

function each(
  run: (name: string, compressor: Compressor) => void,
): (compressors: Compressors) => Promise<void> {
  return async (compressors) => {
    for (const [name, compressor] of Object.entries(compressors)) run(name, compressor);
  };
}

function expectThrows(run: () => unknown, what: string): void {
  try {
    run();
  } catch {
    return;
  }
  throw new Error(`expected ${what} to throw`);
}
