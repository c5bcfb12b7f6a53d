/**
 * The segments of both generations, by the number that index slots know them by. A table slot is
 * used again with the next generation; when its generations are through, it rests until no index
 * slot of the first one can be left.
 */

import { assert } from '../assert.ts';
import { SEGMENT_SLOTS_MAX } from './index-slot.ts';
import { type Keyring, NO_KEYS } from './keyring.ts';
import { MemoryPool } from './memory-pool.ts';
import type { RecordMemory } from './record.ts';
import { Segment } from './segment.ts';
import type { SegmentHeader } from './segment-header.ts';

const GENERATION_MASK = 0xff;

/** What index slots know a segment by. */
export interface SegmentPlace {
  readonly tableSlot: number;
  readonly generation: number;
}

export class SegmentTable {
  readonly pool: MemoryPool;
  /** What the files of its segments are encrypted with. */
  readonly keyring: Keyring;
  /** By table slot. */
  readonly slots: (Segment | undefined)[] = [];
  /** The number of this opening's next file. */
  nextNumber = 1;
  readonly #generations: number[] = [];
  readonly #free: number[] = [];
  #resting: { readonly tableSlot: number; readonly sweep: number }[] = [];
  #sweeps = 0;
  #serial = 0;

  constructor(segmentBytes: number, keyring: Keyring = NO_KEYS) {
    this.keyring = keyring;
    this.pool = new MemoryPool(segmentBytes);
  }

  /** `place` is where an index that is taken over knows it. */
  add(
    header: SegmentHeader,
    memory: RecordMemory | undefined,
    capacity: number,
    place?: SegmentPlace,
  ): Segment {
    const cipher = this.keyring.cipherOf(header);
    const tableSlot = place?.tableSlot ?? this.#free.pop() ?? this.slots.length;
    assert(tableSlot < SEGMENT_SLOTS_MAX, 'too many segments');
    for (let slot = this.slots.length; slot < tableSlot; slot++) {
      this.slots.push(undefined);
      this.#free.push(slot);
    }
    if (place !== undefined) this.#claim(place);
    const generation = this.#generations[tableSlot] ?? 0;
    this.#generations[tableSlot] = generation;
    const segment = new Segment(tableSlot, generation, header, memory, capacity, cipher);
    segment.serial = ++this.#serial;
    segment.isOutdated = !this.keyring.isCurrent(header);
    this.slots[tableSlot] = segment;
    return segment;
  }

  #claim({ tableSlot, generation }: SegmentPlace): void {
    assert(this.slots[tableSlot] === undefined, 'two segments have one place');
    const free = this.#free.indexOf(tableSlot);
    if (free !== -1) this.#free.splice(free, 1);
    this.#generations[tableSlot] = generation;
  }

  /** Index slots that still point into the segment point nowhere from now on. */
  remove(segment: Segment): void {
    const { tableSlot } = segment;
    assert(this.slots[tableSlot] === segment, 'a segment is removed twice');
    this.slots[tableSlot] = undefined;
    const generation = (segment.generation + 1) & GENERATION_MASK;
    this.#generations[tableSlot] = generation;
    if (generation === 0) this.#resting.push({ tableSlot, sweep: this.#sweeps });
    else this.#free.push(tableSlot);
  }

  isStale(tableSlot: number, generation: number): boolean {
    return this.slots[tableSlot]?.generation !== generation;
  }

  get wantsSweep(): boolean {
    return this.#resting.length > 0;
  }

  /** Every index slot has been looked at since the last call. */
  swept(): void {
    this.#sweeps++;
    const isRested = ({ sweep }: { sweep: number }): boolean => this.#sweeps - sweep >= 2;
    for (const { tableSlot } of this.#resting.filter(isRested)) this.#free.push(tableSlot);
    this.#resting = this.#resting.filter((each) => !isRested(each));
  }

  dropMemory(segment: Segment): void {
    if (segment.memory === undefined) return;
    assert(!segment.isWriting, 'memory that is being written would be used again');
    this.pool.give(segment.memory);
    segment.memory = undefined;
  }
}
