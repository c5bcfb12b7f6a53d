/**
 * Remembers the keys that were evicted last, by their hash alone: one that comes back soon was
 * evicted too early. The ghost queue of S3-FIFO (Yang et al., SOSP 2023), as a table:
 *
 *     entry   bits 16–31 the hash's high half · 0–15 when it was evicted, in ticks
 *     place   the hash's low bits; the next eviction that falls there takes it over
 *
 * A hash counts as remembered for as many evictions as the table has entries. It may be forgotten
 * earlier, or mistaken for another one: that costs a copy, or the lack of one, and nothing else.
 */

const ENTRIES_MIN = 256;
const ENTRIES_MAX = 1 << 22;
const TICKS_PER_TABLE = 1 << 12;
const TICK_MASK = 0xffff;

export class Ghosts {
  readonly #words: Int32Array;
  readonly #mask: number;
  readonly #evictionsPerTick: number;
  /** From 1 on: an empty entry has tick 0. */
  #tick = 1;
  #evictions = 0;

  /** `entriesMax` is rounded to a power of two. */
  constructor(entriesMax: number) {
    const wanted = 2 ** Math.ceil(Math.log2(Math.max(entriesMax, ENTRIES_MIN)));
    const entries = Math.min(wanted, ENTRIES_MAX);
    this.#words = new Int32Array(entries);
    this.#mask = entries - 1;
    this.#evictionsPerTick = Math.max(1, entries / TICKS_PER_TABLE);
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  add(hash: number): void {
    if (++this.#evictions >= this.#evictionsPerTick) {
      this.#evictions = 0;
      this.#tick = this.#tick === TICK_MASK ? 1 : this.#tick + 1;
    }
    this.#words[hash & this.#mask] = (hash & ~0xffff) | this.#tick;
  }

  /** True if the hash was evicted lately; it is forgotten by that. */
  take(hash: number): boolean {
    const place = hash & this.#mask;
    const word = this.#words[place] as number;
    if (word === 0 || (word ^ hash) >>> 16 !== 0) return false;
    this.#words[place] = 0;
    const age = (this.#tick - (word & TICK_MASK) + TICK_MASK) % TICK_MASK;
    return age * this.#evictionsPerTick <= this.#words.length;
  }
}
