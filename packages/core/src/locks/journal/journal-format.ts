/**
 * A journal's bytes. Little-endian.
 *
 *     offset  size  field
 *          0     8  magic    "HFLOCKS1"
 *          8     4  format   1
 *         12     4  salt     random, so that no frame of an older file is taken for one of this
 *         16    ..  frames
 *
 * A frame is what was written at once: all of it counts, or nothing.
 *
 *     offset  size  field
 *          0     4  length   of the body
 *          4     4  crc      CRC-32 of the body, started from salt ^ the frame's place in the file
 *          8    ..  body     MessagePack
 *
 * The first frame's body is the boot's id and all that was true when the file was made, as entries;
 * those of the others are entries. What follows the first frame that is not whole was never
 * promised to anybody.
 */
import { packPlain, unpackPlain } from '../../codec/plain-msgpack.ts';
import { portableCrc32 } from '../../engine/crc32.ts';
import type { JournalEntry } from './journal-entry.ts';

export const JOURNAL_HEADER_BYTES = 16;
const FRAME_HEADER_BYTES = 8;
const MAGIC = 'HFLOCKS1';
const FORMAT = 1;

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

export function encodeHeader(salt: number): Uint8Array {
  const bytes = new Uint8Array(JOURNAL_HEADER_BYTES);
  for (let index = 0; index < MAGIC.length; index++) bytes[index] = MAGIC.charCodeAt(index);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, FORMAT, true);
  view.setInt32(12, salt, true);
  return bytes;
}

/** One frame that is to lie at `offset`. */
export function encodeFrame(body: unknown, salt: number, offset: number): Uint8Array {
  const packed = packPlain(body);
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + packed.length);
  bytes.set(packed, FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, packed.length, true);
  const crc = portableCrc32(bytes, FRAME_HEADER_BYTES, bytes.length, salt ^ offset);
  view.setUint32(4, crc, true);
  return bytes;
}

/** What a file says. */
export interface DecodedJournal {
  readonly start: JournalStart;
  readonly batches: readonly JournalEntry[][];
  /** Where the last frame that counts ends. */
  readonly end: number;
  readonly salt: number;
}

/** `undefined` if not even the first frame is whole. */
export function decodeJournal(bytes: Uint8Array): DecodedJournal | undefined {
  if (bytes.length < JOURNAL_HEADER_BYTES) return undefined;
  for (let index = 0; index < MAGIC.length; index++) {
    if (bytes[index] !== MAGIC.charCodeAt(index)) return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(8, true) !== FORMAT) return undefined;
  const salt = view.getInt32(12, true);
  const bodies: unknown[] = [];
  let offset = JOURNAL_HEADER_BYTES;
  for (;;) {
    const end = frameEnd(bytes, view, salt, offset);
    if (end === undefined) break;
    bodies.push(unpackPlain(bytes, { start: offset + FRAME_HEADER_BYTES, end }));
    offset = end;
  }
  const [start, ...batches] = bodies;
  if (start === undefined) return undefined;
  const decoded = { start: start as JournalStart, batches: batches as JournalEntry[][] };
  return { ...decoded, end: offset, salt };
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
