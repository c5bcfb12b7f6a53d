// Goal: a mistyped option stops the run instead of measuring something else for minutes.
// Method: the parser alone. Not covered: names given to --only, which the runner checks.
import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('defaults to three rounds of 200,000 keys of everything', () => {
  expect(parseOptions([])).toMatchObject({ rounds: 3, keyCount: 200_000, only: [], check: false });
});

test('--quick lowers both, and an explicit number wins over it', () => {
  expect(parseOptions(['--quick'])).toMatchObject({ rounds: 1, keyCount: 20_000 });
  expect(parseOptions(['--quick', '--keys', '1_000'])).toMatchObject({ keyCount: 1_000 });
});

test('--render names the figures of an earlier run', () => {
  expect(parseOptions(['--render', 'old.json']).renderPath).toBe('old.json');
  expect(parseOptions([]).renderPath).toBeUndefined();
});

test('--only takes a list, with or without spaces', () => {
  expect(parseOptions(['--only', 'objects, Holdfast,']).only).toEqual(['objects', 'Holdfast']);
});

test.each([['0'], ['-1'], ['1.5'], ['many'], [''], ['1e99']])('refuses --rounds %j', (text) => {
  expect(() => parseOptions([`--rounds=${text}`])).toThrow(/--rounds must be a whole number/);
});

test('refuses an option it does not know', () => {
  expect(() => parseOptions(['--fast'])).toThrow(/--fast/);
});
