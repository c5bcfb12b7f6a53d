import type { Cache } from '@holdfast/node';
import { watchEventLoop } from '../event-loop-stall.ts';
import { HOLDFAST, HOLDFAST_IN_MEMORY } from '../peers/contestant.ts';
import { contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import { sleep, yieldTurn } from '../timing.ts';
import { strings } from './strings.ts';
import { keyOf } from './workload.ts';

const IDLE = 'nothing';
const STALL_MS_MAX = 10;
const MIB = 2 ** 20;
/** As much as fits, some times over: the store is at its limit for most of the time. */
const TIMES_OVER = 4;
/** Slow ones do less of it. */
const MS_MAX = 5_000;
const RECORD_BYTES = 150;
const TURN_SETS = 100;
/** Every so many are set again, so that segments are neither all dead nor all live. */
const AGAIN_SHARE = 3;
const TTL_MS = 2_000;

export const howLongDoesTheEventLoopStall: Question = {
  name: 'how-long-does-the-event-loop-stall',
  title: 'How long does the event loop stall under full load?',
  description: (keyCount) =>
    `${setCount(keyCount).toLocaleString('en')} sets and as many gets, or ${MS_MAX / 1_000} s of them, a hundred of each between two turns of the ` +
    `event loop, never idle: a third of the sets is for keys set before, a third expires after ${TTL_MS} ms, and ` +
    `Holdfast, limited to ${limitOf(keyCount) / MIB} MiB, evicts and cleans all the while. *nothing* only yields: what the machine does by ` +
    'itself. lmdb and better-sqlite3 keep everything; lru-cache is bounded by the count that fits',
  needsPeers: true,
  contestants: [HOLDFAST, HOLDFAST_IN_MEMORY, 'lru-cache', 'lmdb', 'better-sqlite3', IDLE],
  columns: [
    { key: 'stall', title: 'longest stall', unit: 'ms', compared: false },
    { key: 'turn', title: 'set and get', unit: 'ns', compared: false },
    { key: 'evicted', title: 'evicted', unit: 'records', compared: false },
  ],
  reference: 'lmdb',
  targets: [HOLDFAST, HOLDFAST_IN_MEMORY].map((row) => ({
    row,
    column: 'stall',
    bound: 'at most',
    limit: STALL_MS_MAX,
    onlyIf: { row: IDLE, column: 'stall', atMost: STALL_MS_MAX / 2 },
  })),
  panels: [
    { title: 'Longest stall', unit: 'ms', scale: 'log', columns: ['stall'], bar: STALL_MS_MAX },
  ],
  roundsMax: 3,
  measure,
};

type Operation = (key: string, value: unknown, at: number) => void;

function limitOf(keyCount: number): number {
  return Math.max(1, Math.round((32 * keyCount) / 200_000)) * MIB;
}

function setCount(keyCount: number): number {
  return Math.round((limitOf(keyCount) / RECORD_BYTES) * TIMES_OVER);
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const { operation, note, evictions, close } = await openFor(order);
  const count = setCount(order.keyCount);
  const values = Array.from({ length: 1_000 }, (_, number) => strings.createValue(number));
  globalThis.gc!();
  const watch = watchEventLoop();
  // The monitor measures from its own first turn on.
  await sleep(10);
  const startMs = performance.now();
  let done = 0;
  while (done < count && performance.now() - startMs < MS_MAX) {
    const to = done + TURN_SETS;
    for (let at = done; at < to; at++) {
      const number = at % AGAIN_SHARE === 0 ? at >> 1 : at;
      operation(keyOf(number), values[at % values.length], at);
    }
    done = to;
    await yieldTurn();
  }
  const turn = ((performance.now() - startMs) * 1e6) / done;
  await sleep(5);
  const stall = watch.longestStallMs();
  const evicted = evictions?.();
  await close();
  return { note, figures: { stall, turn, evicted } };
}

async function openFor({ contestant: name, directory, keyCount }: MeasurementOrder): Promise<{
  operation: Operation;
  note: string;
  evictions?: () => number;
  close: () => unknown;
}> {
  if (name === IDLE)
    return { operation: () => {}, note: 'the loop and its keys alone', close: () => {} };
  if (name === HOLDFAST || name === HOLDFAST_IN_MEMORY) {
    const { openCache } = await import('@holdfast/node');
    const persistent = name === HOLDFAST;
    const limit = limitOf(keyCount);
    const limits = { memoryBytesMax: limit, diskBytesMax: limit };
    const cache: Cache = await openCache({ directory, persistent, ...limits });
    return {
      operation: (key, value, at) => {
        void cache.set(key, value, at % 3 === 1 ? { ttl: TTL_MS } : undefined);
        cache.get(key);
      },
      note: persistent ? 'bounded on disk and in memory, evicting' : 'bounded in memory, evicting',
      evictions: () => cache.stats().evictions,
      close: () => cache.close(),
    };
  }
  const contestant = await contestantNamed(name);
  const store = await contestant.open(directory, Math.ceil(setCount(keyCount) / TIMES_OVER));
  return {
    operation: (key, value) => {
      store.post!(key, value);
      void store.get(key);
    },
    note: contestant.note,
    close: () => store.close(),
  };
}
