/**
 * A segment is a run of records in the order they were written, at the same offsets in memory and
 * in its file.
 *
 *     0          352                 durableTo        writtenTo          head          capacity
 *     │ header ×2 │ records … FRAME …   │ written, not synced │ only in memory │ free │
 *
 * Invariants
 * 1. Bytes before `head` never change, but for the header and the checksums when it is renewed.
 * 2. durableTo ≤ writtenTo ≤ head ≤ capacity.
 * 3. A segment without memory is sealed and written whole: it is read from its file.
 * 4. Memory that a write under way reads stays this segment's.
 * 5. `generation` changes whenever the table slot changes hands, so an index slot left behind
 *    points nowhere.
 */

import { assert } from '../assert.ts';
import type { OpenFile } from '../ports/file-system.ts';
import type { Crc32 } from './crc32.ts';
import type { FileCipher } from './file-cipher.ts';
import type { RecordMemory } from './record.ts';
import { HIDES_NOTHING, isValidRecord, RECORD_ALIGNMENT, recordLength } from './record.ts';
import { SEGMENT_HEADER_BYTES, type SegmentHeader, segmentFileName } from './segment-header.ts';
import type { SegmentTally } from './tagged-counts.ts';

/** Part of a file that recovery could not read: [start, end). */
export interface Damage {
  readonly start: number;
  readonly end: number;
}

export class Segment {
  readonly tableSlot: number;
  readonly generation: number;
  /** Of this opening's segments no two have the same; from 1 on once it is in the table. */
  serial = 0;
  header: SegmentHeader;
  readonly timeBaseMs: number;
  readonly sequenceBase: number;
  fileName: string;
  readonly isMain: boolean;
  /** Its records have room for a MAC each. */
  readonly isEncrypted: boolean;
  /** What its file's records are encrypted with; `undefined` for a plain file. */
  cipher: FileCipher | undefined;
  memory: RecordMemory | undefined;
  file: OpenFile | undefined;
  capacity: number;
  head: number = SEGMENT_HEADER_BYTES;
  writtenTo = 0;
  durableTo = 0;
  /** False until a directory sync has covered the file's name. */
  isNamed = false;
  isSealed = false;
  /**
   * While a write of it is under way: nobody else may write it, or use its memory for another
   * segment.
   */
  isWriting = false;
  /** While its records are copied out of it: it keeps its memory. */
  isReclaiming = false;
  /** Its file does not count any more: a full disk needed the room. */
  isGone = false;
  /** True if a record in it has tags. */
  hasTags = false;
  liveCount = 0;
  liveBytes = 0;
  /** Kept by `TaggedCounts`; `undefined` while there is nothing to count. */
  tally: SegmentTally | undefined;
  /** Up to when any record in it is kept. */
  lastExpiryMs = 0;
  /** The latest time up to which any record in it hides an older one in another file. */
  untilMs: number = HIDES_NOTHING;
  /** Kept for main segments: how many records of keys there are, how many of them tombstones. */
  recordCount = 0;
  tombstoneCount = 0;
  /**
   * Kept for main segments: the highest sequence of its records, and the least of any with a value:
   * a tombstone needs not be hidden, and two files of them would keep each other for ever.
   */
  sequenceMax = 0;
  valueSequenceMin: number = Number.POSITIVE_INFINITY;
  /** Shapes known when its list was written last; 0 = no list, so no shaped value can be read. */
  shapeCount = 0;
  damage: readonly Damage[] = [];
  /** Its file is not encrypted as new ones are: in time its records go to such a one. */
  isOutdated = false;
  /**
   * It has to be reclaimed before any other main segment: something in it was lost, or a crash has
   * left its records in another file as well.
   */
  goesFirst = false;
  /** The main segments there were when it was found that not all of it can be read. */
  rivals: readonly Segment[] | undefined;
  /** Where the lane says that the file ends, if part of it is missing. */
  missingTo: number | undefined;

  constructor(
    tableSlot: number,
    generation: number,
    header: SegmentHeader,
    memory: RecordMemory | undefined,
    capacity: number,
    cipher?: FileCipher,
  ) {
    this.tableSlot = tableSlot;
    this.generation = generation;
    this.header = header;
    this.timeBaseMs = header.timeBaseMs;
    this.sequenceBase = header.sequenceBase;
    this.fileName = segmentFileName(header);
    this.isMain = header.main !== undefined;
    this.isEncrypted = cipher !== undefined;
    this.cipher = cipher;
    this.memory = memory;
    this.capacity = capacity;
  }

  /** How much of the file belongs to the lane, be it there or lost: what later files say of it. */
  get laneLength(): number {
    return this.missingTo ?? this.head;
  }

  noteRecord(sequence: number, isTombstone: boolean): void {
    this.recordCount++;
    if (isTombstone) this.tombstoneCount++;
    else if (sequence < this.valueSequenceMin) this.valueSequenceMin = sequence;
    if (sequence > this.sequenceMax) this.sequenceMax = sequence;
  }

  /** It has another file from now on, and that has nothing yet. */
  renew(header: SegmentHeader, cipher: FileCipher | undefined): void {
    assert(this.file === undefined, 'a renewed segment still has its old file');
    assert(!this.isWriting, 'a segment is renewed while it is written');
    this.header = header;
    this.fileName = segmentFileName(header);
    this.cipher = cipher;
    this.writtenTo = 0;
    this.durableTo = 0;
    this.isNamed = false;
  }

  /** Recovery has found it like this on the disk. */
  adopted(head: number): void {
    this.isSealed = true;
    this.isNamed = true;
    this.head = head;
    this.writtenTo = head;
    this.durableTo = head;
  }

  /** What of its memory is still to be written, up to `end`, as it has to be on the disk. */
  bytesToWrite(end: number): Uint8Array {
    return this.bytesOnDisk(this.writtenTo, end);
  }

  /** `[start, end)` of its file; without the header, or with all of it. */
  bytesOnDisk(start: number, end: number): Uint8Array {
    const { memory, cipher } = this;
    assert(memory !== undefined, 'a segment lost its memory before it was written');
    return cipher?.encrypted(memory, start, end) ?? memory.bytes.subarray(start, end);
  }

  get memoryBytes(): number {
    return this.memory?.bytes.length ?? 0;
  }

  /** All of it survives a power cut, its name as well. */
  get isDurable(): boolean {
    return this.durableTo === this.head && this.isNamed;
  }

  get isWritten(): boolean {
    return this.writtenTo === this.head;
  }

  /** It grows no more, some of it is only in memory, and nobody is at it. */
  get isToBeWritten(): boolean {
    return this.isSealed && this.memory !== undefined && !this.isWritten && !this.isWriting;
  }
}

/**
 * Offsets of the records in `[start, end)` of `memory`, damage left out. Each `next` gives the same
 * object: a generator's would be garbage to collect for every record that is cleaned.
 */
export function recordOffsets(
  memory: RecordMemory,
  start: number,
  end: number,
  damage: readonly Damage[],
): IterableIterator<number> {
  const result = { value: start, done: false };
  let at = start;
  let hole = 0;
  const offsets: IterableIterator<number> = {
    next: () => {
      for (; at === damage[hole]?.start; hole++) at = (damage[hole] as Damage).end;
      result.value = at;
      result.done = at >= end;
      if (!result.done) {
        const length = recordLength(memory.words, at);
        assert(length > 0, 'a published record has no length');
        at += length;
      }
      return result;
    },
    [Symbol.iterator]: () => offsets,
  };
  return offsets;
}

/**
 * Offsets of the records in `[start, end)` of memory read from a file, whatever fails its check
 * left out.
 */
export function* validRecordOffsets(
  memory: RecordMemory,
  start: number,
  end: number,
  salt: number,
  crc32: Crc32,
): Generator<number> {
  for (let offset = start; offset < end; ) {
    if (!isValidRecord(memory, offset, end, salt, crc32)) {
      offset += RECORD_ALIGNMENT;
      continue;
    }
    yield offset;
    offset += recordLength(memory.words, offset);
  }
}

/** Closes all of them, even if one fails; then it rejects. */
export async function closeFiles(segments: readonly Segment[]): Promise<void> {
  const closings = segments.map((segment) => segment.file?.close());
  for (const closing of await Promise.allSettled(closings)) {
    if (closing.status === 'rejected') throw closing.reason;
  }
}
