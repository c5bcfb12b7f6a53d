import { filesUnder } from '../disk-usage.ts';
import { HOLDFAST, HOLDFAST_IN_MEMORY } from '../peers/contestant.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import type { BenchmarkTarget } from '../results.ts';
import { yieldTurn } from '../timing.ts';
import { strings } from './strings.ts';
import { KEY_BYTES, keyOf } from './workload.ts';

const NEVER_YIELDING = `${HOLDFAST}, never yielding`;
const MIB = 2 ** 20;
const TIMES_OVER = 10;
const SEGMENTS_OVER_MAX = 4;
const TURN_SETS = 100;
const VALUE_BYTES = 100;
/** Between two looks at all files. */
const LOOK_SETS = 10_000;

export const doesItStayWithinBounds: Question = {
  name: 'does-it-stay-within-bounds',
  title: 'Does it stay within its bytes?',
  description: (keyCount) =>
    `100-byte strings, ten times as many bytes of keys and values as the ${limitOf(keyCount) / MIB} MiB of disk, or without one of memory, that the ` +
    'store may take; memory is limited to as much. Looked at every ten thousand sets. **over**: the most it ever took ' +
    'beyond its limit, in segments (what a full file takes); less than nothing is room left. **disk**: blocks of all ' +
    'files. **memory**: its own account. **arrays**: bytes of all array buffers of the process, which include what an ' +
    'index has reserved and not touched. **never yielding** sets everything in one turn of the event loop',
  needsPeers: false,
  contestants: [HOLDFAST, NEVER_YIELDING, HOLDFAST_IN_MEMORY],
  columns: [
    { key: 'diskOver', title: 'disk over', unit: 'segments', compared: false },
    { key: 'memoryOver', title: 'memory over', unit: 'segments', compared: false },
    { key: 'arraysOver', title: 'arrays over', unit: 'segments', compared: false },
    { key: 'segment', title: 'segment', unit: 'KiB', compared: false },
    { key: 'evicted', title: 'evicted', unit: 'records', compared: false },
  ],
  reference: HOLDFAST,
  targets: [HOLDFAST, NEVER_YIELDING, HOLDFAST_IN_MEMORY].flatMap((row): BenchmarkTarget[] => [
    ...(row === HOLDFAST_IN_MEMORY ? [] : [overTarget(row, 'diskOver')]),
    overTarget(row, 'memoryOver'),
  ]),
  panels: [
    {
      title: 'Most taken beyond the limit',
      unit: 'segments',
      scale: 'linear',
      columns: ['diskOver', 'memoryOver', 'arraysOver'],
      bar: SEGMENTS_OVER_MAX,
    },
  ],
  roundsMax: 2,
  measure,
};

function overTarget(row: string, column: string): BenchmarkTarget {
  return { row, column, bound: 'at most', limit: SEGMENTS_OVER_MAX };
}

function limitOf(keyCount: number): number {
  return Math.max(2, Math.round((16 * keyCount) / 200_000)) * MIB;
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const limit = limitOf(order.keyCount);
  const persistent = order.contestant !== HOLDFAST_IN_MEMORY;
  const yields = order.contestant !== NEVER_YIELDING;
  const { openCache } = await import('@holdfast/node');
  globalThis.gc!();
  const arraysBefore = process.memoryUsage().arrayBuffers;
  const cache = await openCache({
    directory: order.directory,
    persistent,
    memoryBytesMax: limit,
    diskBytesMax: limit,
  });
  const most = { disk: 0, memory: 0, arrays: 0, file: 0 };
  const look = (): void => {
    const files = filesUnder(order.directory);
    const disk = files.reduce((bytes, { blocks }) => bytes + blocks * 512, 0);
    most.disk = Math.max(most.disk, disk);
    most.file = Math.max(most.file, ...files.map(({ size }) => size));
    most.memory = Math.max(most.memory, cache.memoryUsage().total);
    most.arrays = Math.max(most.arrays, process.memoryUsage().arrayBuffers - arraysBefore);
  };
  const count = Math.ceil((limit * TIMES_OVER) / (KEY_BYTES + VALUE_BYTES));
  for (let number = 0; number < count; number++) {
    void cache.set(keyOf(number), strings.createValue(number));
    if (number % LOOK_SETS === 0) look();
    if (yields && number % TURN_SETS === 0) await yieldTurn();
  }
  await cache.flush();
  look();
  const evicted = cache.stats().evictions;
  await cache.close();
  const segment = segmentBytesOf(most.file, limit);
  const over = (bytes: number): number => (bytes - limit) / segment;
  return {
    note: persistent ? 'persistent, its defaults' : '`persistent: false`',
    figures: {
      diskOver: persistent ? over(most.disk) : undefined,
      memoryOver: over(most.memory),
      arraysOver: over(most.arrays),
      segment: segment / 1_024,
      evicted,
    },
  };
}

/** In memory nothing shows how large a segment is; stores aim at 128 of them. */
function segmentBytesOf(largestFile: number, limit: number): number {
  const block = 4_096;
  return largestFile > 0
    ? Math.ceil(largestFile / block) * block
    : 2 ** Math.floor(Math.log2(limit / 128));
}
