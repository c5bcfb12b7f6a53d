import { portableCrc32 } from '../engine/crc32.ts';
import type { Accelerators } from '../ports/accelerators.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { expectEqual, expectTrue } from './expect.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** Judges `Accelerators`: each that is there must give what core's own code gives, bit for bit. */
export function acceleratorsConformance(
  target: ConformanceTarget & FixtureSource<Accelerators>,
): void {
  registerSuite('accelerators', target, TESTS);
}

const TESTS: readonly SuiteTest<Accelerators>[] = [
  {
    name: 'crc32 has the check value of the standard',
    run: async ({ crc32 }) => {
      const digits = Uint8Array.from('123456789', (digit) => digit.charCodeAt(0));
      expectEqual(portableCrc32(digits, 0, digits.length, 0), 0xcbf43926, "core's own crc32");
      if (crc32 !== undefined) expectEqual(crc32(digits, 0), 0xcbf43926, 'crc32 of 123456789');
    },
  },
  {
    name: "crc32 equals core's own on any bytes, alignment and seed",
    run: async ({ crc32 }) => {
      if (crc32 === undefined) return;
      const random = new SeededRandom(32);
      const bytes = random.fill(new Uint8Array(8192));
      for (let turn = 0; turn < 2000; turn++) {
        const start = random.below(64);
        const length = random.below(turn % 20 === 0 ? 8000 : 300);
        const seed = random.below(2) === 0 ? 0 : random.below(4_294_967_296);
        expectEqual(
          crc32(bytes.subarray(start, start + length), seed),
          portableCrc32(bytes, start, start + length, seed),
          `crc32 of ${length} bytes from ${start} with the seed ${seed}`,
        );
      }
    },
  },
  {
    name: 'crc32 goes on from a seed as if the bytes were one run',
    run: async ({ crc32 }) => {
      if (crc32 === undefined) return;
      const bytes = new SeededRandom(33).fill(new Uint8Array(1000));
      const whole = crc32(bytes, 0x9e3779b9);
      for (const cut of [0, 1, 7, 500, 999, 1000]) {
        const head = crc32(bytes.subarray(0, cut), 0x9e3779b9);
        expectEqual(crc32(bytes.subarray(cut), head), whole, `crc32 in two parts, cut at ${cut},`);
      }
    },
  },
  {
    name: 'sha256 gives the digests of the standard',
    run: async ({ sha256 }) => {
      if (sha256 === undefined) return;
      for (const [text, start] of [
        ['', 'e3b0c44298fc1c14'],
        ['abc', 'ba7816bf8f01cfea'],
      ] as const) {
        const digest = sha256(Uint8Array.from(text, (each) => each.charCodeAt(0)));
        const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        expectEqual(hex.slice(0, 16), start, `sha256 of "${text}"`);
        expectEqual(digest.length, 32, 'bytes of a digest');
      }
    },
  },
  {
    name: 'crc32 takes views of shared memory, and is an unsigned whole number',
    run: async ({ crc32 }) => {
      if (crc32 === undefined) return;
      const shared = new Uint8Array(new SharedArrayBuffer(512));
      new SeededRandom(34).fill(shared);
      for (let start = 0; start < 256; start += 8) {
        const value = crc32(shared.subarray(start, start + 200), start);
        expectEqual(
          value,
          portableCrc32(shared, start, start + 200, start),
          'crc32 of shared memory',
        );
        expectEqual(value, value >>> 0, 'crc32 as an unsigned number');
      }
    },
  },
  {
    name: 'decodeUtf8 decodes texts of every kind and length',
    run: async ({ decodeUtf8 }) => {
      if (decodeUtf8 === undefined) return;
      const encoder = new TextEncoder();
      for (const sample of UTF8_SAMPLES) {
        for (const count of [1, 3, 40, 700]) {
          const text = sample.repeat(count);
          const encoded = encoder.encode(text);
          const bytes = new Uint8Array(encoded.length + 12).fill(0x2a);
          bytes.set(encoded, 5);
          const decoded = decodeUtf8(bytes, 5, 5 + encoded.length);
          expectEqual(decoded.length, text.length, `the length of ${count} × "${sample}"`);
          expectTrue(decoded === text, `"${sample}" × ${count} to be decoded`);
        }
      }
    },
  },
  {
    name: 'decodeUtf8 keeps a byte order mark and nothing at all as they are',
    run: async ({ decodeUtf8 }) => {
      if (decodeUtf8 === undefined) return;
      expectEqual(decodeUtf8(new Uint8Array(0), 0, 0), '', 'no bytes');
      expectEqual(decodeUtf8(new Uint8Array(8), 4, 4), '', 'no bytes in the middle');
      for (const padding of ['', 'x'.repeat(300)]) {
        const bytes = new TextEncoder().encode(`\ufeffmark${padding}`);
        expectEqual(
          decodeUtf8(bytes, 0, bytes.length),
          `\ufeffmark${padding}`,
          'a text with a mark',
        );
      }
    },
  },
];

const UTF8_SAMPLES: readonly string[] = [
  '',
  'a',
  'plain ASCII, one byte a letter',
  'Grüße',
  '\u0000\u007f\u0080\u07ff\u0800\uffff',
  '日本語',
  '🦀 four bytes, two code units',
  'e\u0301 combining',
];
