/**
 * The header of a segment file: who wrote it, where its lane goes on, and what its records are
 * relative to. It stands twice at the start, so that one flipped bit does not cost a file.
 * Little-endian.
 *
 *     offset  size  field
 *          0     8  magic            "HFYOUNG1", or "HFMAIN01" for a main segment
 *          8     4  format version   1
 *         12     4  salt             random; starts every crc in the file
 *         16    16  store id         random, made with the store
 *         32     4  epoch            which opening of the store wrote it
 *         36     4  number           which file of that opening it is
 *         40     4  previous epoch   ┐ the file before it in the lane when it was made;
 *         44     4  previous number  ┘ 0/0 for the first, and for a main segment
 *         48     8  sequence base
 *         56     8  time base        Unix milliseconds
 *         64     4  hash seed        of the hashes in its FRAMEs
 *         68     4  previous length  where that file's last record ended
 *         72     4  key id bytes     0 = the file is not encrypted, and the next three are zero
 *         76    16  nonce prefix     random; starts every nonce in the file
 *         92    64  key id           of the key it is encrypted with; ASCII, then zeros
 *        156    16  check            the key's MAC over the 156 bytes before
 *        172     4  crc              CRC-32 of the 172 bytes before
 *        176   176  the same again
 *        352        records
 *
 * A header is valid if and only if a copy has the magic and a right crc. A version this program
 * does not know is an error, not damage.
 */

import { assert } from '../assert.ts';
import { HoldfastError } from '../errors.ts';
import { portableCrc32 } from './crc32.ts';
import type { RecordBase } from './record.ts';

export const FORMAT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 352;
export const KEY_ID_BYTES_MAX = 64;
/** What the check is over ends where it starts. */
export const HEADER_CHECK_OFFSET = 156;
const KEY_ID_BYTES_OFFSET = 72;
const NONCE_PREFIX_OFFSET = 76;
const KEY_ID_OFFSET = 92;
const CRC_OFFSET = 172;
const COPY_BYTES = 176;
const YOUNG_MAGIC = 'HFYOUNG1';
const MAIN_MAGIC = 'HFMAIN01';

/**
 * Names one file of a store, for ever: the epoch of the opening that made it, and its number
 * therein, from 1.
 */
export interface FileId {
  readonly epoch: number;
  readonly number: number;
}

/** What comes before the first file. */
export const NO_FILE: FileId = { epoch: 0, number: 0 };

export interface SegmentHeader extends RecordBase {
  readonly salt: number;
  readonly storeId: Uint8Array;
  readonly id: FileId;
  readonly previous: FileId;
  /** Bytes of the previous file that belong to the lane: what lies behind them was torn. */
  readonly previousLength: number;
  readonly hashSeed: number;
  /** What a main segment holds; `undefined` for a young one. Part of the file's name only. */
  readonly main: MainPlace | undefined;
  /** Absent: the file is not encrypted. */
  readonly encryption?: HeaderEncryption | undefined;
}

/** How a file is encrypted; the key itself is nowhere. */
export interface HeaderEncryption {
  /** 1 to 64 printable ASCII characters. */
  readonly keyId: string;
  readonly noncePrefix: Uint8Array;
  /** The key's MAC over the header before it. */
  readonly check: Uint8Array;
}

/** What lies together in a main segment. */
export interface MainPlace {
  /** The first digits of the SHA-256 of its keys, in hex; may be empty. */
  readonly prefix: string;
  readonly ttlClass: number;
}

export function compareFileIds(left: FileId, right: FileId): number {
  return left.epoch - right.epoch || left.number - right.number;
}

export function youngFileName(id: FileId): string {
  return `y-${hex(id.epoch)}-${hex(id.number)}.seg`;
}

/** The id in a young file's name, or `undefined` for a name that is not one. */
export function parseYoungFileName(name: string): FileId | undefined {
  const match = /^y-([0-9a-f]{8})-([0-9a-f]{8})\.seg$/.exec(name);
  if (match === null) return undefined;
  return { epoch: Number.parseInt(match[1]!, 16), number: Number.parseInt(match[2]!, 16) };
}

export function mainFileName(id: FileId, { prefix, ttlClass }: MainPlace): string {
  const place = `${prefix === '' ? '' : `${prefix}-`}${ttlClass.toString().padStart(2, '0')}`;
  return `m-${place}-${hex(id.epoch)}-${hex(id.number)}.seg`;
}

/** What a main file's name says, or `undefined` for a name that is not one. */
export function parseMainFileName(name: string): { id: FileId; main: MainPlace } | undefined {
  const match = /^m-(?:([0-9a-f]{1,2})-)?(\d\d)-([0-9a-f]{8})-([0-9a-f]{8})\.seg$/.exec(name);
  if (match === null) return undefined;
  const id = { epoch: Number.parseInt(match[3]!, 16), number: Number.parseInt(match[4]!, 16) };
  return { id, main: { prefix: match[1] ?? '', ttlClass: Number(match[2]) } };
}

export function segmentFileName({ id, main }: SegmentHeader): string {
  return main === undefined ? youngFileName(id) : mainFileName(id, main);
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  assert(header.storeId.length === 16, 'a store id is 16 bytes');
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const magic = header.main === undefined ? YOUNG_MAGIC : MAIN_MAGIC;
  for (let index = 0; index < magic.length; index++) bytes[index] = magic.charCodeAt(index);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setInt32(12, header.salt, true);
  bytes.set(header.storeId, 16);
  view.setUint32(32, header.id.epoch, true);
  view.setUint32(36, header.id.number, true);
  view.setUint32(40, header.previous.epoch, true);
  view.setUint32(44, header.previous.number, true);
  view.setBigUint64(48, BigInt(header.sequenceBase), true);
  view.setBigUint64(56, BigInt(header.timeBaseMs), true);
  view.setInt32(64, header.hashSeed, true);
  view.setUint32(68, header.previousLength, true);
  if (header.encryption !== undefined) writeEncryption(bytes, view, header.encryption);
  view.setUint32(CRC_OFFSET, portableCrc32(bytes, 0, CRC_OFFSET, 0), true);
  bytes.copyWithin(COPY_BYTES, 0, COPY_BYTES);
  return bytes;
}

function writeEncryption(bytes: Uint8Array, view: DataView, encryption: HeaderEncryption): void {
  const { keyId, noncePrefix, check } = encryption;
  assert(keyId.length > 0, 'a key has no id');
  assert(keyId.length <= KEY_ID_BYTES_MAX, 'the id of a key is too long');
  view.setUint32(KEY_ID_BYTES_OFFSET, keyId.length, true);
  bytes.set(noncePrefix, NONCE_PREFIX_OFFSET);
  for (let index = 0; index < keyId.length; index++) {
    bytes[KEY_ID_OFFSET + index] = keyId.charCodeAt(index);
  }
  bytes.set(check, HEADER_CHECK_OFFSET);
}

function readEncryption(bytes: Uint8Array, view: DataView): HeaderEncryption | undefined {
  const keyIdBytes = Math.min(view.getUint32(KEY_ID_BYTES_OFFSET, true), KEY_ID_BYTES_MAX);
  if (keyIdBytes === 0) return undefined;
  const keyId = bytes.subarray(KEY_ID_OFFSET, KEY_ID_OFFSET + keyIdBytes);
  return {
    keyId: String.fromCharCode(...keyId),
    noncePrefix: bytes.slice(NONCE_PREFIX_OFFSET, KEY_ID_OFFSET),
    check: bytes.slice(HEADER_CHECK_OFFSET, CRC_OFFSET),
  };
}

/**
 * The header at the start of `bytes`, or `undefined` if both copies are damaged, or not those of a
 * segment of this kind.
 */
export function decodeSegmentHeader(
  bytes: Uint8Array,
  main?: MainPlace,
): SegmentHeader | undefined {
  for (
    let at = 0;
    at + COPY_BYTES <= Math.min(bytes.length, SEGMENT_HEADER_BYTES);
    at += COPY_BYTES
  ) {
    const header = decodeCopy(bytes.slice(at, at + COPY_BYTES), main);
    if (header !== undefined) return header;
  }
  return undefined;
}

function decodeCopy(bytes: Uint8Array, main: MainPlace | undefined): SegmentHeader | undefined {
  const view = new DataView(bytes.buffer);
  const magic = main === undefined ? YOUNG_MAGIC : MAIN_MAGIC;
  for (let index = 0; index < magic.length; index++) {
    if (bytes[index] !== magic.charCodeAt(index)) return undefined;
  }
  if (view.getUint32(CRC_OFFSET, true) !== portableCrc32(bytes, 0, CRC_OFFSET, 0)) return undefined;
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) throw unknownVersion(version);
  return {
    salt: view.getInt32(12, true),
    storeId: bytes.slice(16, 32),
    id: { epoch: view.getUint32(32, true), number: view.getUint32(36, true) },
    previous: { epoch: view.getUint32(40, true), number: view.getUint32(44, true) },
    sequenceBase: Number(view.getBigUint64(48, true)),
    timeBaseMs: Number(view.getBigUint64(56, true)),
    hashSeed: view.getInt32(64, true),
    previousLength: view.getUint32(68, true),
    main,
    encryption: readEncryption(bytes, view),
  };
}

/** Refusing is the only safe answer to a format from the future. */
export function unknownVersion(version: number): HoldfastError {
  return new HoldfastError(
    'CORRUPT',
    `the store has a format this version cannot read version=${version} known=${FORMAT_VERSION}`,
    { details: { version, known: FORMAT_VERSION } },
  );
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
