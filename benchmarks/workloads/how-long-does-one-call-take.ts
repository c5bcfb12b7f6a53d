import { watchEventLoop } from '../event-loop-stall.ts';
import { keyCountFor, type Store } from '../peers/contestant.ts';
import { CONTESTANT_NAMES, contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import type { BenchmarkColumn } from '../results.ts';
import { Latencies, sleep, yieldTurn } from '../timing.ts';
import { objects } from './objects.ts';
import { createWork, type Work } from './workload.ts';

/** Calls between two turns of the event loop, as a server makes them. */
const TURN_CALLS = 100;
const PART_MS_MAX = 600;

const KINDS = [
  ['get', 'get'],
  ['post', 'set'],
  ['set', 'awaited set'],
] as const;
const PERCENTILES = [
  [50, 'p50'],
  [99, 'p99'],
  [100, 'max'],
] as const;

export const howLongDoesOneCallTake: Question = {
  name: 'how-long-does-one-call-take',
  title: 'How long does one call take, at worst?',
  description: () =>
    'objects of five fields, a hundred calls between two turns of the event loop. **set**: until the call has ' +
    'returned, not awaited. **awaited set**: until the operating system has it, one after another. Microseconds below ' +
    'which half and 99 % of the calls stayed, and the slowest; **stall**: the longest the event loop served nobody ' +
    'else, collections included',
  needsPeers: true,
  contestants: CONTESTANT_NAMES,
  columns: [
    ...KINDS.flatMap(columnsOf),
    { key: 'stall', title: 'stall', unit: 'ms', compared: false },
  ],
  reference: 'lmdb',
  targets: [],
  panels: KINDS.map(([kind, title]) => ({
    title,
    unit: 'µs',
    scale: 'log',
    columns: PERCENTILES.map(([, name]) => `${kind}-${name}`),
  })),
  roundsMax: 3,
  measure,
};

function columnsOf([kind, title]: readonly [string, string]): BenchmarkColumn[] {
  return PERCENTILES.map(([, name]) => ({
    key: `${kind}-${name}`,
    title: `${title} ${name}`,
    unit: 'µs',
    compared: false,
  }));
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const contestant = await contestantNamed(order.contestant);
  const keyCount = keyCountFor(contestant, order.keyCount);
  const work = createWork(objects, keyCount, order.seed);
  const store = await contestant.open(order.directory, keyCount);
  await store.setAll(work);
  const reads = createWork(objects, keyCount, order.seed + 1);
  globalThis.gc!();
  const watch = watchEventLoop();
  // The monitor measures from its own first turn on.
  await sleep(10);
  const figures: Record<string, number> = {};
  add(figures, 'get', await timeGets(store, reads));
  if (store.post !== undefined) add(figures, 'post', await timePosts(store, work));
  // Two turns for what it may have left behind, so that awaited sets do not pay for it.
  await sleep(100);
  if (store.set !== undefined) add(figures, 'set', await timeSets(store, work));
  await sleep(5);
  figures.stall = watch.longestStallMs();
  await store.close();
  return { note: contestant.note, figures };
}

function add(figures: Record<string, number>, kind: string, latencies: Latencies): void {
  for (const [percent, name] of PERCENTILES) {
    figures[`${kind}-${name}`] = latencies.microseconds(percent);
  }
}

async function timeGets(store: Store, { keys }: Work): Promise<Latencies> {
  const latencies = new Latencies();
  await inTurns(keys.length, (index) => {
    const startMs = performance.now();
    const value = store.get(keys[index]!);
    if (value instanceof Promise) {
      return value.then(() => latencies.record(startMs, performance.now()));
    }
    latencies.record(startMs, performance.now());
    if (value === undefined) throw new Error(`a key was not found key=${keys[index]}`);
    return undefined;
  });
  return latencies;
}

async function timePosts(store: Store, { keys, values }: Work): Promise<Latencies> {
  const latencies = new Latencies();
  await inTurns(keys.length, (index) => {
    const startMs = performance.now();
    store.post!(keys[index]!, values[index]);
    latencies.record(startMs, performance.now());
    return undefined;
  });
  return latencies;
}

async function timeSets(store: Store, { keys, values }: Work): Promise<Latencies> {
  const latencies = new Latencies();
  await inTurns(keys.length, async (index) => {
    const startMs = performance.now();
    await store.set!(keys[index]!, values[index]);
    latencies.record(startMs, performance.now());
  });
  return latencies;
}

/** Calls for every index, or as many as the time allows. */
async function inTurns(
  count: number,
  call: (index: number) => Promise<void> | undefined,
): Promise<void> {
  const endMs = performance.now() + PART_MS_MAX;
  for (let from = 0; from < count && performance.now() < endMs; from += TURN_CALLS) {
    const to = Math.min(from + TURN_CALLS, count);
    for (let index = from; index < to; index++) {
      const called = call(index);
      if (called !== undefined) await called;
    }
    await yieldTurn();
  }
}
