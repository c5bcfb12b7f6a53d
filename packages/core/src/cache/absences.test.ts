// Goal: what is remembered of keys without a value is bounded, and ends when it should.
// Method: more keys than fit, in count and in characters.
// Not covered: what getOrSet does with it (the cache's conformance suite).
import { expect, test } from 'vitest';
import { Absences } from './absences.ts';

test('a key is absent until its time, and the clock decides', () => {
  const absences = new Absences();
  absences.note('a', 100);
  absences.note('b', Number.POSITIVE_INFINITY);
  expect([99, 100, 99].map((nowMs) => absences.has('a', nowMs))).toEqual([true, false, false]);
  expect(absences.has('b', 1e15)).toBe(true);
  expect(absences.has('c', 0)).toBe(false);
  absences.note('b', 5);
  expect(absences.has('b', 5)).toBe(false);
  expect(absences.bytes).toBe(0);
});

test('beyond 16,384 keys those noted first are forgotten', () => {
  const absences = new Absences();
  for (let index = 0; index < 16_384; index++) absences.note(`${index}`, 100);
  absences.note('0', 200);
  absences.note('one more', 100);
  expect(absences.size).toBe(16_384);
  expect(['0', '1', '2', 'one more'].map((key) => absences.has(key, 0))).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test('long keys are bounded by their length as well', () => {
  const absences = new Absences();
  const before = absences.bytes;
  for (let index = 0; index < 50; index++) absences.note(`${index}`.padEnd(65_000), 100);
  expect(absences.size).toBe(16);
  expect(absences.bytes).toBeLessThan(4 * 1024 * 1024);
  expect(absences.has('49'.padEnd(65_000), 0)).toBe(true);
  absences.clear();
  expect(absences.bytes).toBe(before);
});
