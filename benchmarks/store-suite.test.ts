// Goal: a suite really runs its contestants in processes of their own and reports what they
// measured.
// Method: tiny rounds of contestants that need no peer installed. Not covered: the figures
// themselves.
import { expect, test } from 'vitest';
import { storeSuite } from './store-suite.ts';
import { objects } from './workloads/objects.ts';

test('measures each contestant once a round', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  const table = await storeSuite(objects).run({
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
  const broken = { ...objects, name: 'no such workload' };
  const table = await storeSuite(broken).run({
    rounds: 2,
    keyCount: 10,
    contestants: ['Map'],
    log: () => {},
  });
  expect(table.rows).toEqual([
    { name: 'Map', note: '', samples: {}, failure: expect.stringContaining('no such workload') },
  ]);
});
