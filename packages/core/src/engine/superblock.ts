/**
 * What a store knows of itself, in two small files written in turn: the valid one with the highest
 * epoch counts, so a torn write costs nothing. Little-endian.
 *
 *     offset  size  field
 *          0     8  magic            "HFSUPER1"
 *          8     4  format version   1
 *         12     4  epoch            counts openings; names every file, starts every fencing token
 *         16    16  store id
 *         32     4  hash seed
 *         36     4  hash prefix length of main files, in hex digits
 *         40     8  store time       Unix milliseconds: the store's clock never goes behind it
 *         48    76  reserved, zero
 *        124     4  crc              CRC-32 of the 124 bytes before
 */

import { portableCrc32 } from './crc32.ts';
import { FORMAT_VERSION, unknownVersion } from './segment-header.ts';

export const SUPERBLOCK_BYTES = 128;
export const SUPERBLOCK_NAMES: readonly [string, string] = ['superblock-a', 'superblock-b'];
const MAGIC = 'HFSUPER1';

export interface Superblock {
  readonly epoch: number;
  readonly storeId: Uint8Array;
  readonly hashSeed: number;
  readonly hashPrefixLength: number;
  readonly storeTimeMs: number;
}

export function encodeSuperblock(superblock: Superblock): Uint8Array {
  const bytes = new Uint8Array(SUPERBLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < MAGIC.length; index++) bytes[index] = MAGIC.charCodeAt(index);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, superblock.epoch, true);
  bytes.set(superblock.storeId, 16);
  view.setInt32(32, superblock.hashSeed, true);
  view.setUint32(36, superblock.hashPrefixLength, true);
  view.setBigUint64(40, BigInt(superblock.storeTimeMs), true);
  view.setUint32(124, portableCrc32(bytes, 0, 124, 0), true);
  return bytes;
}

/** `undefined` for damage; throws `CORRUPT` for a format from the future. */
export function decodeSuperblock(bytes: Uint8Array): Superblock | undefined {
  if (bytes.length < SUPERBLOCK_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SUPERBLOCK_BYTES);
  for (let index = 0; index < MAGIC.length; index++) {
    if (bytes[index] !== MAGIC.charCodeAt(index)) return undefined;
  }
  if (view.getUint32(124, true) !== portableCrc32(bytes, 0, 124, 0)) return undefined;
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) throw unknownVersion(version);
  return {
    epoch: view.getUint32(12, true),
    storeId: bytes.slice(16, 32),
    hashSeed: view.getInt32(32, true),
    hashPrefixLength: view.getUint32(36, true),
    storeTimeMs: Number(view.getBigUint64(40, true)),
  };
}
