import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Contestant, HOLDFAST, HOLDFAST_IN_MEMORY } from '../peers/contestant.ts';
import { contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import type { BenchmarkColumn, BenchmarkTarget } from '../results.ts';
import { summarize } from '../statistics.ts';
import { timedAsItIs } from '../timing.ts';
import { strings } from './strings.ts';
import { createWork } from './workload.ts';

/**
 * Entries, as shares of the largest: 1 M, 100 k and 10 k by default. The largest comes first and
 * gets the code compiled, so what errs, errs towards growth.
 */
const SIZES = [
  { key: 'large', share: 1, repeated: 1 },
  { key: 'middle', share: 0.1, repeated: 3 },
  { key: 'small', share: 0.01, repeated: 9 },
] as const;
const OPERATIONS = ['set', 'get'] as const;
const GROWTH_MAX = 2.5;

export const doesTheCostGrow: Question = {
  name: 'does-the-cost-grow',
  title: 'Does the cost of a set and a get grow with the store?',
  description: (keyCount) =>
    `100-byte strings in random order, in stores of ${SIZES.map(({ share }) => entriesOf(keyCount, share).toLocaleString('en')).join(', ')} ` +
    'entries, in one loop that awaits nothing, in one process, the largest first, which has to get the code compiled; small stores are measured several times, and ' +
    'the median counts. **growth**: the largest divided by the smallest. `Map` grows as well: larger tables fit less ' +
    'well into the caches of a processor',
  needsPeers: true,
  contestants: [HOLDFAST, HOLDFAST_IN_MEMORY, 'Map', 'lru-cache', 'lmdb'],
  columns: OPERATIONS.flatMap((operation): BenchmarkColumn[] => [
    ...SIZES.map(({ key, share }) => ({
      key: `${operation}-${key}`,
      title: `${operation}, ${share * 100} %`,
      unit: 'ns',
      compared: false,
    })),
    { key: `${operation}-growth`, title: `${operation} growth`, unit: '×', compared: false },
  ]),
  reference: 'Map',
  targets: [HOLDFAST, HOLDFAST_IN_MEMORY].flatMap((row) =>
    OPERATIONS.map(
      (operation): BenchmarkTarget => ({
        row,
        column: `${operation}-growth`,
        bound: 'at most',
        limit: GROWTH_MAX,
      }),
    ),
  ),
  panels: OPERATIONS.map((operation) => ({
    title: `One ${operation}, by the share of the largest store`,
    unit: 'ns',
    scale: 'log',
    columns: SIZES.map(({ key }) => `${operation}-${key}`),
  })),
  roundsMax: 2,
  measure,
};

function entriesOf(keyCount: number, share: number): number {
  return Math.max(1, Math.round(5 * keyCount * share));
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const contestant = await contestantNamed(order.contestant);
  const figures: Record<string, number> = {};
  for (const { key, share, repeated } of SIZES) {
    const entries = entriesOf(order.keyCount, share);
    const runs = [];
    for (let run = 0; run < repeated; run++) {
      runs.push(await measureSize(contestant, order, entries, `${key}-${run}`));
    }
    for (const operation of OPERATIONS) {
      figures[`${operation}-${key}`] = summarize(runs.map((one) => one[operation])).median;
    }
  }
  for (const operation of OPERATIONS) {
    figures[`${operation}-growth`] =
      figures[`${operation}-large`]! / figures[`${operation}-small`]!;
  }
  return { note: contestant.note, figures };
}

async function measureSize(
  contestant: Contestant,
  { directory, seed }: MeasurementOrder,
  entries: number,
  name: string,
): Promise<{ set: number; get: number }> {
  const folder = join(directory, name);
  mkdirSync(folder);
  const store = await contestant.open(folder, entries);
  const work = createWork(strings, entries, 2 * seed);
  const set = await timedAsItIs(() => {
    // Not `setAll`, whose wait for the last would make small stores look dear.
    for (const [index, key] of work.keys.entries()) store.post!(key, work.values[index]);
  });
  await store.sync?.();
  const { keys } = createWork(strings, entries, 2 * seed + 1);
  let found = 0;
  const get = await timedAsItIs(async () => {
    found = await store.getAll(keys);
  });
  await store.close();
  if (found !== entries) throw new Error(`only ${found} of ${entries} keys were found`);
  return { set: set / entries, get: get / entries };
}
