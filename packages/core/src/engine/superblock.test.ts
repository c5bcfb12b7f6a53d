// Goal: a damaged superblock is none, and a future one is refused.
// Method: every byte. Not covered: which of the two counts (open-store, the damage tests).
import { expect, test } from 'vitest';
import { portableCrc32 } from './crc32.ts';
import {
  decodeSuperblock,
  encodeSuperblock,
  SUPERBLOCK_BYTES,
  type Superblock,
} from './superblock.ts';

const SUPERBLOCK: Superblock = {
  epoch: 0xffffffff,
  storeId: Uint8Array.from({ length: 16 }, (_, index) => index),
  hashSeed: -9,
  hashPrefixLength: 2,
  storeTimeMs: 1_700_000_000_000,
  tail: { id: { epoch: 7, number: 3 }, length: 4_096 },
  isClosed: true,
  tokenBase: 2 ** 40 + 3,
};

test('gives back what was written, from within a larger buffer too', () => {
  expect(decodeSuperblock(encodeSuperblock(SUPERBLOCK))).toEqual(SUPERBLOCK);
  const larger = new Uint8Array(SUPERBLOCK_BYTES + 40);
  larger.set(encodeSuperblock(SUPERBLOCK), 24);
  expect(decodeSuperblock(larger.subarray(24))).toEqual(SUPERBLOCK);
});

test('any damaged byte, and any missing one, makes it none', () => {
  const bytes = encodeSuperblock(SUPERBLOCK);
  for (let at = 0; at < SUPERBLOCK_BYTES; at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 0x40;
    expect(decodeSuperblock(damaged)).toBeUndefined();
    expect(decodeSuperblock(bytes.subarray(0, at))).toBeUndefined();
  }
});

test('a format from the future is an error', () => {
  const bytes = encodeSuperblock(SUPERBLOCK);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 2, true);
  view.setUint32(124, portableCrc32(bytes, 0, 124, 0), true);
  expect(() => decodeSuperblock(bytes)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
});
