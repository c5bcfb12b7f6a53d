/**
 * Copies in memory of records that are only on disk and were read more than once: how what is hot
 * comes back. FASTER calls it a read cache (Chandramouli et al., SIGMOD 2018).
 *
 *     ring    │ … older half … │ … newer half … │   a copy's position only ever grows
 *     slots   (segment, offset) ─► position         direct-mapped: the later one has the slot
 *
 * A copy that is read in the older half is copied to the end again, so what is read often stays and
 * the rest is written over: nothing is ever removed.
 *
 * Invariants
 * 1. Records never change and a segment's serial is never used twice, so a copy is never outdated:
 *    of a record that was replaced nobody asks.
 * 2. A position is valid while it lies less than the ring's size before the end.
 */

import { type RecordMemory, recordLength } from './record.ts';
import type { Segment } from './segment.ts';

/** Larger ones would write over too much else. */
const RECORD_SHARE_MAX = 1 / 8;

/** A slot for so many bytes of the ring: fewer slots than copies lose some of them. */
const BYTES_PER_SLOT = 128;
const SLOT_BYTES = 16;

/** Of what may be more than fits one buffer. */
const BYTES_MAX = 2 ** 30;

/** In which it grows: so often others are asked for memory. */
const STEPS = 64;

export class ReadCache {
  readonly #bytesMax: number;
  #ring: RecordMemory | undefined;
  /** Of each slot the segment's serial, 0 for none, and the record's offset. */
  #places = new Int32Array(0);
  #positions = new Float64Array(0);
  #end = 0;

  /** Called whenever `bytes` has grown by so much. */
  onGrown: () => void = () => {};
  readonly #stepBytes: number;

  /** `bytesMax` of records and slots; nothing is taken before the first copy. */
  constructor(bytesMax: number) {
    this.#bytesMax = Math.min(bytesMax, BYTES_MAX);
    this.#stepBytes = this.#bytesMax / STEPS;
  }

  get bytes(): number {
    const ringBytes = this.#ring?.bytes.length ?? 0;
    return Math.min(this.#end, ringBytes) + this.#positions.length * SLOT_BYTES;
  }

  /** Where copies lie; `undefined` before there are any. */
  get memory(): RecordMemory | undefined {
    return this.#ring;
  }

  /** Where in `memory` the record at `offset` of a segment lies, until the next call. */
  find(segment: Segment, offset: number): number | undefined {
    const ring = this.#ring;
    if (ring === undefined) return undefined;
    const size = ring.bytes.length;
    const slot = this.#slotOf(segment, offset);
    if (this.#places[2 * slot] !== segment.serial || this.#places[2 * slot + 1] !== offset) {
      return undefined;
    }
    const position = this.#positions[slot] as number;
    const age = this.#end - position;
    if (age > size) return undefined;
    const at = position % size;
    return age > size / 2 ? this.#append(ring, slot, ring, at) : at;
  }

  has(segment: Segment, offset: number): boolean {
    return this.find(segment, offset) !== undefined;
  }

  /** Copies the record of a segment that lies at `at` of `memory`. */
  add(segment: Segment, offset: number, memory: RecordMemory, at: number): void {
    const ring = this.#ring ?? this.#allocate();
    if (recordLength(memory.words, at) > ring.bytes.length * RECORD_SHARE_MAX) return;
    const slot = this.#slotOf(segment, offset);
    this.#places[2 * slot] = segment.serial;
    this.#places[2 * slot + 1] = offset;
    this.#append(ring, slot, memory, at);
  }

  clear(): void {
    this.#ring = undefined;
    this.#places = new Int32Array(0);
    this.#positions = new Float64Array(0);
    this.#end = 0;
  }

  #append(ring: RecordMemory, slot: number, from: RecordMemory, at: number): number {
    const size = ring.bytes.length;
    const length = recordLength(from.words, at);
    let start = this.#end % size;
    if (start + length > size) {
      this.#end += size - start;
      start = 0;
    }
    if (from === ring) ring.bytes.copyWithin(start, at, at + length);
    else ring.bytes.set(from.bytes.subarray(at, at + length), start);
    this.#positions[slot] = this.#end;
    const step = Math.floor(this.#end / this.#stepBytes);
    this.#end += length;
    if (this.#end <= size && Math.floor(this.#end / this.#stepBytes) > step) this.onGrown();
    return start;
  }

  #slotOf(segment: Segment, offset: number): number {
    const mixed = Math.imul(segment.serial ^ Math.imul(offset, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#positions.length - 1);
  }

  #allocate(): RecordMemory {
    const bytes = this.#bytesMax;
    const slots = 2 ** Math.floor(Math.log2(Math.max(bytes / BYTES_PER_SLOT, 1)));
    const ring = new ArrayBuffer(Math.max(bytes - slots * SLOT_BYTES, 0) & -8);
    this.#places = new Int32Array(2 * slots);
    this.#positions = new Float64Array(slots);
    this.#ring = { bytes: new Uint8Array(ring), words: new Int32Array(ring) };
    return this.#ring;
  }
}
