/**
 * Which files count: of main those it lists, as far as it says, and of the young lane those from a
 * first one on. Two files hold it, both written and synced, one after the other, before anything it
 * lets go of is unlinked: whatever happens to one of them, the other is not older. Little-endian.
 *
 *     offset  size  field
 *          0     8  magic           "HFMAINS1"
 *          8     4  format version  1
 *         12     4  count           of the files
 *         16     8  version         rises with every change; the higher valid one counts
 *         24     4  lane epoch      ┐ young files before this one are gone: their unlinking may
 *         28     4  lane number     ┘ come to be in any order
 *         32     4  durable epoch   ┐ the lane was durable up to here when files were let go of for
 *         36     4  durable number  │ what it holds: if this is missing, what they hid has nothing
 *         40     4  durable length  ┘ to hide it any more; 0/0/0 = nothing yet
 *         44     4  reserved, zero
 *         48  40×n  files
 *       last     4  crc             CRC-32 of everything before
 *
 * One file:
 *
 *     offset  size  field
 *          0     4  epoch           ┐ the file's id
 *          4     4  number          ┘
 *          8     4  length          bytes that count; whole batches, all synced
 *         12     4  class           TTL class (bits 0–7), prefix digits (8–15), the prefix (16–23)
 *         16     8  until           Unix milliseconds: none of its records hides anything for
 *                                   longer; all ones = for ever, 0 = nothing
 *         24     8  sequence        the highest of any record in it
 *         32     8  reserved, zero
 */

import { NEVER } from '../expiry/expiry.ts';
import { portableCrc32 } from './crc32.ts';
import {
  type FileId,
  FORMAT_VERSION,
  type MainPlace,
  NO_FILE,
  unknownVersion,
} from './segment-header.ts';

import type { LaneTail } from './superblock.ts';

export const MANIFEST_NAMES: readonly [string, string] = ['manifest-a', 'manifest-b'];
export const MANIFEST_HEADER_BYTES = 48;
export const MANIFEST_FILE_BYTES = 40;
const MAGIC = 'HFMAINS1';
const CRC_BYTES = 4;
const FOREVER = 0xffff_ffff_ffff_ffffn;

export interface ManifestFile {
  readonly id: FileId;
  readonly main: MainPlace;
  readonly length: number;
  readonly untilMs: number;
  readonly sequenceMax: number;
}

export interface Manifest {
  readonly version: number;
  /** The first young file that counts. */
  readonly laneStart: FileId;
  /** Up to where the lane was durable when it was written. */
  readonly laneDurable: LaneTail;
  /** In the order of their ids. */
  readonly files: readonly ManifestFile[];
}

/** Of a store in which nothing was ever removed. */
export const FIRST_MANIFEST: Manifest = {
  version: 0,
  laneStart: NO_FILE,
  laneDurable: { id: NO_FILE, length: 0 },
  files: [],
};

export function encodeManifest({ version, laneStart, laneDurable, files }: Manifest): Uint8Array {
  const length = MANIFEST_HEADER_BYTES + files.length * MANIFEST_FILE_BYTES;
  const bytes = new Uint8Array(length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < MAGIC.length; index++) bytes[index] = MAGIC.charCodeAt(index);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, files.length, true);
  view.setBigUint64(16, BigInt(version), true);
  view.setUint32(24, laneStart.epoch, true);
  view.setUint32(28, laneStart.number, true);
  view.setUint32(32, laneDurable.id.epoch, true);
  view.setUint32(36, laneDurable.id.number, true);
  view.setUint32(40, laneDurable.length, true);
  for (const [index, file] of files.entries()) {
    const at = MANIFEST_HEADER_BYTES + index * MANIFEST_FILE_BYTES;
    const { prefix, ttlClass } = file.main;
    const digits = prefix === '' ? 0 : Number.parseInt(prefix, 16);
    view.setUint32(at, file.id.epoch, true);
    view.setUint32(at + 4, file.id.number, true);
    view.setUint32(at + 8, file.length, true);
    view.setUint32(at + 12, ttlClass | (prefix.length << 8) | (digits << 16), true);
    const until = file.untilMs === NEVER ? FOREVER : BigInt(Math.ceil(file.untilMs));
    view.setBigUint64(at + 16, until, true);
    view.setBigUint64(at + 24, BigInt(file.sequenceMax), true);
  }
  view.setUint32(length, portableCrc32(bytes, 0, length, 0), true);
  return bytes;
}

/** `undefined` for damage; throws `CORRUPT` for a format from the future. */
export function decodeManifest(bytes: Uint8Array): Manifest | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < MANIFEST_HEADER_BYTES + CRC_BYTES) return undefined;
  for (let index = 0; index < MAGIC.length; index++) {
    if (bytes[index] !== MAGIC.charCodeAt(index)) return undefined;
  }
  const count = view.getUint32(12, true);
  const length = MANIFEST_HEADER_BYTES + count * MANIFEST_FILE_BYTES;
  // Longer is fine: a shorter list was written over a longer one.
  if (bytes.length < length + CRC_BYTES) return undefined;
  if (view.getUint32(length, true) !== portableCrc32(bytes, 0, length, 0)) return undefined;
  const formatVersion = view.getUint32(8, true);
  if (formatVersion !== FORMAT_VERSION) throw unknownVersion(formatVersion);
  const files: ManifestFile[] = [];
  for (let index = 0; index < count; index++) {
    files.push(decodeFile(view, MANIFEST_HEADER_BYTES + index * MANIFEST_FILE_BYTES));
  }
  const laneStart = { epoch: view.getUint32(24, true), number: view.getUint32(28, true) };
  const id = { epoch: view.getUint32(32, true), number: view.getUint32(36, true) };
  const laneDurable = { id, length: view.getUint32(40, true) };
  return { version: Number(view.getBigUint64(16, true)), laneStart, laneDurable, files };
}

function decodeFile(view: DataView, at: number): ManifestFile {
  const place = view.getUint32(at + 12, true);
  const digits = (place >>> 8) & 0xff;
  const until = view.getBigUint64(at + 16, true);
  return {
    id: { epoch: view.getUint32(at, true), number: view.getUint32(at + 4, true) },
    main: {
      ttlClass: place & 0xff,
      prefix: digits === 0 ? '' : ((place >>> 16) & 0xff).toString(16).padStart(digits, '0'),
    },
    length: view.getUint32(at + 8, true),
    untilMs: until === FOREVER ? NEVER : Number(until),
    sequenceMax: Number(view.getBigUint64(at + 24, true)),
  };
}
