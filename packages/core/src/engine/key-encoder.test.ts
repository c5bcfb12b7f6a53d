// Goal: keys keep apart what differs and bring together what is the same, and their hashes spread.
// Method: every kind of character, against the platform's encoder where that is right; counts of
// hashes per bucket and tag. Not covered: comparing keys (record-table).
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { decodeTextKey, KEY_BYTES_MAX, KeyEncoder } from './key-encoder.ts';

const keys = new KeyEncoder(12_345);

function encoded(key: string | Uint8Array): { bytes: Uint8Array; hash: number; isText: boolean } {
  keys.encode(key);
  return { bytes: keys.bytes.slice(0, keys.length), hash: keys.hash, isText: keys.isText };
}

const TEXTS = [
  '',
  'a',
  'käse',
  '漢字',
  '😀',
  'a\0b',
  '\u{7f}\u{80}',
  '\u{7ff}\u{800}',
  '\uffff',
  'é'.repeat(99),
];

test.each(TEXTS)('%j is its UTF-8, comes back, and is the same key as its bytes', (text) => {
  const utf8 = new TextEncoder().encode(text);
  const asText = encoded(text);
  const asBytes = encoded(utf8);
  expect(asText.bytes).toEqual(utf8);
  expect(asBytes.bytes).toEqual(utf8);
  expect(asText.hash).toBe(asBytes.hash);
  expect([asText.isText, asBytes.isText]).toEqual([true, false]);
  expect(decodeTextKey(utf8, 0, utf8.length)).toBe(text);
  expect(keys.hashOf(utf8, 0, utf8.length)).toBe(asText.hash);
});

describe('lone surrogates', () => {
  const texts = [
    '\ud800',
    '\udfff',
    'a\ud83d',
    '\ude00b',
    '\ude00\ud83d',
    '\ud83d\ud83d\ude00',
    '\ufffd',
  ];

  test('come back, and share their bytes with no other text', () => {
    const seen = new Set<string>();
    for (const text of texts) {
      const { bytes } = encoded(text);
      expect(decodeTextKey(bytes, 0, bytes.length)).toBe(text);
      seen.add(bytes.join());
    }
    expect(seen.size).toBe(texts.length);
  });

  test('every code unit comes back', () => {
    for (let unit = 0; unit < 0x10000; unit++) {
      const text = `x${String.fromCharCode(unit)}`;
      const { bytes } = encoded(text);
      if (decodeTextKey(bytes, 0, bytes.length) !== text) expect.fail(`unit ${unit}`);
    }
  });
});

describe('length', () => {
  test.each([
    ['ASCII', 'a', 1],
    ['two bytes', 'é', 2],
    ['three bytes', '漢', 3],
    ['four bytes', '😀', 4],
  ])('%s up to the limit and not beyond', (_name, character, size) => {
    const fits = character.repeat(Math.floor(KEY_BYTES_MAX / size));
    expect(encoded(fits).bytes.length).toBe(
      fits.length === 0 ? 0 : Math.floor(KEY_BYTES_MAX / size) * size,
    );
    expect(() => keys.encode(fits + character)).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
  });

  test('bytes likewise', () => {
    expect(encoded(new Uint8Array(KEY_BYTES_MAX)).bytes.length).toBe(KEY_BYTES_MAX);
    expect(() => keys.encode(new Uint8Array(KEY_BYTES_MAX + 1))).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
  });

  test('a refused key leaves the encoder usable', () => {
    expect(() => keys.encode('a'.repeat(KEY_BYTES_MAX + 1))).toThrow();
    expect(encoded('next').bytes).toEqual(new TextEncoder().encode('next'));
  });
});

test.each([undefined, null, 1, 1n, {}, [], new Uint16Array(1), new ArrayBuffer(1)])(
  '%s is no key',
  (key) => {
    expect(() => keys.encode(key as string)).toThrow(TypeError);
  },
);

test('take makes a key of bytes elsewhere the encoded one', () => {
  const source = new TextEncoder().encode(
    '..a key that is longer than forty-eight bytes, to be copied at once..',
  );
  keys.take(source, 2, source.length - 4, true, false);
  const taken = { bytes: keys.bytes.slice(0, keys.length), hash: keys.hash, isText: keys.isText };
  expect(taken).toEqual(encoded(new TextDecoder().decode(source.subarray(2, source.length - 2))));
});

describe('hashes', () => {
  test.each(['user:', 'k', ''])('of %j0 … 199,999 spread over buckets and tags', (prefix) => {
    const buckets = new Uint32Array(4096);
    const tags = new Uint32Array(4096);
    for (let index = 0; index < 200_000; index++) {
      keys.encode(`${prefix}${index}`);
      buckets[keys.hash & 4095]!++;
      tags[(keys.hash >>> 16) & 4095]!++;
    }
    // 49 each on average; seven standard deviations.
    for (const counts of [buckets, tags]) {
      expect(Math.max(...counts)).toBeLessThan(98);
      expect(Math.min(...counts)).toBeGreaterThan(10);
    }
  });

  test('depend on the seed in every bit', () => {
    const random = new SeededRandom(2);
    const flips = new Uint32Array(32);
    for (let round = 0; round < 2_000; round++) {
      const seed = random.below(2 ** 32);
      const one = new KeyEncoder(seed);
      const other = new KeyEncoder(seed ^ (1 << (round % 32)));
      one.encode(`key-${round}`);
      other.encode(`key-${round}`);
      for (let bit = 0; bit < 32; bit++) flips[bit]! += ((one.hash ^ other.hash) >>> bit) & 1;
    }
    for (const count of flips) expect(Math.abs(count - 1_000)).toBeLessThan(300);
  });
});
