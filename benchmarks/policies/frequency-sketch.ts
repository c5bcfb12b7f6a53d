/**
 * How often objects were asked for lately, in little memory: a count-min sketch of four rows whose
 * counters stop at 15 and are all halved after ten requests for each object of the capacity
 * (Einziger, Friedman, Manes: "TinyLFU", ACM Transactions on Storage 2017).
 */
const ROWS = 4;
const COUNT_MAX = 15;
const SAMPLES_PER_OBJECT = 10;
/** Counters a row, for each object of the capacity: few enough collisions to compare by. */
const COUNTERS_PER_OBJECT = 4;
const SEEDS = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f] as const;

export class FrequencySketch {
  readonly #counters: Uint8Array;
  readonly #width: number;
  readonly #samplesMax: number;
  #samples = 0;

  constructor(capacity: number) {
    this.#width = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * COUNTERS_PER_OBJECT)));
    this.#counters = new Uint8Array(this.#width * ROWS);
    this.#samplesMax = Math.max(1, capacity) * SAMPLES_PER_OBJECT;
  }

  /** Never less than the requests since the last halving and half of those before, up to 15. */
  countOf(object: number): number {
    let least = COUNT_MAX;
    for (let row = 0; row < ROWS; row++) {
      least = Math.min(least, this.#counters[this.#at(row, object)]!);
    }
    return least;
  }

  record(object: number): void {
    for (let row = 0; row < ROWS; row++) {
      const at = this.#at(row, object);
      if (this.#counters[at]! < COUNT_MAX) this.#counters[at]!++;
    }
    if (++this.#samples < this.#samplesMax) return;
    this.#samples >>>= 1;
    for (let at = 0; at < this.#counters.length; at++) this.#counters[at]! >>>= 1;
  }

  #at(row: number, object: number): number {
    let mixed = Math.imul(object ^ (object >>> 16) ^ SEEDS[row]!, SEEDS[row]!);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    return row * this.#width + ((mixed ^ (mixed >>> 13)) & (this.#width - 1));
  }
}
