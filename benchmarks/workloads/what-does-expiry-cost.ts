import { readdirSync } from 'node:fs';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { watchEventLoop } from '../event-loop-stall.ts';
import { requirePeer } from '../peers/installed.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import { sleep, yieldTurn } from '../timing.ts';
import { strings } from './strings.ts';
import { keyOf } from './workload.ts';

const TOGETHER = 'Holdfast, all together';
const TENTH_LIVES = 'Holdfast, every tenth lives';
const LRU_CACHE = 'lru-cache, all together';

const CLEANUP_INTERVAL_MS = 1_000;
const INTERVALS = 2;
const WARM_UP_MS = 20;
const WINDOW_MS = INTERVALS * CLEANUP_INTERVAL_MS;
const TURN_SETS = 100;
/** What filling may take for each entry; the deadline is after that. */
const FILL_US_MAX = 12;
const FILL_MS_LEAST = WINDOW_MS + 1_500;
const LIVING_TTL_MS = 3_600_000;
const LIVING = 10;

export const whatDoesExpiryCost: Question = {
  name: 'what-does-expiry-cost',
  title: 'What does the expiry of everything at once cost?',
  description: (keyCount) =>
    `${entriesOf(keyCount).toLocaleString('en')} 100-byte strings with one deadline, cleaned up every ${CLEANUP_INTERVAL_MS / 1_000} s, in an ` +
    `otherwise idle process. **busy**: time the event loop was not waiting in the ${WINDOW_MS / 1_000} s from the deadline on, less ` +
    'that of as long a time before. **slice**: the longest it served nobody else in that time, **slice before** in the time before, which is the machine. **files left**: of the ' +
    'data, at its end; the newest is always kept. lru-cache is told to purge at the deadline, as its `ttlAutopurge` ' +
    'would be a timer an entry',
  needsPeers: true,
  contestants: [TOGETHER, TENTH_LIVES, LRU_CACHE],
  columns: [
    { key: 'busy', title: 'busy', unit: 'ms', compared: false },
    { key: 'slice', title: 'slice', unit: 'ms', compared: false },
    { key: 'idleSlice', title: 'slice before', unit: 'ms', compared: false },
    { key: 'filesBefore', title: 'files before', unit: 'files', compared: false },
    { key: 'files', title: 'files left', unit: 'files', compared: false },
  ],
  reference: LRU_CACHE,
  targets: [
    { row: TOGETHER, column: 'busy', bound: 'at most', limit: 5 },
    {
      row: TENTH_LIVES,
      column: 'slice',
      bound: 'at most',
      limit: 5,
      onlyIf: { row: TENTH_LIVES, column: 'idleSlice', atMost: 2.5 },
    },
    { row: TOGETHER, column: 'files', bound: 'at most', limit: 1 },
  ],
  panels: [
    {
      title: 'The event loop, from the deadline on',
      unit: 'ms',
      scale: 'log',
      columns: ['busy', 'slice'],
      bar: 5,
    },
  ],
  roundsMax: 2,
  measure,
};

/** What has to do with one store here. */
interface Expiring {
  readonly note: string;
  set(key: string, value: unknown, expiresAtMs: number): void;
  get(key: string): unknown;
  /** Once all is set. */
  settle(): Promise<void>;
  /** At the deadline; what cleans up by itself needs nothing. */
  expire(): void;
  files(): number | undefined;
  close(): unknown;
}

function entriesOf(keyCount: number): number {
  return 5 * keyCount;
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const entries = entriesOf(order.keyCount);
  const store = order.contestant === LRU_CACHE ? openLruCache(entries) : await openHoldfast(order);
  const isTenthLiving = order.contestant === TENTH_LIVES;
  const deadlineMs = Date.now() + FILL_MS_LEAST + (entries * FILL_US_MAX) / 1_000;
  await fill(store, entries, deadlineMs, isTenthLiving);
  await store.settle();
  const filesBefore = store.files();
  globalThis.gc!();
  const idleFromMs = deadlineMs - WINDOW_MS - 5 * WARM_UP_MS;
  if (Date.now() > idleFromMs - WARM_UP_MS) throw new Error('filling took longer than planned');
  const before = await busyWindow(idleFromMs, () => {});
  const after = await busyWindow(deadlineMs, () => store.expire());
  const files = store.files();
  if (store.get(keyOf(1)) !== undefined) throw new Error('a value outlived its deadline');
  if (isTenthLiving && store.get(keyOf(0)) === undefined) throw new Error('a neighbour is gone');
  await store.close();
  const busy = Math.max(0, after.busyMs - before.busyMs);
  return {
    note: store.note,
    figures: { busy, slice: after.longestMs, idleSlice: before.longestMs, filesBefore, files },
  };
}

async function fill(
  store: Expiring,
  entries: number,
  deadlineMs: number,
  isTenthLiving: boolean,
): Promise<void> {
  for (let from = 0; from < entries; from += TURN_SETS) {
    for (let number = from; number < Math.min(from + TURN_SETS, entries); number++) {
      const isLiving = isTenthLiving && number % LIVING === 0;
      const expiresAtMs = isLiving ? deadlineMs + LIVING_TTL_MS : deadlineMs;
      store.set(keyOf(number), strings.createValue(number), expiresAtMs);
    }
    await yieldTurn();
  }
}

/** From a moment on, for as long as two cleanups take at most. */
async function busyWindow(
  fromMs: number,
  atStart: () => void,
): Promise<{ busyMs: number; longestMs: number }> {
  await sleep(fromMs - WARM_UP_MS - Date.now());
  const watch = watchEventLoop();
  // The monitor measures from its own first turn on.
  await sleep(fromMs - Date.now());
  const start: EventLoopUtilization = performance.eventLoopUtilization();
  atStart();
  await sleep(WINDOW_MS);
  const { active } = performance.eventLoopUtilization(start);
  return { busyMs: active, longestMs: watch.longestStallMs() };
}

async function openHoldfast({ directory }: MeasurementOrder): Promise<Expiring> {
  const { openCache } = await import('@holdfast/node');
  const cache = await openCache({ directory, cleanupInterval: CLEANUP_INTERVAL_MS });
  return {
    note: 'persistent, msgpack, its defaults',
    set: (key, value, expiresAt) => void cache.set(key, value, { expiresAt }),
    get: (key) => cache.get(key),
    settle: () => cache.flush(),
    expire: () => {},
    files: () => readdirSync(directory).filter((name) => name.endsWith('.seg')).length,
    close: () => cache.close(),
  };
}

interface PurgingLru {
  set(key: string, value: unknown, options: { ttl: number }): void;
  get(key: string): unknown;
  purgeStale(): boolean;
}

function openLruCache(entries: number): Expiring {
  const { LRUCache } = requirePeer<{
    LRUCache: new (options: { max: number; ttl: number }) => PurgingLru;
  }>('lru-cache');
  const cache = new LRUCache({ max: entries, ttl: LIVING_TTL_MS });
  return {
    note: 'memory only, `purgeStale()` at the deadline',
    set: (key, value, expiresAtMs) => cache.set(key, value, { ttl: expiresAtMs - Date.now() }),
    get: (key) => cache.get(key),
    settle: () => Promise.resolve(),
    expire: () => void cache.purgeStale(),
    files: () => undefined,
    close: () => {},
  };
}
