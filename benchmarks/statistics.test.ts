// Goal: the figures in the report are the ones they say they are. Method: small lists worked out by
// hand.
// Not covered: whether five rounds are enough.
import { expect, test } from 'vitest';
import { summarize, summarizeRatio } from './statistics.ts';

test('the median of an odd number of samples is the middle one, whatever their order', () => {
  expect(summarize([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
});

test('the median of an even number of samples lies between the two in the middle', () => {
  expect(summarize([40, 10, 20, 100])).toEqual({ median: 30, min: 10, max: 100 });
});

test('no samples have no summary', () => {
  expect(() => summarize([])).toThrow(RangeError);
});

test('a ratio is taken within each round, so one slow round does not move it', () => {
  // The third round ran on a machine ten times slower; the ratio was one half throughout.
  expect(summarizeRatio([5, 6, 50], [10, 12, 100])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
});

test('a ratio to something that was not measured does not exist', () => {
  expect(summarizeRatio([1, 2], [])).toBeUndefined();
});
