/**
 * A FRAME ends every group commit. It says what the batch held, so that a damaged record can be
 * forgotten by its hash instead of uncovering an older value, and how far the log was certainly
 * durable before it, so that recovery can tell a torn tail (allowed) from rot (repaired or failed
 * closed).
 *
 * As the value of a record of kind FRAME, little-endian:
 *
 *     offset  size  field
 *          0     4  batch start     offset of the batch's first record
 *          4     4  count           of the batch's records, this one not included
 *          8     4  durable number  ┐ file of this epoch and offset up to which all was synced
 *         12     4  durable offset  ┘ when the batch was closed; 0/0 for nothing yet
 *         16     8  store time      Unix milliseconds: the store's clock never goes behind it
 *         24   8×n  key hash (4), offset / 8 (bits 0–23) and kind (24–31) of each record
 */

import { HIDES_NOTHING, type RecordMemory, recordBytes } from './record.ts';

const FIXED_BYTES = 24;
const ENTRY_BYTES = 8;

/** A place in one epoch's files: everything before it is meant. */
export interface LogPosition {
  readonly number: number;
  readonly offset: number;
}

export const LOG_START: LogPosition = { number: 0, offset: 0 };

export function comparePositions(left: LogPosition, right: LogPosition): number {
  return left.number - right.number || left.offset - right.offset;
}

export interface Frame {
  readonly batchStart: number;
  readonly durable: LogPosition;
  readonly storeTimeMs: number;
  readonly count: number;
}

/** Bytes of the value of a FRAME for `count` records. */
export function frameValueBytes(count: number): number {
  return FIXED_BYTES + ENTRY_BYTES * count;
}

/** Bytes of the whole FRAME record. */
export function frameRecordBytes(count: number, isEncrypted: boolean): number {
  return recordBytes(0, frameValueBytes(count), false, HIDES_NOTHING, isEncrypted);
}

/** The records of the batch that is being collected: two growing columns. */
export class BatchEntries {
  count = 0;
  #words = new Int32Array(512);

  add(hash: number, offset: number, kind: number): void {
    const at = this.count * 2;
    if (at === this.#words.length) {
      const grown = new Int32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[at] = hash;
    this.#words[at + 1] = (offset >> 3) | (kind << 24);
    this.count++;
  }

  offsetAt(index: number): number {
    return ((this.#words[index * 2 + 1] as number) & 0xffffff) << 3;
  }

  writeTo(target: Int32Array, at: number): void {
    target.set(this.#words.subarray(0, this.count * 2), at);
  }
}

export function writeFrameValue(
  memory: RecordMemory,
  at: number,
  frame: Omit<Frame, 'count'>,
  entries: BatchEntries,
): void {
  const word = at >> 2;
  const { words } = memory;
  words[word] = frame.batchStart;
  words[word + 1] = entries.count;
  words[word + 2] = frame.durable.number;
  words[word + 3] = frame.durable.offset;
  words[word + 4] = frame.storeTimeMs | 0;
  words[word + 5] = Math.floor(frame.storeTimeMs / 4_294_967_296);
  entries.writeTo(words, word + 6);
}

/** Reads the fixed part; the record's crc was checked before. */
export function readFrame(words: Int32Array, at: number): Frame {
  const word = at >> 2;
  return {
    batchStart: words[word]!,
    count: words[word + 1]!,
    durable: { number: words[word + 2]! >>> 0, offset: words[word + 3]! },
    storeTimeMs: (words[word + 5] as number) * 4_294_967_296 + (words[word + 4]! >>> 0),
  };
}

export function frameEntryHash(words: Int32Array, at: number, index: number): number {
  return words[(at >> 2) + 6 + index * 2] as number;
}

export function frameEntryKind(words: Int32Array, at: number, index: number): number {
  return (words[(at >> 2) + 7 + index * 2] as number) >>> 24;
}

export function frameEntryOffset(words: Int32Array, at: number, index: number): number {
  return ((words[(at >> 2) + 7 + index * 2] as number) & 0xffffff) << 3;
}
