/**
 * Brings the segments of a store that was opened by its snapshot into memory, newest first, as long
 * as there is room: one in a turn, in the background. Until then, and where something in a segment
 * is damaged, each of its records is read from its file, and checked, when it is asked for.
 */

import type { Clock, Timer } from '../ports/clock.ts';
import type { EngineParts } from './engine-parts.ts';
import { isValidRecord, type RecordMemory, recordLength } from './record.ts';
import type { Segment } from './segment.ts';
import { compareFileIds, SEGMENT_HEADER_BYTES } from './segment-header.ts';

export class WarmUp {
  readonly #parts: EngineParts;
  readonly #timers: Clock;
  #left: Segment[] = [];
  #nextTurn: Timer | undefined;
  #isStopped = false;

  constructor(parts: EngineParts, timers: Clock) {
    this.#parts = parts;
    this.#timers = timers;
  }

  start(): void {
    const { log, main } = this.#parts;
    this.#left = [...log.lane, ...main.segments].sort((left, right) =>
      compareFileIds(left.header.id, right.header.id),
    );
    this.#continueSoon();
  }

  stop(): void {
    this.#isStopped = true;
    this.#nextTurn?.cancel();
  }

  #continueSoon(): void {
    this.#nextTurn = this.#timers.startTimer(0, 'background', () => void this.#next());
  }

  async #next(): Promise<void> {
    const segment = this.#left.pop();
    // Without room for one there is none for those that are older.
    if (segment === undefined || !this.#parts.memoryLimit.hasRoomFor(segment.head)) return;
    if (this.#isCold(segment)) await this.#load(segment);
    if (!this.#isStopped) this.#continueSoon();
  }

  async #load(segment: Segment): Promise<void> {
    const { pool } = this.#parts.segments;
    const { file, head } = segment;
    const memory = pool.take(head);
    // One that cannot be read is left where it is: whoever asks for a record of it is told.
    const read = await file?.read(memory.bytes.subarray(0, head), 0).catch(() => 0);
    const isWanted = read === head && !this.#isStopped && this.#isCold(segment);
    if (isWanted && this.#isWhole(segment, memory)) segment.memory = memory;
    else pool.give(memory);
  }

  /** Nobody has had it removed, or given it memory. */
  #isCold(segment: Segment): boolean {
    const isThere = this.#parts.segments.slots[segment.tableSlot] === segment;
    return isThere && segment.memory === undefined && segment.file !== undefined;
  }

  #isWhole({ head, header }: Segment, memory: RecordMemory): boolean {
    const { crc32 } = this.#parts;
    for (let at = SEGMENT_HEADER_BYTES; at < head; at += recordLength(memory.words, at)) {
      if (!isValidRecord(memory, at, head, header.salt, crc32)) return false;
    }
    return true;
  }
}
