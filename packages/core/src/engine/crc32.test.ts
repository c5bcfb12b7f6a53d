// Goal: the checksum is CRC-32 as everybody computes it, for every length, alignment and start.
// Method: published check values, and a bit-by-bit reference. Not covered: speed (benchmarks).
import { expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { createCrc32, portableCrc32, wordsCrc32 } from './crc32.ts';

function reference(bytes: Uint8Array, seed: number): number {
  let crc = ~seed;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const random = new SeededRandom(11);
const noise = random.fill(new Uint8Array(600));
const memory = { bytes: noise, words: new Int32Array(noise.buffer) };

test.each([
  ['', 0],
  ['a', 0xe8b7be43],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ['\0'.repeat(32), 0x190a55ad],
])('of %j', (text, expected) => {
  const bytes = new TextEncoder().encode(text);
  expect(portableCrc32(bytes, 0, bytes.length, 0)).toBe(expected);
});

test('of every length and alignment, from signed and unsigned seeds', () => {
  for (const seed of [0, 1, -1, 0x80000000, -0x80000000, 0xdeadbeef]) {
    for (let start = 0; start < 9; start++) {
      for (let length = 0; length < 70; length++) {
        const expected = reference(noise.subarray(start, start + length), seed);
        expect(portableCrc32(noise, start, start + length, seed)).toBe(expected);
      }
    }
  }
});

test('goes on from where another one ended', () => {
  for (let cut = 0; cut <= noise.length; cut += 7) {
    const first = portableCrc32(noise, 0, cut, 99);
    expect(portableCrc32(noise, cut, noise.length, first)).toBe(reference(noise, 99));
  }
});

test('of whole words, the same', () => {
  for (const seed of [0, -1, 0x80000000, 0xdeadbeef]) {
    for (let start = 0; start < 24; start += 4) {
      for (let end = start; end < 120; end += 4) {
        const expected = reference(noise.subarray(start, end), seed) | 0;
        expect(wordsCrc32(memory, start, end, seed)).toBe(expected);
      }
    }
  }
});

test("the runtime's own is asked for long runs only, and with an unsigned seed", () => {
  const asked: number[] = [];
  const crc32 = createCrc32({
    crc32: (bytes, seed) => {
      expect(seed).toBeGreaterThanOrEqual(0);
      asked.push(bytes.length);
      return reference(bytes, seed);
    },
  });
  for (let length = 0; length <= noise.length; length += 20) {
    expect(crc32(memory, 0, length, -5)).toBe(reference(noise.subarray(0, length), -5) | 0);
  }
  expect(asked.length).toBeGreaterThan(0);
  expect(Math.min(...asked)).toBeGreaterThan(100);
  expect(createCrc32({})).toBe(wordsCrc32);
});
