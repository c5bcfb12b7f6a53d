import { SeededRandom } from '@holdfast/core/testing';

/** What is stored: the keys are the same in every workload, the values are what differs. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** One sentence for the report. */
  readonly description: string;
  /** The value of the key with this number; a new one at every call. */
  createValue(number: number): unknown;
}

/** Keys and values in the order they are to be used. */
export interface Work {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

/** Key bytes: four letters and nine digits. */
export const KEY_BYTES = 13;

/**
 * Every key and value once, in an order that the seed decides. Strings are new at every call, as in
 * a program.
 */
export function createWork(workload: Workload, keyCount: number, seed: number): Work {
  const numbers = shuffledNumbers(keyCount, new SeededRandom(seed));
  return {
    keys: numbers.map(keyOf),
    values: numbers.map((number) => workload.createValue(number)),
  };
}

export function keyOf(number: number): string {
  // Through bytes, because a concatenated string would be joined inside the measured loop.
  return Buffer.from(`key:${String(number).padStart(KEY_BYTES - 4, '0')}`).toString('latin1');
}

/** 0 … count - 1 in a random order (Fisher and Yates). */
export function shuffledNumbers(count: number, random: SeededRandom): number[] {
  const numbers = Array.from({ length: count }, (_, number) => number);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.below(last + 1);
    const moved = numbers[last]!;
    numbers[last] = numbers[chosen]!;
    numbers[chosen] = moved;
  }
  return numbers;
}
