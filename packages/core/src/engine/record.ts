/**
 * A record is one write of one key. Records lie back to back in a segment, each starting on a
 * multiple of 8, and never change once the segment's head has moved past them. All numbers are
 * little-endian.
 *
 *     offset  size  field
 *          0     4  crc       CRC-32 of the rest, started from the file's salt ^ the offset
 *          4     4  shape     bits 0–23 length / 8 · 24–26 padding bytes · 27–29 kind
 *          8     4  meta      bits 0–16 key bytes · 17 key is text · 18–21 encoding
 *                             · 22–25 compression · 26–31 flags
 *         12     4  expiry    milliseconds after the file's time base, unsigned; all ones = never
 *         16     4  sequence  minus the file's sequence base, signed
 *         20     4  created   milliseconds after the time base, signed
 *        [24    12  the high words of expiry, sequence and created, signed, if flag WIDE]
 *        [ +     4  until: up to when what this record replaced may lie in another file, in
 *                   milliseconds after the time base, unsigned; all ones = for ever; if flag UNTIL]
 *        [ +    16  mac: proves what lies behind it, encrypted, and what lies before, the crc left
 *                   out; if flag MAC]
 *         ..        key, tags if flag TAGGED, value, padding to a multiple of 8; the key begins
 *                   with its namespace if flag NAMED
 *
 * A record at `offset` is valid if and only if
 * 1. its kind is a known one, unused bits are zero, and its length is at least that of its header
 *    and key and ends inside the file, and
 * 2. its crc is right. The salt is random for each file and the offset stands in it, so a value
 *    that quotes a record is not one, nor is a record in another place, and
 * 3. in an encrypted file, it has flag MAC and its mac is right. In memory it is decrypted, and the
 *    mac's place has no meaning.
 *
 * Tags are one byte for their number, 1 to 25, and eight for each: an id (see floors.ts), or as the
 * last one the deadline of a value that is kept for longer (see stale-mark.ts).
 *
 * WIDE is for what 32 bits cannot hold: TTLs over 49 days, and copies of records older than the
 * file.
 */

import { assert } from '../assert.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { Crc32 } from './crc32.ts';

export const RECORD_ALIGNMENT = 8;
export const RECORD_HEADER_BYTES = 24;
export const WIDE_BYTES = 12;
export const UNTIL_BYTES = 4;
export const MAC_BYTES = 16;

/** The `until` of a record that replaced nothing another file could bring back. */
export const HIDES_NOTHING = 0;

/** The bound that 24 bits of eight-byte units set. */
export const RECORD_BYTES_MAX: number = 0xffffff * RECORD_ALIGNMENT;

export const KIND_PUT = 1;
export const KIND_DELETE = 2;
export const KIND_FRAME = 3;
/** Every record with a smaller sequence is gone. */
export const KIND_CLEAR = 4;
/** No key's: the shapes that values of its segment refer to. */
export const KIND_SHAPES = 5;
/** Records with the tag that is its key, and with a smaller sequence, are gone. */
export const KIND_FLOOR = 6;
const KIND_MAX = KIND_FLOOR;

export const TAG_BYTES = 8;

const TEXT_KEY = 1 << 17;
const ENCODING_SHIFT = 18;
const FLAG_WIDE = 1 << 26;
const FLAG_UNTIL = 1 << 27;
const FLAG_MAC = 1 << 28;
const FLAG_TAGGED = 1 << 29;
const FLAG_NAMED = 1 << 30;
/** Bits that no record of this version has: the shape's last two, an unknown flag. */
const SHAPE_RESERVED = 0b11 << 30;
const META_RESERVED = 1 << 31;
const NO_EXPIRY = -1;
const NO_EXPIRY_HIGH = 0x7fffffff;
const EXPIRY_NARROW_MAX = 0xfffffffe;
const TWO_32 = 4_294_967_296;

assert(
  new Uint8Array(new Uint32Array([1]).buffer)[0] === 1,
  'records need a little-endian machine',
);

/** The times and the number of a record, absolute. */
export interface RecordStamp {
  readonly sequence: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** What a record's relative fields are relative to. */
export interface RecordBase {
  readonly timeBaseMs: number;
  readonly sequenceBase: number;
}

/** A place where records lie: the same memory as bytes and as words. */
export interface RecordMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

export function needsWide(
  base: RecordBase,
  sequence: number,
  createdAtMs: number,
  expiresAtMs: number,
): boolean {
  if (expiresAtMs !== NEVER && expiresAtMs - base.timeBaseMs > EXPIRY_NARROW_MAX) return true;
  const sequenceDelta = sequence - base.sequenceBase;
  const createdDelta = createdAtMs - base.timeBaseMs;
  return (sequenceDelta | 0) !== sequenceDelta || (createdDelta | 0) !== createdDelta;
}

export function recordBytes(
  keyBytes: number,
  valueBytes: number,
  wide: boolean,
  untilMs: number,
  isEncrypted: boolean,
): number {
  const bytes = headerBytes(wide, untilMs !== HIDES_NOTHING, isEncrypted) + keyBytes + valueBytes;
  return (bytes + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
}

function headerBytes(wide: boolean, hides: boolean, isEncrypted: boolean): number {
  const bytes = RECORD_HEADER_BYTES + (wide ? WIDE_BYTES : 0) + (hides ? UNTIL_BYTES : 0);
  return isEncrypted ? bytes + MAC_BYTES : bytes;
}

/**
 * Writes everything of a record but its key, value, crc and mac; returns where the key goes. Hot:
 * no allocation.
 */
export function writeRecordHeader(
  memory: RecordMemory,
  offset: number,
  base: RecordBase,
  kind: number,
  isTextKey: boolean,
  encoding: number,
  keyBytes: number,
  valueBytes: number,
  sequence: number,
  createdAtMs: number,
  expiresAtMs: number,
  untilMs: number,
  wide: boolean,
  isEncrypted: boolean,
  isTagged = false,
  isNamed = false,
): number {
  const { words } = memory;
  const at = offset >> 2;
  const hides = untilMs !== HIDES_NOTHING;
  const keyAt = offset + headerBytes(wide, hides, isEncrypted);
  const payload = keyAt - offset + keyBytes + valueBytes;
  const length = (payload + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
  assert(length <= RECORD_BYTES_MAX, 'record longer than its length field');
  words[at + 1] = (length >> 3) | ((length - payload) << 24) | (kind << 27);
  words[at + 2] =
    keyBytes |
    (isTextKey ? TEXT_KEY : 0) |
    (encoding << ENCODING_SHIFT) |
    (wide ? FLAG_WIDE : 0) |
    (hides ? FLAG_UNTIL : 0) |
    (isEncrypted ? FLAG_MAC : 0) |
    (isTagged ? FLAG_TAGGED : 0) |
    (isNamed ? FLAG_NAMED : 0);
  // A deadline before the time base is as expired as one at it.
  words[at + 3] =
    expiresAtMs === NEVER ? NO_EXPIRY : low(Math.max(expiresAtMs - base.timeBaseMs, 0));
  words[at + 4] = low(sequence - base.sequenceBase);
  words[at + 5] = low(createdAtMs - base.timeBaseMs);
  // What of the last words is padding must be the same bytes on disk every time.
  const end = at + (length >> 2);
  if (payload > RECORD_HEADER_BYTES) {
    words[end - 2] = 0;
    words[end - 1] = 0;
  }
  if (wide) writeWideWords(words, at, base, sequence, createdAtMs, expiresAtMs);
  if (hides) words[untilIndex(words, offset)] = untilWord(untilMs, base.timeBaseMs);
  return keyAt;
}

/** Hiding for longer than needed is safe: what does not fit never ends. */
function untilWord(untilMs: number, timeBaseMs: number): number {
  const delta = Math.max(untilMs - timeBaseMs, 0);
  return delta > EXPIRY_NARROW_MAX ? NO_EXPIRY : low(delta);
}

function writeWideWords(
  words: Int32Array,
  at: number,
  base: RecordBase,
  sequence: number,
  createdAtMs: number,
  expiresAtMs: number,
): void {
  const expiry = Math.max(expiresAtMs - base.timeBaseMs, 0);
  words[at + 6] = expiresAtMs === NEVER ? NO_EXPIRY_HIGH : high(expiry);
  words[at + 7] = high(sequence - base.sequenceBase);
  words[at + 8] = high(createdAtMs - base.timeBaseMs);
}

/** Seals a complete record with its crc. */
export function writeRecordCrc(
  memory: RecordMemory,
  offset: number,
  salt: number,
  crc32: Crc32,
): void {
  const end = offset + recordLength(memory.words, offset);
  memory.words[offset >> 2] = crc32(memory, offset + 4, end, salt ^ offset);
}

/** Condition 1 and 2 of the header comment, for a record that must end at or before `limit`. */
export function isValidRecord(
  memory: RecordMemory,
  offset: number,
  limit: number,
  salt: number,
  crc32: Crc32,
): boolean {
  if (offset + RECORD_HEADER_BYTES > limit) return false;
  const { words } = memory;
  const kind = recordKind(words, offset);
  if (kind < KIND_PUT || kind > KIND_MAX) return false;
  // Before the crc, which is over as much as these bytes say: most garbage ends here.
  if (((words[(offset >> 2) + 1] as number) & SHAPE_RESERVED) !== 0) return false;
  if (((words[(offset >> 2) + 2] as number) & META_RESERVED) !== 0) return false;
  const length = recordLength(words, offset);
  if (offset + length > limit) return false;
  if (
    keyStart(words, offset) + keyLength(words, offset) >
    offset + length - padding(words, offset)
  ) {
    return false;
  }
  const end = offset + length;
  return (words[offset >> 2] as number) === crc32(memory, offset + 4, end, salt ^ offset);
}

export function recordLength(words: Int32Array, offset: number): number {
  return ((words[(offset >> 2) + 1] as number) & 0xffffff) << 3;
}

export function recordKind(words: Int32Array, offset: number): number {
  return ((words[(offset >> 2) + 1] as number) >>> 27) & 7;
}

/** What the value's bytes are, and above it in bits 4–7 how they are compressed. */
export function recordEncoding(words: Int32Array, offset: number): number {
  return ((words[(offset >> 2) + 2] as number) >>> ENCODING_SHIFT) & 0xff;
}

export function keyLength(words: Int32Array, offset: number): number {
  return (words[(offset >> 2) + 2] as number) & 0x1ffff;
}

/** The length of a key, and whether it is a namespace's, as one number to compare. */
export function keyMeasure(length: number, isNamed: boolean): number {
  return isNamed ? length | FLAG_NAMED : length;
}

/** That of a record's key. */
export function recordKeyMeasure(words: Int32Array, offset: number): number {
  return (words[(offset >> 2) + 2] as number) & (0x1ffff | FLAG_NAMED);
}

/** True if the key begins with the namespace it belongs to. */
export function isNamed(words: Int32Array, offset: number): boolean {
  return ((words[(offset >> 2) + 2] as number) & FLAG_NAMED) !== 0;
}

export function isTextKey(words: Int32Array, offset: number): boolean {
  return ((words[(offset >> 2) + 2] as number) & TEXT_KEY) !== 0;
}

export function keyStart(words: Int32Array, offset: number): number {
  const meta = words[(offset >> 2) + 2] as number;
  const isWide = (meta & FLAG_WIDE) !== 0;
  return offset + headerBytes(isWide, (meta & FLAG_UNTIL) !== 0, (meta & FLAG_MAC) !== 0);
}

/** True for a record of an encrypted file: its mac ends where its key starts. */
export function hasMac(words: Int32Array, offset: number): boolean {
  return ((words[(offset >> 2) + 2] as number) & FLAG_MAC) !== 0;
}

function untilIndex(words: Int32Array, offset: number): number {
  const at = offset >> 2;
  const isWide = ((words[at + 2] as number) & FLAG_WIDE) !== 0;
  return at + ((RECORD_HEADER_BYTES + (isWide ? WIDE_BYTES : 0)) >> 2);
}

export function isTagged(words: Int32Array, offset: number): boolean {
  return ((words[(offset >> 2) + 2] as number) & FLAG_TAGGED) !== 0;
}

/** Where the key ends: the value is there, or the tags before it. */
export function keyEnd(words: Int32Array, offset: number): number {
  return keyStart(words, offset) + keyLength(words, offset);
}

export function valueStart(words: Int32Array, offset: number): number {
  const end = keyEnd(words, offset);
  return isTagged(words, offset) ? end + 1 + TAG_BYTES * tagCount(words, offset) : end;
}

/** Of a record that has tags. */
export function tagCount(words: Int32Array, offset: number): number {
  const at = keyEnd(words, offset);
  return ((words[at >> 2] as number) >>> ((at & 3) * 8)) & 0xff;
}

export function valueEnd(words: Int32Array, offset: number): number {
  return offset + recordLength(words, offset) - padding(words, offset);
}

export function recordExpiresAtMs(words: Int32Array, offset: number, timeBaseMs: number): number {
  const at = offset >> 2;
  const expiry = words[at + 3] as number;
  if (((words[at + 2] as number) & FLAG_WIDE) !== 0) {
    const top = words[at + 6] as number;
    return top === NO_EXPIRY_HIGH ? NEVER : timeBaseMs + top * TWO_32 + (expiry >>> 0);
  }
  return expiry === NO_EXPIRY ? NEVER : timeBaseMs + (expiry >>> 0);
}

/** Up to when an older record of the key may lie in another file; `HIDES_NOTHING` for none. */
export function recordUntilMs(words: Int32Array, offset: number, timeBaseMs: number): number {
  const meta = words[(offset >> 2) + 2] as number;
  if ((meta & FLAG_UNTIL) === 0) return HIDES_NOTHING;
  const until = words[untilIndex(words, offset)] as number;
  return until === NO_EXPIRY ? NEVER : timeBaseMs + (until >>> 0);
}

export function recordSequence(words: Int32Array, offset: number, sequenceBase: number): number {
  return sequenceBase + signed(words, offset, 4, 7);
}

export function recordCreatedAtMs(words: Int32Array, offset: number, timeBaseMs: number): number {
  return timeBaseMs + signed(words, offset, 5, 8);
}

function padding(words: Int32Array, offset: number): number {
  return ((words[(offset >> 2) + 1] as number) >>> 24) & 7;
}

function signed(words: Int32Array, offset: number, lowWord: number, highWord: number): number {
  const at = offset >> 2;
  const value = words[at + lowWord] as number;
  if (((words[at + 2] as number) & FLAG_WIDE) === 0) return value;
  return (words[at + highWord] as number) * TWO_32 + (value >>> 0);
}

function low(value: number): number {
  // `| 0` alone is only defined to 2^53, which every time and sequence here stays below.
  return value | 0;
}

function high(value: number): number {
  return Math.floor(value / TWO_32);
}
