/**
 * What invalidating tags leaves behind: for each tag a floor, the sequence of the invalidation. A
 * record with that tag and a smaller sequence is gone.
 *
 *     invalidateTags ─► FLOOR in the young log ─► reclaimed: copied to main, as a tombstone is
 *
 * A floor is true for ever: it only says that what was written before it is gone, in whatever order
 * files and floors are read. So floors need no order among themselves, and may be kept for longer
 * than needed. What must not happen is that one is lost while a record it covers is still there.
 *
 * Invariants
 * 1. Floors only rise, but for `clear` and `makeRoom`, when no record they cover can be left.
 * 2. A floor in a file that is reclaimed is copied while main has values older than it.
 * 3. One that cannot be read covers whatever it may have covered: every tag.
 *
 * On disk and here a tag is its id: 53 bits of a hash that is the same in every store. Two tags
 * with one id are invalidated together, which costs a load and shows nothing that is wrong.
 */

import { keyEnd, keyLength, recordSequence, TAG_BYTES, tagCount } from './record.ts';
import type { Found, RecordTable } from './record-table.ts';

/** A Map of so many is some 5 MiB. Beyond, all tags are invalidated at once. */
const FLOORS_MAX = 65_536;

const TWO_32 = 4_294_967_296;
const HIGH_MASK = 0x1fffff;

/** Plain data: all floors there are. */
export interface FloorsState {
  readonly byTag: readonly (readonly [number, number])[];
  readonly all: number;
  readonly mayCover: boolean;
}

export class Floors {
  /** True once something may have a slot that is covered. */
  mayCover = false;
  readonly #byTag = new Map<number, number>();
  #all = 0;

  raise(tag: number, sequence: number): void {
    if ((this.#byTag.get(tag) ?? 0) < sequence) this.#byTag.set(tag, sequence);
    this.mayCover = true;
  }

  raiseAll(sequence: number): void {
    if (sequence > this.#all) this.#all = sequence;
    this.mayCover = true;
    this.#prune(this.#all);
  }

  /** True if a record that has tags is gone. Hot for those. */
  covers({ memory, offset, segment }: Found): boolean {
    if (this.#all === 0 && this.#byTag.size === 0) return false;
    const { words, bytes } = memory;
    const sequence = recordSequence(words, offset, segment.sequenceBase);
    if (sequence < this.#all) return true;
    const start = keyEnd(words, offset) + 1;
    const end = start + tagCount(words, offset) * TAG_BYTES;
    for (let at = start; at < end; at += TAG_BYTES) {
      if (sequence < (this.#byTag.get(readTag(bytes, at)) ?? 0)) return true;
    }
    return false;
  }

  /** True if no higher one has come since; `tag` is `undefined` for all. */
  isCurrent(tag: number | undefined, sequence: number): boolean {
    if (tag === undefined) return this.#all <= sequence;
    return this.#byTag.get(tag) === sequence;
  }

  /** False if only `raiseAll` is possible; `least` is the smallest sequence of any value left. */
  makeRoom(least: () => number): boolean {
    if (this.#byTag.size < FLOORS_MAX) return true;
    this.#prune(least());
    return this.#byTag.size < FLOORS_MAX;
  }

  /** Nothing older than that sequence is left. */
  #prune(sequence: number): void {
    for (const [tag, floor] of this.#byTag) if (floor <= sequence) this.#byTag.delete(tag);
  }

  get state(): FloorsState {
    return { byTag: [...this.#byTag], all: this.#all, mayCover: this.mayCover };
  }

  /** Takes the place of the state of one that has none. */
  restore({ byTag, all, mayCover }: FloorsState): void {
    for (const [tag, sequence] of byTag) this.#byTag.set(tag, sequence);
    this.#all = all;
    this.mayCover = mayCover;
  }

  clear(): void {
    this.#byTag.clear();
    this.#all = 0;
    this.mayCover = false;
  }
}

/**
 * The id of a tag: two passes of FNV-1a, from different starts, finished with MurmurHash3's mixer.
 */
export function tagId(name: Uint8Array): number {
  return (hash(name, 0x9747b28c) & HIGH_MASK) * TWO_32 + (hash(name, 0x811c9dc5) >>> 0);
}

function hash(bytes: Uint8Array, seed: number): number {
  let value = seed;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

export function readTag(bytes: Uint8Array, at: number): number {
  let tag = 0;
  for (let index = TAG_BYTES - 1; index >= 0; index--) {
    tag = tag * 256 + (bytes[at + index] as number);
  }
  return tag;
}

export function writeTag(tag: number, bytes: Uint8Array, at: number): void {
  let rest = tag;
  for (let index = 0; index < TAG_BYTES; index++) {
    bytes[at + index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Tags as they stand before a value. */
export function encodeTags(tags: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(1 + tags.length * TAG_BYTES);
  bytes[0] = tags.length;
  for (const [index, tag] of tags.entries()) writeTag(tag, bytes, 1 + index * TAG_BYTES);
  return bytes;
}

/** The tag a FLOOR is about: its key; `undefined` if that is empty, for all tags. */
export function floorTag({ memory, offset }: Pick<Found, 'memory' | 'offset'>): number | undefined {
  const end = keyEnd(memory.words, offset);
  return keyLength(memory.words, offset) === 0 ? undefined : readTag(memory.bytes, end - TAG_BYTES);
}

/** What is invalidated and still has a slot loses it, so that counts are right. */
export function purgeInvalidated({ floors, table }: { floors: Floors; table: RecordTable }): void {
  if (!floors.mayCover) return;
  table.purgeTagged((found) => floors.covers(found));
  floors.mayCover = false;
}
