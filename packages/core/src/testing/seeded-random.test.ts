// Goal: a seed repeats a run, and different seeds give different runs that cover the range.
// Method: sequences compared; counts of many draws against generous bounds.
// Not covered: statistical quality beyond that, and anything an attacker could guess.
import { describe, expect, test } from 'vitest';
import { SeededRandom } from './index.ts';

const draws = (random: SeededRandom): number[] => Array.from({ length: 10 }, () => random.next());

describe('SeededRandom', () => {
  test('repeats itself for a seed, and differs for the next', () => {
    expect(draws(new SeededRandom(7))).toEqual(draws(new SeededRandom(7)));
    expect(draws(new SeededRandom(7))).not.toEqual(draws(new SeededRandom(8)));
  });

  test('stays in its range and reaches all of it', () => {
    const random = new SeededRandom(1);
    const seen = new Set(Array.from({ length: 1000 }, () => random.below(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const numbers = Array.from({ length: 1000 }, () => random.next());
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  });

  test('gives chances in proportion', () => {
    const random = new SeededRandom(1);
    const count = Array.from({ length: 1000 }, () => random.chance(0.2)).filter(Boolean).length;
    expect(count).toBeGreaterThan(150);
    expect(count).toBeLessThan(250);
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
  });

  test('fills the array it was given', () => {
    const bytes = new Uint8Array(1000);
    expect(new SeededRandom(1).fill(bytes)).toBe(bytes);
    expect(new Set(bytes).size).toBeGreaterThan(200);
  });
});
