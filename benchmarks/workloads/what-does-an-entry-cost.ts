import { diskBytesUnder } from '../disk-usage.ts';
import { HOLDFAST, HOLDFAST_IN_MEMORY, keyCountFor } from '../peers/contestant.ts';
import { contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import type { BenchmarkTarget } from '../results.ts';
import { sleep, yieldTurn } from '../timing.ts';
import { strings } from './strings.ts';
import { KEY_BYTES, keyOf } from './workload.ts';

const VALUE_BYTES = 100;
const PAYLOAD_BYTES = KEY_BYTES + VALUE_BYTES;
const OVERHEAD_BYTES_MAX = 40;
/** "No heap" within what a heap differs by from one collection to the next. */
const HEAP_BYTES_MAX = 1;
const TURN_SETS = 1_000;

export const whatDoesAnEntryCost: Question = {
  name: 'what-does-an-entry-cost',
  title: 'What does an entry cost, in memory and on disk?',
  description: (keyCount) =>
    `${entriesOf(keyCount).toLocaleString('en')} entries of ${KEY_BYTES} + ${VALUE_BYTES} bytes; all figures are bytes an ` +
    'entry **beyond** those of key and value, except the heap. **own account**: what the store says it holds, index ' +
    'included. **process**: growth of resident memory, pages of files it has mapped included. **heap**: growth of the ' +
    'JavaScript heap after a collection, which every later collection has to walk',
  needsPeers: true,
  contestants: [
    HOLDFAST,
    HOLDFAST_IN_MEMORY,
    'Map',
    'lru-cache',
    'lmdb',
    'better-sqlite3',
    'classic-level',
    'flat-cache',
  ],
  columns: [
    { key: 'account', title: 'own account', unit: 'B', compared: false },
    { key: 'process', title: 'process', unit: 'B', compared: false },
    { key: 'heap', title: 'heap', unit: 'B', compared: false },
    { key: 'disk', title: 'disk', unit: 'B', compared: false },
  ],
  reference: 'Map',
  targets: [HOLDFAST, HOLDFAST_IN_MEMORY].flatMap((row): BenchmarkTarget[] => [
    { row, column: 'account', bound: 'at most', limit: OVERHEAD_BYTES_MAX },
    { row, column: 'heap', bound: 'at most', limit: HEAP_BYTES_MAX },
  ]),
  panels: [
    {
      title: 'Beyond key and value, an entry',
      unit: 'bytes',
      scale: 'linear',
      columns: ['account', 'disk', 'heap'],
      bar: OVERHEAD_BYTES_MAX,
    },
  ],
  roundsMax: 2,
  measure,
};

function entriesOf(keyCount: number): number {
  return 5 * keyCount;
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const contestant = await contestantNamed(order.contestant);
  const entries = keyCountFor(contestant, entriesOf(order.keyCount));
  const store = await contestant.open(order.directory, entries);
  await settle();
  const before = process.memoryUsage();
  for (let from = 0; from < entries; from += TURN_SETS) {
    const keys: string[] = [];
    const values: unknown[] = [];
    for (let number = from; number < Math.min(from + TURN_SETS, entries); number++) {
      keys.push(keyOf(number));
      values.push(strings.createValue(number));
    }
    // A transaction a row would take SQLite longer than all others together.
    const isBatched = store.post === undefined || store.setTogether !== undefined;
    if (isBatched) await store.setAll({ keys, values });
    else for (const [index, key] of keys.entries()) store.post!(key, values[index]);
    await yieldTurn();
  }
  await store.sync?.();
  await settle();
  const after = process.memoryUsage();
  const account = store.memoryBytes?.();
  const disk = diskBytesUnder(order.directory);
  if ((await store.get(keyOf(entries - 1))) === undefined) throw new Error('the last is not there');
  await store.close();
  const beyond = (bytes: number): number => bytes / entries - PAYLOAD_BYTES;
  return {
    note: contestant.note,
    figures: {
      account: account === undefined ? undefined : beyond(account),
      process: beyond(after.rss - before.rss),
      heap: (after.heapUsed - before.heapUsed) / entries,
      disk: disk === 0 ? undefined : beyond(disk),
    },
  };
}

/** Until finalizers have run as well, which free what they hold only in a later turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc!();
    await sleep(20);
  }
}
