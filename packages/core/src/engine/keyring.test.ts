// Goal: a file is read with the key it was made with or not at all, and its header cannot be given
// to another file.
// Method: headers made by one keyring, changed, shown to others. Not covered: records
// (file-cipher.test.ts), real ciphers (cipherConformance).
import { expect, test } from 'vitest';
import { SeededRandom } from '../testing/seeded-random.ts';
import { simulatedCipher as cipher } from '../testing/simulated-cipher.ts';
import { wordsCrc32 } from './crc32.ts';
import { Keyring, NO_KEYS } from './keyring.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  NO_FILE,
  type SegmentHeader,
} from './segment-header.ts';

const PLAIN: SegmentHeader = {
  salt: 5,
  storeId: new Uint8Array(16).fill(9),
  id: { epoch: 3, number: 4 },
  previous: NO_FILE,
  previousLength: 0,
  sequenceBase: 77,
  timeBaseMs: 1_700_000_000_000,
  hashSeed: 6,
  main: undefined,
};

const A = { id: 'a', key: new Uint8Array(32).fill(1) };
const B = { id: 'b', key: new Uint8Array(32).fill(2) };
const random = new SeededRandom(8);
const ring = (...keys: (typeof A)[]): Keyring => new Keyring({ cipher, keys }, wordsCrc32);

test('the first key protects, any of them reads, and a plain header needs none', () => {
  const header = ring(A, B).protect(PLAIN, random);
  expect(header.encryption?.keyId).toBe('a');
  const read = decodeSegmentHeader(encodeSegmentHeader(header))!;
  for (const keyring of [ring(A), ring(A, B), ring(B, A)]) {
    expect(keyring.cipherOf(read)).toBeDefined();
    expect(keyring.cipherOf(PLAIN)).toBeUndefined();
    expect(keyring.isEncrypting).toBe(true);
    expect(keyring.isCurrent(PLAIN)).toBe(false);
  }
  expect(ring(A, B).isCurrent(read)).toBe(true);
  expect(ring(B, A).isCurrent(read)).toBe(false);
  expect(NO_KEYS.isCurrent(PLAIN)).toBe(true);
  expect(NO_KEYS.protect(PLAIN, random)).toEqual(PLAIN);
  expect(NO_KEYS.cipherOf(PLAIN)).toBeUndefined();
  expect(NO_KEYS.isEncrypting).toBe(false);
});

test('two files of the same header have other random bytes', () => {
  const prefixes = [1, 2, 3].map(() => `${ring(A).protect(PLAIN, random).encryption!.noncePrefix}`);
  expect(new Set(prefixes).size).toBe(3);
});

test('a key that is not there, or is another one of its id, is named', () => {
  const header = ring(A).protect(PLAIN, random);
  for (const keyring of [NO_KEYS, ring(B), ring({ ...A, key: B.key })]) {
    expect(() => keyring.cipherOf(header)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: { keyId: 'a', file: 'y-00000003-00000004.seg' },
      }),
    );
  }
});

test('nothing in a protected header can be changed', () => {
  const header = ring(A).protect(PLAIN, random);
  const encryption = header.encryption!;
  const changes: Partial<SegmentHeader>[] = [
    { salt: 6 },
    { storeId: new Uint8Array(16).fill(8) },
    { id: { epoch: 3, number: 5 } },
    { previous: { epoch: 1, number: 1 } },
    { previousLength: 8 },
    { sequenceBase: 78 },
    { timeBaseMs: 1 },
    { hashSeed: 7 },
    { main: { prefix: '', ttlClass: 1 } },
    { encryption: { ...encryption, noncePrefix: new Uint8Array(16) } },
    { encryption: { ...encryption, check: new Uint8Array(16) } },
    { encryption: { ...encryption, keyId: 'b' } },
  ];
  const both = ring(A, { id: 'b', key: A.key });
  expect(both.cipherOf(header)).toBeDefined();
  for (const change of changes) {
    expect(() => both.cipherOf({ ...header, ...change }), JSON.stringify(change)).toThrow(
      'another key',
    );
  }
});
