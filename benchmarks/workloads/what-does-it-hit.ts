import type { Clock } from '@holdfast/core';
import { bytes } from '@holdfast/core';
import { POLICIES } from '../policies/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import type { BenchmarkTarget } from '../results.ts';
import { yieldTurn } from '../timing.ts';
import { TRACES } from '../traces/index.ts';
import { hitRatioOf } from '../traces/replay.ts';
import type { Trace } from '../traces/trace.ts';
import { KEY_BYTES, keyOf } from './workload.ts';

const SHARES = [0.01, 0.1] as const;
const BEHIND_POINTS_MAX = 1;
/** What an entry may cost beyond key and value; more is capacity lost, and shows. */
const OVERHEAD_BYTES = 40;
const VALUE_BYTES_LEAST = 1_000;
const CACHE_BYTES_LEAST = 2 ** 20;
const TURN_REQUESTS = 100;
/** Every so often a set is awaited, so that files do not fall behind by thousands. */
const AWAITED_REQUESTS = 5_000;

const CASES = TRACES.flatMap((kind) =>
  SHARES.map((share) => ({ name: `${kind.name}, ${share * 100} %`, kind, share })),
);

export const whatDoesItHit: Question = {
  name: 'what-does-it-hit',
  title: 'What does it hit, against other policies?',
  description: (keyCount) =>
    `${requestsOf(keyCount).toLocaleString('en')} requests for ${objectsOf(keyCount).toLocaleString('en')} objects of one size, from an empty cache of 1 % or ` +
    `10 % of them; a miss stores the object. Holdfast gets the bytes of so many keys and values and ${OVERHEAD_BYTES} bytes more ` +
    'for each, as memory or as disk (and as much memory); the others hold exactly so many objects. **held**: the objects ' +
    'Holdfast held at most, in percent of that; **behind**: points that it hits less often than S3-FIFO at full size. ' +
    `LRU; S3-FIFO (SOSP 2023); SIEVE (NSDI 2024); W-TinyLFU (ToS 2017), all by us from the papers. ` +
    TRACES.map((kind) => `*${kind.name}*: ${kind.description}`).join('. '),
  needsPeers: false,
  contestants: CASES.map(({ name }) => name),
  columns: [
    { key: 'memory', title: 'Holdfast, memory only', unit: '%', compared: false },
    { key: 'persistent', title: 'Holdfast', unit: '%', compared: false },
    ...Object.keys(POLICIES).map((key) => ({ key, title: key, unit: '%', compared: false })),
    { key: 'memoryHeld', title: 'held, memory', unit: '%', compared: false },
    { key: 'persistentHeld', title: 'held, disk', unit: '%', compared: false },
    { key: 'memoryBehind', title: 'behind, memory only', unit: 'points', compared: false },
    { key: 'persistentBehind', title: 'behind', unit: 'points', compared: false },
  ],
  reference: 'S3-FIFO',
  targets: CASES.flatMap(({ name }) =>
    ['memoryBehind', 'persistentBehind'].map(
      (column): BenchmarkTarget => ({
        row: name,
        column,
        bound: 'at most',
        limit: BEHIND_POINTS_MAX,
      }),
    ),
  ),
  panels: [
    {
      title: 'Hit ratio; more is better',
      unit: '%',
      scale: 'linear',
      columns: ['persistent', 'memory', ...Object.keys(POLICIES)],
    },
  ],
  roundsMax: 1,
  measure,
};

function objectsOf(keyCount: number): number {
  return Math.ceil(keyCount / 2);
}

function requestsOf(keyCount: number): number {
  return keyCount;
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const { kind, share } = CASES.find(({ name }) => name === order.contestant)!;
  const objectCount = objectsOf(order.keyCount);
  const requestCount = requestsOf(order.keyCount);
  const trace = kind.create({ objectCount, requestCount, seed: order.seed });
  const capacity = Math.max(1, Math.round(objectCount * share));
  const ratios: Record<string, number> = {};
  for (const [name, create] of Object.entries(POLICIES)) {
    ratios[name] = 100 * hitRatioOf(trace, create(capacity));
  }
  const memory = await playHoldfast(trace, capacity, { persistent: false });
  const { directory } = order;
  const persistent = await playHoldfast(trace, capacity, { persistent: true, directory });
  return {
    note: `${capacity.toLocaleString('en')} objects`,
    figures: {
      memory: memory.hitPercent,
      persistent: persistent.hitPercent,
      ...ratios,
      memoryHeld: memory.heldPercent,
      persistentHeld: persistent.heldPercent,
      memoryBehind: ratios['S3-FIFO']! - memory.hitPercent,
      persistentBehind: ratios['S3-FIFO']! - persistent.hitPercent,
    },
  };
}

/** Through the public API, as a program would: get, and set what was missing. */
async function playHoldfast(
  trace: Trace,
  capacity: number,
  where: { persistent: boolean; directory?: string },
): Promise<{ hitPercent: number; heldPercent: number }> {
  const { nodeRuntime, openCacheOn } = await import('@holdfast/node');
  const clock = new RequestClock(nodeRuntime().clock);
  const valueBytes = Math.max(
    VALUE_BYTES_LEAST,
    Math.ceil(CACHE_BYTES_LEAST / capacity) - KEY_BYTES - OVERHEAD_BYTES,
  );
  const limit = capacity * (KEY_BYTES + valueBytes + OVERHEAD_BYTES);
  const cache = await openCacheOn<Uint8Array>(
    { ...nodeRuntime(), clock },
    {
      ...where,
      memoryBytesMax: limit,
      diskBytesMax: limit,
      codec: bytes,
      durability: 'written',
    },
  );
  const value = new Uint8Array(valueBytes).fill(1);
  let hits = 0;
  let heldMost = 0;
  let lastSet: Promise<void> | undefined;
  for (const [at, object] of trace.requests.entries()) {
    clock.requests = at;
    const key = keyOf(object);
    if (cache.get(key) !== undefined) hits++;
    else lastSet = cache.set(key, value, { ttl: trace.lifetimeOf?.(object) ?? Infinity });
    if (at % TURN_REQUESTS !== 0) continue;
    heldMost = Math.max(heldMost, cache.size);
    await (at % AWAITED_REQUESTS === 0 ? lastSet : yieldTurn());
  }
  await cache.close();
  return {
    hitPercent: (100 * hits) / trace.requests.length,
    heldPercent: (100 * heldMost) / capacity,
  };
}

/** One request takes a millisecond, so that lifetimes are exact; timers run in real time. */
class RequestClock implements Clock {
  requests = 0;
  readonly startTimer: Clock['startTimer'];
  readonly #startMs: number;

  constructor(real: Clock) {
    this.startTimer = real.startTimer;
    this.#startMs = real.wallMs();
  }

  wallMs(): number {
    return this.#startMs + this.requests;
  }

  monotonicMs(): number {
    return this.requests;
  }
}
