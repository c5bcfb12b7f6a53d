/**
 * The process that measures one contestant once. It gets its order over the channel to its parent,
 * and answers with the figures; an error goes to stderr and the exit code.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Contestant, Store } from './peers/contestant.ts';
import { contestantNamed } from './peers/index.ts';
import { workloadNamed } from './workloads/index.ts';
import { createWork, type Work } from './workloads/workload.ts';

export interface ContestantOrder {
  readonly contestant: string;
  readonly workload: string;
  readonly keyCount: number;
  readonly seed: number;
  /** An empty directory that the parent removes afterwards. */
  readonly directory: string;
}

export interface ContestantReport {
  readonly note: string;
  /** Nanoseconds an operation. */
  readonly set: number;
  /** The same in turns, after all that, into a new store. */
  readonly setInTurns: number;
  readonly get: number;
  /** Milliseconds until all of it would survive a power cut; undefined if nothing is stored. */
  readonly sync: number | undefined;
  /** Bytes of its files per key, after the sync. */
  readonly diskBytes: number;
}

const CHECKED_KEYS_MAX = 1_000;
const TURN_KEYS = 1_000;

process.once('message', (order) => {
  void measure(order as ContestantOrder).then((report) => {
    process.send!(report, () => process.disconnect());
  });
});

async function measure(order: ContestantOrder): Promise<ContestantReport> {
  const contestant = await contestantNamed(order.contestant);
  const workload = workloadNamed(order.workload);
  const keyCount = Math.min(order.keyCount, contestant.keyCountMax ?? order.keyCount);
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
  const diskBytes = bytesUnder(order.directory) / keyCount;
  await store.close();
  const setInTurns =
    (await timeTurns(contestant, writes, join(order.directory, 'turns'))) / keyCount;
  return { note: contestant.note, set, setInTurns, get, sync, diskBytes };
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

/** Nanoseconds, starting on a collected heap. */
async function timed(work: () => Promise<void> | void): Promise<number> {
  globalThis.gc!();
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start);
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

function bytesUnder(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(directory, name)))
    .reduce((bytes, entry) => bytes + (entry.isFile() ? entry.blocks * 512 : 0), 0);
}
