// Goal: a mistyped option stops the run instead of simulating something else for hours.
// Method: the parser alone. Not covered: what the runner does with the options.
import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

const PROFILES = ['of keys', 'of objects', 'of objects, on a full disk'];
const parse = (...words: string[]) => parseOptions(words, PROFILES);

test('defaults to 500 histories of every profile, from seed 1', () => {
  expect(parse()).toEqual({
    firstSeed: 1,
    runs: 500,
    profiles: PROFILES,
    minutes: undefined,
    json: false,
    help: false,
  });
});

test('takes seeds, runs and minutes', () => {
  expect(parse('--seed', '7', '--runs', '1_000', '--json')).toMatchObject({
    firstSeed: 7,
    runs: 1_000,
    json: true,
  });
  expect(parse('--minutes=0.5')).toMatchObject({ minutes: 0.5, runs: 2 ** 31 });
  expect(parse('--minutes=2', '--runs=9')).toMatchObject({ minutes: 2, runs: 9 });
});

test('--profile takes a name, or a part that only one has', () => {
  expect(parse('--profile', 'of objects').profiles).toEqual(['of objects']);
  expect(parse('--profile', 'full').profiles).toEqual(['of objects, on a full disk']);
  expect(() => parse('--profile', 'of')).toThrow(/"of" names several profiles; .*of keys/s);
  expect(() => parse('--profile', 'nothing')).toThrow(/"nothing" names no profile; .*of keys/s);
  expect(() => parse('--profile', '')).toThrow(/names no profile/);
});

test.each([['0'], ['-1'], ['1.5'], ['many'], [''], ['1e99'], ['0x']])('refuses %j', (text) => {
  expect(() => parse(`--seed=${text}`)).toThrow(/--seed must be a whole number from 1 to/);
  expect(() => parse(`--runs=${text}`)).toThrow(/--runs must be a whole number from 1 to/);
});

test.each([['0'], ['-1'], ['soon'], [''], ['1e99']])('refuses --minutes %j', (text) => {
  expect(() => parse(`--minutes=${text}`)).toThrow(/--minutes must be a number above 0 to/);
});

test('refuses seeds that do not fit behind the first one', () => {
  expect(() => parse(`--seed=${2 ** 31}`, '--runs=2')).toThrow(/--runs must be .* to 1, not "2"/);
});

test('refuses what it does not know', () => {
  expect(() => parse('--fast')).toThrow(/--fast/);
  expect(() => parse('7')).toThrow(/7/);
});
