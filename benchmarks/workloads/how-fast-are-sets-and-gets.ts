import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { diskBytesUnder } from '../disk-usage.ts';
import {
  type Contestant,
  HOLDFAST,
  HOLDFAST_IN_MEMORY,
  keyCountFor,
  type Store,
} from '../peers/contestant.ts';
import { CONTESTANT_NAMES, contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import type { BenchmarkColumn, BenchmarkTarget } from '../results.ts';
import { timed } from '../timing.ts';
import { createWork, type Work, type Workload } from './workload.ts';

const REFERENCE = 'lmdb';
const CHECKED_KEYS_MAX = 1_000;
const TURN_KEYS = 1_000;

const COLUMNS: readonly BenchmarkColumn[] = [
  { key: 'set', title: 'set', unit: 'ns', compared: true },
  { key: 'setInTurns', title: 'set in turns', unit: 'ns', compared: true },
  { key: 'get', title: 'get', unit: 'ns', compared: true },
  { key: 'sync', title: 'until on the disk', unit: 'ms', compared: false },
  { key: 'diskBytes', title: 'disk', unit: 'B/key', compared: false },
];

const SET_TARGETS: readonly BenchmarkTarget[] = ['set', 'setInTurns'].map((column) => ({
  row: HOLDFAST,
  column,
  against: REFERENCE,
  bound: 'at most',
  limit: 0.5,
}));

/** The question is the same for every kind of value; the workload's name is the table's. */
export function howFastAreSetsAndGets(workload: Workload, getTarget: BenchmarkTarget): Question {
  return {
    name: workload.name,
    title: workload.title,
    needsPeers: true,
    contestants: CONTESTANT_NAMES.filter((name) => name !== HOLDFAST_IN_MEMORY),
    columns: COLUMNS,
    reference: REFERENCE,
    targets: [...SET_TARGETS, getTarget],
    panels: [
      {
        title: `${workload.title}: time of one operation`,
        unit: 'ns',
        scale: 'log',
        columns: ['get', 'set', 'setInTurns'],
      },
    ],
    description: (keyCount) =>
      `${keyCount.toLocaleString('en')} keys of 13 bytes, ${workload.description}, ` +
      'random order. **set**: one loop in a new process that awaits nothing but the last; the time ends when ' +
      'the operating system has it. **set in turns**: a thousand at a time, as a server sets, each thousand ' +
      'awaited; into a new store, after everything else',
    measure: (order) => measure(workload, order),
  };
}

async function measure(workload: Workload, order: MeasurementOrder): Promise<Measurement> {
  const contestant = await contestantNamed(order.contestant);
  const keyCount = keyCountFor(contestant, order.keyCount);
  const writes = createWork(workload, keyCount, 2 * order.seed);
  const reads = createWork(workload, keyCount, 2 * order.seed + 1);
  const store = await contestant.open(order.directory, keyCount);

  const set = (await timed(() => store.setAll(writes))) / keyCount;
  const sync = store.sync && (await timed(() => store.sync!())) / 1e6;
  let found = 0;
  const get =
    (await timed(async () => {
      found = await store.getAll(reads.keys);
    })) / keyCount;

  if (found !== keyCount) throw new Error(`only ${found} of ${keyCount} keys were found`);
  await check(store, reads);
  const diskBytes = diskBytesUnder(order.directory) / keyCount || undefined;
  await store.close();
  const setInTurns =
    (await timeTurns(contestant, writes, join(order.directory, 'turns'))) / keyCount;
  return { note: contestant.note, figures: { set, setInTurns, get, sync, diskBytes } };
}

/** As a server sets: some, then others have their turn until those have reached the system. */
async function timeTurns(contestant: Contestant, work: Work, directory: string): Promise<number> {
  mkdirSync(directory);
  const { keys, values } = work;
  const turns: Work[] = [];
  for (let from = 0; from < keys.length; from += TURN_KEYS) {
    const to = from + TURN_KEYS;
    turns.push({ keys: keys.slice(from, to), values: values.slice(from, to) });
  }
  const store = await contestant.open(directory, keys.length);
  const spent = await timed(async () => {
    for (const turn of turns) await store.setAll(turn);
  });
  await store.close();
  return spent;
}

async function check(store: Store, { keys, values }: Work): Promise<void> {
  const step = Math.ceil(keys.length / CHECKED_KEYS_MAX);
  for (let index = 0; index < keys.length; index += step) {
    const value = await store.get(keys[index]!);
    if (!isDeepStrictEqual(normalized(value), normalized(values[index]))) {
      throw new Error(`another value was read than set key=${keys[index]}`);
    }
  }
}

/** Decoders differ in the prototypes of what they return; the benchmark does not care. */
function normalized(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value } : value;
}
