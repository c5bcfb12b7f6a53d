/**
 * Reads one file's memory a batch at a time. A batch counts once its FRAME is whole; where a record
 * cannot be read, the caller decides whether the file ends there or the walk goes on behind the
 * damage.
 */

import type { Crc32 } from './crc32.ts';
import { comparePositions, LOG_START, type LogPosition, readFrame } from './frame.ts';
import {
  isValidRecord,
  KIND_FRAME,
  keyStart,
  RECORD_ALIGNMENT,
  type RecordMemory,
  recordKind,
  recordLength,
} from './record.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

/** Steps through one file's batches, and past what it cannot read. */
export class FileWalk {
  /** Valid records since the last batch's end, FRAMEs not included. */
  records: number[] = [];
  frameAt = 0;
  batchStart: number = SEGMENT_HEADER_BYTES;
  committedEnd: number = SEGMENT_HEADER_BYTES;
  damageStart = 0;
  holeStart: number | undefined;
  readonly #memory: RecordMemory;
  readonly #limit: number;
  readonly #salt: number;
  readonly #crc32: Crc32;
  #at: number = SEGMENT_HEADER_BYTES;
  #isFresh = true;

  constructor(memory: RecordMemory, limit: number, salt: number, crc32: Crc32) {
    this.#memory = memory;
    this.#limit = limit;
    this.#salt = salt;
    this.#crc32 = crc32;
  }

  /** `batch`: `records`, `frameAt` and `holeStart` tell of it, until the next call. */
  nextBatch(): 'batch' | 'damage' | 'end' {
    if (this.#isFresh) {
      this.records = [];
      this.holeStart = undefined;
      this.batchStart = this.#at;
      this.#isFresh = false;
    }
    const { words } = this.#memory;
    while (this.#at < this.#limit) {
      if (!isValidRecord(this.#memory, this.#at, this.#limit, this.#salt, this.#crc32)) {
        this.damageStart = this.#at;
        return 'damage';
      }
      const offset = this.#at;
      this.#at += recordLength(words, offset);
      if (recordKind(words, offset) !== KIND_FRAME) {
        this.records.push(offset);
        continue;
      }
      this.frameAt = offset;
      this.committedEnd = this.#at;
      this.#isFresh = true;
      return 'batch';
    }
    this.damageStart = this.#at;
    return 'end';
  }

  /** Goes on at the next record that proves itself by its salted crc; returns where that is. */
  skipDamage(): number {
    this.holeStart ??= this.damageStart;
    let at = this.damageStart + RECORD_ALIGNMENT;
    while (at < this.#limit) {
      if (isValidRecord(this.#memory, at, this.#limit, this.#salt, this.#crc32)) break;
      at += RECORD_ALIGNMENT;
    }
    this.#at = Math.min(at, this.#limit);
    return this.#at;
  }
}

/** The furthest durable mark of any FRAME in `[start, limit)`, damaged stretches skipped. */
export function highestMark(
  memory: RecordMemory,
  start: number,
  limit: number,
  salt: number,
  crc32: Crc32,
): LogPosition {
  let highest = LOG_START;
  for (let at = start; at < limit; ) {
    if (!isValidRecord(memory, at, limit, salt, crc32)) {
      at += RECORD_ALIGNMENT;
      continue;
    }
    if (recordKind(memory.words, at) === KIND_FRAME) {
      const { durable } = readFrame(memory.words, keyStart(memory.words, at));
      if (comparePositions(durable, highest) > 0) highest = durable;
    }
    at += recordLength(memory.words, at);
  }
  return highest;
}
