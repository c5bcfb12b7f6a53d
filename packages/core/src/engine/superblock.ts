/**
 * What a store knows of itself, in two small files written in turn: the valid one with the highest
 * epoch counts, so a torn write costs nothing. Little-endian.
 *
 *     offset  size  field
 *          0     8  magic            "HFSUPER1"
 *          8     4  format version   1
 *         12     4  epoch            counts openings; names every file
 *         16    16  store id
 *         32     4  hash seed
 *         36     4  hash prefix length of main files, in hex digits
 *         40     8  store time       Unix milliseconds: the store's clock never goes behind it
 *         48     4  tail epoch       ┐ where the lane ended, all of it synced, when the store was
 *         52     4  tail number      │ last closed; a later file's header says how it went on.
 *         56     4  tail length      ┘ 0/0/0 = the lane was empty, or nobody has closed it yet
 *         60     4  closed           1 = written by the closing of this epoch, 0 = by its opening
 *         64     8  token base       every fencing token of this epoch is larger, every earlier
 *                                    one is not: see token-base.ts
 *         72    52  reserved, zero
 *        124     4  crc              CRC-32 of the 124 bytes before
 */

import { portableCrc32 } from './crc32.ts';
import { compareFileIds, type FileId, FORMAT_VERSION, unknownVersion } from './segment-header.ts';

export const SUPERBLOCK_BYTES = 128;
export const SUPERBLOCK_NAMES: readonly [string, string] = ['superblock-a', 'superblock-b'];
const MAGIC = 'HFSUPER1';

/** A place in the lane up to which everything had been synced. */
export interface LaneTail {
  readonly id: FileId;
  readonly length: number;
}

export function laterTail(one: LaneTail | undefined, other: LaneTail): LaneTail {
  return one !== undefined && compareTails(one, other) > 0 ? one : other;
}

export function compareTails(left: LaneTail, right: LaneTail): number {
  return compareFileIds(left.id, right.id) || left.length - right.length;
}

export interface Superblock {
  readonly epoch: number;
  readonly storeId: Uint8Array;
  readonly hashSeed: number;
  readonly hashPrefixLength: number;
  readonly storeTimeMs: number;
  /** Without it a cut-off end looks like one that was never promised. */
  readonly tail: LaneTail | undefined;
  readonly isClosed: boolean;
  readonly tokenBase: number;
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
  if (superblock.tail !== undefined) {
    view.setUint32(48, superblock.tail.id.epoch, true);
    view.setUint32(52, superblock.tail.id.number, true);
    view.setUint32(56, superblock.tail.length, true);
  }
  view.setUint32(60, superblock.isClosed ? 1 : 0, true);
  view.setBigUint64(64, BigInt(superblock.tokenBase), true);
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
  const id = { epoch: view.getUint32(48, true), number: view.getUint32(52, true) };
  return {
    epoch: view.getUint32(12, true),
    storeId: bytes.slice(16, 32),
    hashSeed: view.getInt32(32, true),
    hashPrefixLength: view.getUint32(36, true),
    storeTimeMs: Number(view.getBigUint64(40, true)),
    tail: id.epoch === 0 ? undefined : { id, length: view.getUint32(56, true) },
    isClosed: view.getUint32(60, true) === 1,
    tokenBase: Number(view.getBigUint64(64, true)),
  };
}
