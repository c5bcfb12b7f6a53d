/**
 * A journal's bytes. Little-endian.
 *
 *     offset  size  field
 *          0     8  magic          "HFLOCKS1"
 *          8     4  format         1, or 2 if it is encrypted
 *         12     4  salt           random: no frame of an older file is taken for one of this
 *        [16     4  key id length
 *         20    64  key id         ASCII
 *         84    16  nonce prefix   random, of each frame's nonce; if format is 2]
 *         ..    ..  frames
 *
 * A frame is what was written at once: all of it counts, or nothing.
 *
 *     offset  size  field
 *          0     4  length   of the body
 *          4     4  crc      CRC-32 of the body, started from salt ^ the frame's place in the file
 *          8    ..  body     MessagePack; in format 2 a MAC of 16 bytes, and then that encrypted
 *
 * The first frame's body is the boot's id and all that was true when the file was made, as entries;
 * those of the others are entries. What follows the first frame that is not whole was never
 * promised to anybody.
 */
import { packPlain, unpackPlain } from '../../codec/plain-msgpack.ts';
import { portableCrc32 } from '../../engine/crc32.ts';
import { NONCE_PREFIX_BYTES } from '../../engine/file-cipher.ts';
import { KEY_ID_BYTES_MAX } from '../../engine/segment-header.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { JournalSeal } from './journal-seal.ts';

const HEADER_BYTES = 16;
const KEY_ID_OFFSET = 20;
const NONCE_PREFIX_OFFSET = KEY_ID_OFFSET + KEY_ID_BYTES_MAX;
const ENCRYPTED_HEADER_BYTES = NONCE_PREFIX_OFFSET + NONCE_PREFIX_BYTES;
const FRAME_HEADER_BYTES = 8;
const MAGIC = 'HFLOCKS1';
const FORMAT = 1;
const FORMAT_ENCRYPTED = 2;

export interface JournalEncryption {
  readonly keyId: string;
  readonly noncePrefix: Uint8Array;
}

export interface JournalHeader {
  readonly salt: number;
  /** `undefined` for a plain file. */
  readonly encryption: JournalEncryption | undefined;
}

/** What a file begins with. */
export interface JournalStart {
  /** Of the boot its times count from; empty if that is unknown. */
  readonly bootId: string;
  readonly entries: readonly JournalEntry[];
}

export function journalName(number: number): string {
  return `locks-${String(number).padStart(8, '0')}.journal`;
}

/** The number in a journal's name; `undefined` for any other file. */
export function journalNumber(name: string): number | undefined {
  const match = /^locks-(\d{8,15})\.journal$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

export function encodeHeader({ salt, encryption }: JournalHeader): Uint8Array {
  const bytes = new Uint8Array(encryption === undefined ? HEADER_BYTES : ENCRYPTED_HEADER_BYTES);
  for (let index = 0; index < MAGIC.length; index++) bytes[index] = MAGIC.charCodeAt(index);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, encryption === undefined ? FORMAT : FORMAT_ENCRYPTED, true);
  view.setInt32(12, salt, true);
  if (encryption === undefined) return bytes;
  const { keyId, noncePrefix } = encryption;
  view.setUint32(HEADER_BYTES, keyId.length, true);
  for (let at = 0; at < keyId.length; at++) bytes[KEY_ID_OFFSET + at] = keyId.charCodeAt(at);
  bytes.set(noncePrefix, NONCE_PREFIX_OFFSET);
  return bytes;
}

function decodeHeader(bytes: Uint8Array): JournalHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  for (let index = 0; index < MAGIC.length; index++) {
    if (bytes[index] !== MAGIC.charCodeAt(index)) return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const format = view.getUint32(8, true);
  const salt = view.getInt32(12, true);
  if (format === FORMAT) return { salt, encryption: undefined };
  if (format !== FORMAT_ENCRYPTED || bytes.length < ENCRYPTED_HEADER_BYTES) return undefined;
  const keyIdBytes = Math.min(view.getUint32(HEADER_BYTES, true), KEY_ID_BYTES_MAX);
  const keyId = bytes.subarray(KEY_ID_OFFSET, KEY_ID_OFFSET + keyIdBytes);
  const noncePrefix = bytes.slice(NONCE_PREFIX_OFFSET, ENCRYPTED_HEADER_BYTES);
  return { salt, encryption: { keyId: String.fromCharCode(...keyId), noncePrefix } };
}

/** One frame that is to lie at `offset`. */
export function encodeFrame(
  body: unknown,
  salt: number,
  seal: JournalSeal | undefined,
  offset: number,
): Uint8Array {
  const packed = packPlain(body);
  const onDisk = seal?.seal(packed, offset) ?? packed;
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + onDisk.length);
  bytes.set(onDisk, FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, onDisk.length, true);
  const crc = portableCrc32(bytes, FRAME_HEADER_BYTES, bytes.length, salt ^ offset);
  view.setUint32(4, crc, true);
  return bytes;
}

/** The frames of a file that count, as they lie there: for that no key is needed. */
export interface JournalFrames {
  readonly header: JournalHeader;
  /** At least one. */
  readonly frames: readonly { readonly offset: number; readonly body: Uint8Array }[];
  /** Where the last one ends. */
  readonly end: number;
}

/** `undefined` if not even the first frame is whole. */
export function readFrames(bytes: Uint8Array): JournalFrames | undefined {
  const header = decodeHeader(bytes);
  if (header === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames: { offset: number; body: Uint8Array }[] = [];
  let offset = header.encryption === undefined ? HEADER_BYTES : ENCRYPTED_HEADER_BYTES;
  for (;;) {
    const end = frameEnd(bytes, view, header.salt, offset);
    if (end === undefined) break;
    frames.push({ offset, body: bytes.subarray(offset + FRAME_HEADER_BYTES, end) });
    offset = end;
  }
  return frames.length === 0 ? undefined : { header, frames, end: offset };
}

/** What a file says. */
export interface DecodedJournal {
  readonly start: JournalStart;
  readonly batches: readonly JournalEntry[][];
}

/** `undefined` if the first frame is not proved: then it is another key. */
export function decodeJournal(
  { frames }: JournalFrames,
  seal: JournalSeal | undefined,
): DecodedJournal | undefined {
  const bodies: unknown[] = [];
  for (const { offset, body } of frames) {
    const packed = seal === undefined ? body : seal.open(body, offset);
    if (packed === undefined) break;
    bodies.push(unpackPlain(packed, { start: 0, end: packed.length }));
  }
  const [start, ...batches] = bodies;
  if (start === undefined) return undefined;
  return { start: start as JournalStart, batches: batches as JournalEntry[][] };
}

/** True if a whole frame begins behind `offset`: what lies there was written before it. */
export function hasFrameBehind(bytes: Uint8Array, salt: number, offset: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = offset + 1; at + FRAME_HEADER_BYTES < bytes.length; at++) {
    if (frameEnd(bytes, view, salt, at) !== undefined) return true;
  }
  return false;
}

/** Where the frame at `offset` ends; `undefined` if none that is whole begins there. */
function frameEnd(
  bytes: Uint8Array,
  view: DataView,
  salt: number,
  offset: number,
): number | undefined {
  if (offset + FRAME_HEADER_BYTES >= bytes.length) return undefined;
  const start = offset + FRAME_HEADER_BYTES;
  const end = start + view.getUint32(offset, true);
  if (end <= start || end > bytes.length) return undefined;
  const crc = portableCrc32(bytes, start, end, salt ^ offset);
  return view.getUint32(offset + 4, true) === crc ? end : undefined;
}
