import { isExpired } from '../expiry/expiry.ts';

/** With the names, at most some 4 MiB. */
const ENTRIES_MAX = 16_384;
const CHARACTERS_MAX = 1024 * 1024;
const ENTRY_BYTES = 100;

/**
 * Keys that a loader found nothing for, and until when nobody has to ask again. In memory only, and
 * bounded: when there are too many, those that were noted first are forgotten, and asked for again.
 * Keys are known by their names, as `keyLockName` gives them.
 */
export class Absences {
  readonly #untilMs = new Map<string, number>();
  #characters = 0;

  get size(): number {
    return this.#untilMs.size;
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#characters * 2 + this.size * ENTRY_BYTES;
  }

  note(name: string, untilMs: number): void {
    this.forget(name);
    this.#untilMs.set(name, untilMs);
    this.#characters += name.length;
    for (const oldest of this.#untilMs.keys()) {
      if (this.size <= ENTRIES_MAX && this.#characters <= CHARACTERS_MAX) return;
      this.forget(oldest);
    }
  }

  has(name: string, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(name);
    if (untilMs === undefined) return false;
    if (!isExpired(untilMs, nowMs)) return true;
    this.forget(name);
    return false;
  }

  forget(name: string): void {
    if (this.#untilMs.delete(name)) this.#characters -= name.length;
  }

  clear(): void {
    this.#untilMs.clear();
    this.#characters = 0;
  }
}
