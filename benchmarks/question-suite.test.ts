// Goal: a suite really runs its contestants in processes of their own and reports what they
// measured.
// Method: questions at toy scale, of contestants that need no peer installed. Not covered: the
// figures themselves, and the questions whose store has to be large: what they measure at toy scale
// is noise, or takes seconds to wait for.
import { expect, test } from 'vitest';
import { questionSuite } from './question-suite.ts';
import type { MeasuredTable } from './results.ts';
import { questionNamed } from './workloads/index.ts';

async function run(name: string, contestants: readonly string[]): Promise<MeasuredTable> {
  const lines: string[] = [];
  const table = await questionSuite(questionNamed(name)).run({
    rounds: 1,
    keyCount: 500,
    contestants,
    log: (line) => lines.push(line),
  });
  expect(lines.join('\n')).not.toContain('left out');
  expect(lines).toHaveLength(contestants.length);
  expect(table.rows.map((row) => row.name)).toEqual(contestants);
  return table;
}

test('measures each contestant once a round', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  const table = await questionSuite(questionNamed('objects')).run({
    rounds: 2,
    keyCount: 500,
    contestants: ['Map', 'Holdfast'],
    log: (line) => lines.push(line),
  });
  expect(lines.join('\n')).not.toContain('left out');
  expect(lines).toHaveLength(4);
  expect(table.rows.map(({ name }) => name)).toEqual(['Holdfast', 'Map']);
  for (const { samples } of table.rows) {
    expect(samples.set).toHaveLength(2);
    expect(samples.get!.every((nanoseconds) => nanoseconds > 0)).toBe(true);
  }
  expect(table.rows[0]!.samples.diskBytes![0]).toBeGreaterThan(0);
  expect(table.rows[1]!.samples.diskBytes).toBeUndefined();
});

test('a contestant that fails is reported with its reason, and the others go on', {
  timeout: 60_000,
}, async () => {
  const broken = { ...questionNamed('objects'), name: 'no such thing' };
  const table = await questionSuite(broken).run({
    rounds: 2,
    keyCount: 10,
    contestants: ['Map'],
    log: () => {},
  });
  expect(table.rows).toEqual([
    { name: 'Map', note: '', samples: {}, failure: expect.stringContaining('no such question') },
  ]);
});

test('a long question is measured less often than asked', { timeout: 60_000 }, async () => {
  const question = { ...questionNamed('objects'), roundsMax: 1 };
  const table = await questionSuite(question).run({
    rounds: 5,
    keyCount: 10,
    contestants: ['Map'],
    log: () => {},
  });
  expect(table.rounds).toBe(1);
  expect(table.rows[0]!.samples.get).toHaveLength(1);
});

test('a killed store is opened again with what it held', { timeout: 60_000 }, async () => {
  const { rows } = await run('how-fast-is-a-reopen', ['Holdfast']);
  expect(rows[0]!.samples.clean![0]).toBeGreaterThan(0);
  expect(rows[0]!.samples.killed![0]).toBeGreaterThan(0);
});

test('every way of setting is measured, and the machine beside it', {
  timeout: 60_000,
}, async () => {
  const { rows } = await run('what-does-awaiting-cost', ['Holdfast', 'fdatasync']);
  expect(Object.keys(rows[0]!.samples)).toEqual([
    'unawaited',
    'awaited',
    'awaited64',
    'synced',
    'synced64',
  ]);
  expect(Object.keys(rows[1]!.samples)).toEqual(['synced', 'syncMs']);
});

test('latencies rise from half of the calls to the slowest', { timeout: 60_000 }, async () => {
  const { samples } = (await run('how-long-does-one-call-take', ['Holdfast'])).rows[0]!;
  for (const kind of ['get', 'post', 'set']) {
    const [p50, p99, max] = ['p50', 'p99', 'max'].map((name) => samples[`${kind}-${name}`]![0]!);
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50!);
    expect(max).toBeGreaterThanOrEqual(p99!);
  }
});

test('a trace is played to the policies and to Holdfast', { timeout: 60_000 }, async () => {
  const { samples } = (await run('what-does-it-hit', ['Zipf 1.2, 10 %'])).rows[0]!;
  for (const column of ['LRU', 'S3-FIFO', 'SIEVE', 'W-TinyLFU', 'memory', 'persistent']) {
    expect(samples[column]![0]).toBeGreaterThan(10);
    expect(samples[column]![0]).toBeLessThan(100);
  }
});
