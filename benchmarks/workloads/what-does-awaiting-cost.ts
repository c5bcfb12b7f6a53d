import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HOLDFAST, keyCountFor, type Store } from '../peers/contestant.ts';
import { CONTESTANT_NAMES, contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import { summarize } from '../statistics.ts';
import { perSecond, timed } from '../timing.ts';
import { strings } from './strings.ts';
import { createWork, type Work } from './workload.ts';

const MACHINE = 'fdatasync';
const IN_FLIGHT = 64;
/** Each way of setting gets so long at most. */
const MODE_MS_MAX = 300;
const SYNCS = 200;
const BLOCK_BYTES = 4_096;

export const whatDoesAwaitingCost: Question = {
  name: 'what-does-awaiting-cost',
  title: 'What does awaiting a set, or its sync, cost?',
  description: () =>
    'sets of 100-byte strings a second. **not awaited**: one loop, of which only the last is awaited. **awaited**: ' +
    'the operating system has it (survives `kill -9`). **synced**: it would survive a power cut. **64**: so many in ' +
    `flight, or in one transaction where calls are synchronous. *${MACHINE}* is the machine: one 4 KiB append and ` +
    'sync after another',
  needsPeers: true,
  contestants: [...CONTESTANT_NAMES, MACHINE],
  columns: [
    { key: 'unawaited', title: 'not awaited', unit: 'sets/s', compared: false },
    { key: 'awaited', title: 'awaited', unit: 'sets/s', compared: false },
    { key: 'awaited64', title: '64 awaited', unit: 'sets/s', compared: false },
    { key: 'synced', title: 'synced', unit: 'sets/s', compared: false },
    { key: 'synced64', title: '64 synced', unit: 'sets/s', compared: false },
    { key: 'syncMs', title: 'one sync', unit: 'ms', compared: false },
  ],
  reference: 'lmdb',
  targets: [
    {
      row: HOLDFAST,
      column: 'synced64',
      bound: 'at least',
      limit: 100_000,
      onlyIf: { row: MACHINE, column: 'syncMs', atMost: 0.2 },
    },
  ],
  panels: [
    {
      title: 'Sets a second; more is better',
      unit: 'sets/s',
      scale: 'log',
      columns: ['unawaited', 'awaited', 'awaited64', 'synced', 'synced64'],
    },
  ],
  roundsMax: 3,
  measure,
};

async function measure(order: MeasurementOrder): Promise<Measurement> {
  if (order.contestant === MACHINE) return measureMachine(order);
  const contestant = await contestantNamed(order.contestant);
  const keyCount = keyCountFor(contestant, order.keyCount);
  const work = createWork(strings, keyCount, order.seed);
  const store = await contestant.open(order.directory, keyCount);
  const unawaited = (keyCount * 1e9) / (await timed(() => store.setAll(work)));
  const awaited = store.set && (await oneByOne(work, (key, value) => store.set!(key, value)));
  const awaited64 = store.set && (await together(store, work, false));
  // Last, because a store may sync everything from then on.
  const synced =
    store.setSynced && (await oneByOne(work, (key, value) => store.setSynced!(key, value)));
  const synced64 = store.setSynced && (await together(store, work, true));
  await store.close();
  const figures = { unawaited, awaited, awaited64, synced, synced64 };
  return { note: contestant.note, figures };
}

function oneByOne({ keys, values }: Work, set: NonNullable<Store['set']>): Promise<number> {
  return perSecond(keys.length, MODE_MS_MAX, async (done) => {
    await set(keys[done]!, values[done]);
    return 1;
  });
}

function together(store: Store, { keys, values }: Work, isSynced: boolean): Promise<number> {
  const set = isSynced ? store.setSynced! : store.set!;
  return perSecond(keys.length, MODE_MS_MAX, async (done) => {
    const some = {
      keys: keys.slice(done, done + IN_FLIGHT),
      values: values.slice(done, done + IN_FLIGHT),
    };
    if (store.setTogether !== undefined) await store.setTogether(some, isSynced);
    else await Promise.all(some.keys.map((key, index) => set.call(store, key, some.values[index])));
    return some.keys.length;
  });
}

/** What the file system under all of them can do. */
function measureMachine({ directory }: MeasurementOrder): Promise<Measurement> {
  const file = openSync(join(directory, 'synced'), 'w');
  const block = new Uint8Array(BLOCK_BYTES).fill(1);
  const times: number[] = [];
  for (let sync = 0; sync < SYNCS; sync++) {
    writeSync(file, block);
    const start = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - start);
  }
  closeSync(file);
  const syncMs = summarize(times).median;
  const figures = { synced: 1_000 / syncMs, syncMs };
  return Promise.resolve({ note: 'the machine itself', figures });
}
