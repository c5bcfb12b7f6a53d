// Goal: a suite tells a good implementation from a bad one, on its own fixtures, and says what it
// leaves out.
// Method: core's simulated ports under the suites; broken ones that must fail; a target that only
// takes notes.
// Not covered: the suites' tests one by one (the adapters' sources were mutated to see that they
// fail).

import { describe, expect, test } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import type { Compressors } from '../ports/compression.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { simulatedCompressors } from '../testing/simulated-compressors.ts';
import {
  acceleratorsConformance,
  clockConformance,
  compressorsConformance,
  randomConformance,
} from './index.ts';
import { type ConformanceTarget, type FixtureSource, registerSuite } from './suite.ts';

describe('of the simulated ports', () => {
  clockConformance({
    test,
    create: () => {
      const clock = new ManualClock();
      return { clock, pass: (ms) => clock.advance(ms) };
    },
  });
  randomConformance({ test, create: () => new SeededRandom(1) });
  compressorsConformance({ test, create: () => simulatedCompressors });
});

describe('of broken ports', () => {
  test('a clock that is early, deaf to cancel, or runs backwards fails', async () => {
    const broken: Record<string, (clock: Clock) => Partial<Clock>> = {
      'not before its delay': (clock) => ({
        startTimer: (ms, keepAlive, callback) =>
          clock.startTimer(Math.max(0, ms - 1), keepAlive, callback),
      }),
      'does not call a cancelled timer': (clock) => ({
        startTimer: (...timer) => {
          clock.startTimer(...timer);
          return { cancel: () => {} };
        },
      }),
      'moves both times on': (clock) => ({ monotonicMs: () => -clock.monotonicMs() }),
      'wall time of this century': (clock) => ({ wallMs: () => clock.wallMs() / 1000 }),
    };
    for (const [expected, change] of Object.entries(broken)) {
      const failed = await failures((target) =>
        clockConformance({
          ...target,
          create: () => {
            const clock = new ManualClock();
            const methods: Clock = {
              wallMs: () => clock.wallMs(),
              monotonicMs: () => clock.monotonicMs(),
              startTimer: (...timer) => clock.startTimer(...timer),
              ...change(clock),
            };
            return { clock: methods, pass: (ms) => clock.advance(ms) };
          },
        }),
      );
      expect(failed.join('\n')).toContain(expected);
    }
  });

  test('a random source that repeats itself, or copies, fails', async () => {
    const zeros = await failures((target) =>
      randomConformance({ ...target, create: () => ({ fill: (bytes) => bytes }) }),
    );
    expect(zeros.length).toBe(3);
    const copies = await failures((target) => {
      const random = new SeededRandom(2);
      const fill = <T extends Uint8Array>(bytes: T): T => random.fill(bytes.slice()) as T;
      randomConformance({ ...target, create: () => ({ fill }) });
    });
    expect(copies).toEqual(['random: fills the very array it was given, and nothing around it']);
  });

  test('a compressor that bounds nothing, and takes anything, fails', async () => {
    const copy = (bytes: Uint8Array): Uint8Array => bytes;
    const copier = { compress: copy, decompress: copy };
    const create = (): Compressors => ({ gzip: copier, deflate: copier, brotli: copier });
    const failed = await failures((target) => compressorsConformance({ ...target, create }));
    expect(failed.length).toBe(3);
    expect(failed.join()).toContain('more than the bytes allowed is an error');
  });

  test('an accelerator that differs from core fails', async () => {
    const failed = await failures((target) =>
      acceleratorsConformance({
        ...target,
        create: () => ({
          crc32: (bytes) => bytes.length,
          decodeUtf8: (bytes, start, end) => new TextDecoder().decode(bytes.subarray(start, end)),
        }),
      }),
    );
    expect(failed.length).toBe(5);
    expect(failed.join('\n')).toContain('byte order mark');
  });
});

describe('registering', () => {
  const tests = ['one', 'two'].map((name) => ({ name, run: async () => {} }));

  test('an unsupported test is skipped with its reason, the others run', () => {
    const notes: string[] = [];
    registerSuite(
      'suite',
      {
        test: (name) => notes.push(`test ${name}`),
        skip: (name, reason) => notes.push(`skip ${name}: ${reason}`),
        unsupported: [{ reason: 'no disk here', tests: ['two'] }],
        create: () => ({}),
      },
      tests,
    );
    expect(notes).toEqual(['test suite: one', 'skip suite: two: no disk here']);
  });

  test('an unsupported test that does not exist, or cannot be reported, is an error', () => {
    const target = { test: () => {}, create: () => ({}) };
    const unsupported = (name: string) => [{ reason: 'none', tests: [name] }];
    expect(() =>
      registerSuite('suite', { ...target, unsupported: unsupported('three') }, tests),
    ).toThrow('suite has no test named "three"');
    expect(() =>
      registerSuite('suite', { ...target, unsupported: unsupported('one') }, tests),
    ).toThrow('need a target with `skip`');
  });

  test('a fixture is made for each test, and taken away though the test failed', async () => {
    const notes: string[] = [];
    const source: FixtureSource<number> = {
      create: () => notes.push('create'),
      dispose: () => void notes.push('dispose'),
    };
    const failed = await failures((target) =>
      registerSuite('suite', { ...target, ...source }, [
        { name: 'fails', run: () => Promise.reject(new Error('failed')) },
        { name: 'passes', run: async () => {} },
      ]),
    );
    expect(failed).toEqual(['suite: fails']);
    expect(notes).toEqual(['create', 'dispose', 'create', 'dispose']);
  });
});

/** The names of the tests that fail when the suite that `register` registers is run. */
async function failures(register: (target: ConformanceTarget) => void): Promise<string[]> {
  const runs: [string, () => Promise<void>][] = [];
  register({ test: (name, run) => void runs.push([name, run]) });
  const failed: string[] = [];
  for (const [name, run] of runs) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}
