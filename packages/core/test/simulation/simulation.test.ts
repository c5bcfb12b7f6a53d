// Goal: every seed of every profile is played once, by all players together, until one fails or
// time is up.
// Method: players that only write down what they were given.
// Not covered: real histories (test/survive-crashes.test.ts), threads, the command line.
import { expect, test } from 'vitest';
import type { SimulationOptions } from './options.ts';
import { type Job, type JobResult, renderResult, simulate } from './simulation.ts';

const OPTIONS: SimulationOptions = {
  firstSeed: 11,
  runs: 60,
  profiles: ['a', 'b'],
  minutes: undefined,
  json: false,
  help: false,
};

function playersOf(count: number, failsAt = Number.NaN) {
  const seeds: Record<string, number[]> = { a: [], b: [] };
  const play = async ({ profile, firstSeed, runs }: Job): Promise<JobResult> => {
    await Promise.resolve();
    for (let index = 0; index < runs; index++) {
      seeds[profile]!.push(firstSeed + index);
      if (firstSeed + index === failsAt) {
        return { histories: index + 1, crashes: index, troubles: 0, failure: `seed ${failsAt}` };
      }
    }
    return { histories: runs, crashes: 2 * runs, troubles: 1 };
  };
  return { seeds, players: Array.from({ length: count }, () => play) };
}

test.each([1, 3, 9])('%i players share the seeds of every profile', async (count) => {
  const { seeds, players } = playersOf(count);
  const { profiles, failure } = await simulate(OPTIONS, players, () => false);
  expect(failure).toBeUndefined();
  const expected = Array.from({ length: 60 }, (_, index) => 11 + index);
  for (const profile of ['a', 'b']) {
    expect(seeds[profile]!.sort((left, right) => left - right)).toEqual(expected);
  }
  expect(profiles).toEqual([
    { profile: 'a', histories: 60, crashes: 120, troubles: 3 },
    { profile: 'b', histories: 60, crashes: 120, troubles: 3 },
  ]);
});

test('a failure ends it', async () => {
  const { seeds, players } = playersOf(2, 37);
  const { profiles, failure } = await simulate({ ...OPTIONS, runs: 1_000 }, players, () => false);
  expect(failure).toBe('seed 37');
  const played = seeds.a!.length + seeds.b!.length;
  expect(played).toBeLessThan(200);
  expect(profiles.reduce((sum, { histories }) => sum + histories, 0)).toBe(played);
});

test('profiles take turns, and time is bounded', async () => {
  const { seeds, players } = playersOf(1);
  let jobs = 0;
  await simulate({ ...OPTIONS, runs: 1_000_000 }, players, () => ++jobs > 5);
  expect([seeds.a!.length, seeds.b!.length]).toEqual([75, 50]);
});

test('the result is a line for each profile, and the sum', async () => {
  const { players } = playersOf(1);
  const result = await simulate(OPTIONS, players, () => false);
  const lines = renderResult(result, 1.26).split('\n');
  expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'a 60 histories 120 crashes 3 troubles',
    'b 60 histories 120 crashes 3 troubles',
    'in all 120 histories 240 crashes 6 troubles 1.3 s',
  ]);
});
