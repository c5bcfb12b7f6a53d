// Goal: what is no compressed value is CORRUPT: never a wrong value, never more memory than
// allowed.
// Method: values compressed by run lengths, with each part of them damaged.
// Not covered: real algorithms (compressorsConformance), values that are right (the cache's
// suite).
import { expect, test } from 'vitest';
import { simulatedCompressors } from '../testing/simulated-compressors.ts';
import { ShapeDictionary } from './shape-dictionary.ts';
import {
  COMPRESSION_BROTLI,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  compressedEncoding,
  compressValue,
} from './value-compression.ts';
import { ValueDecoder } from './value-decoder.ts';
import { ENCODING_BYTES, ENCODING_CUSTOM, ENCODING_TEXT } from './value-encoding.ts';

const { gzip } = simulatedCompressors;
const decoder = new ValueDecoder(undefined, new ShapeDictionary(), {
  compressors: simulatedCompressors,
  valueBytesMax: 1_000,
});

function decode(encoding: number, value: Uint8Array, owner: ValueDecoder = decoder): unknown {
  const bytes = new Uint8Array((value.length + 7) & -8);
  bytes.set(value);
  const memory = { bytes, words: new Int32Array(bytes.buffer) };
  return owner.decode(encoding, memory, 0, value.length);
}

const corrupt = expect.objectContaining({ code: 'CORRUPT' });
const compressed = compressValue(new Uint8Array(900).fill(120), gzip!)!;
const encoding = compressedEncoding(ENCODING_BYTES, 'gzip');

test('a compressed value is decoded as what it was', () => {
  expect(encoding).toBe(COMPRESSION_GZIP << 4);
  expect(decode(encoding, compressed)).toEqual(new Uint8Array(900).fill(120));
  expect(decode(compressedEncoding(ENCODING_TEXT, 'gzip'), compressed)).toBe('x'.repeat(900));
});

test('what would not be shorter with its length is not compressed', () => {
  expect(compressValue(Uint8Array.of(1, 1, 1, 1, 1, 1, 1), gzip!)).toBeUndefined();
  expect(compressValue(new Uint8Array(8), gzip!)).toHaveLength(7);
});

test('every prefix of a compressed value is CORRUPT', () => {
  for (let length = 0; length < compressed.length; length++) {
    expect(() => decode(encoding, compressed.subarray(0, length))).toThrow(corrupt);
  }
});

test('another length than comes out is CORRUPT, and more than the limit is not tried', () => {
  const unused = { compress: gzip!.compress, decompress: () => expect.fail('was tried') };
  const untried = new ValueDecoder(undefined, new ShapeDictionary(), {
    compressors: { gzip: unused },
    valueBytesMax: 1_000,
  });
  for (const [length, owner] of [
    [0, decoder],
    [899, decoder],
    [901, decoder],
    [1_001, untried],
    [2 ** 32 - 1, untried],
  ] as const) {
    const wrong = compressed.slice();
    new DataView(wrong.buffer).setUint32(0, length, true);
    const details = length > 1_000 ? { limit: 1_000 } : {};
    expect(() => decode(encoding, wrong, owner)).toThrow(
      expect.objectContaining({ code: 'CORRUPT', details: expect.objectContaining(details) }),
    );
  }
});

test('another algorithm, one the runtime lacks, and none at all are CORRUPT', () => {
  for (const compression of [COMPRESSION_BROTLI, COMPRESSION_ZSTD, 5, 15]) {
    expect(() => decode(compression << 4, compressed)).toThrow(corrupt);
  }
  expect(() => decode(compressedEncoding(ENCODING_CUSTOM, 'gzip'), compressed)).toThrow(corrupt);
  expect(() => decode(encoding + 9, compressed)).toThrow(corrupt);
});
