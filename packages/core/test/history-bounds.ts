/**
 * What has to hold whenever a history comes to rest, whatever it did before: limits, files, counts.
 */

import type { EngineSettings } from '../src/engine/settings.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import type { SimulatedRuntime } from '../src/testing/index.ts';
import { type EngineUnderTest, segmentFiles, spaceOf } from './engine-under-test.ts';
import { SPACES } from './history-choices.ts';
import { fail } from './history-failure.ts';

export const LARGEST_VALUE = 6_000;

/** S7: the store takes no more than it may. */
export function checkLimits(
  { engine }: EngineUnderTest,
  settings: Partial<EngineSettings> = {},
): void {
  const { segmentBytes = 2048, diskBytesMax = NEVER, memoryBytesMax = NEVER } = settings;
  const slack = 2 * segmentBytes + LARGEST_VALUE + 512;
  if (engine.diskBytes > diskBytesMax + slack) fail('S7', `${engine.diskBytes} bytes on disk`);
  const memory = engine.memoryBytes();
  const recordsMax = Math.max(0, memoryBytesMax - memory.index) + slack;
  if (memory.records > recordsMax) fail('S7', `${memory.records} bytes in memory`);
}

/** S7: every file is that of a segment. */
export function checkFiles({ engine }: EngineUnderTest, machine: SimulatedRuntime): void {
  const { segments } = engine.statistics();
  const files = segmentFiles(machine);
  if (files.length === segments) return;
  fail('S7', `${files.length} files, ${segments} segments: ${files}`);
}

/** S1: a walk gives the keys that can be read. */
export function checkWalk(store: EngineUnderTest, keys: readonly string[]): void {
  const live = keys.filter((key) => store.get(key) !== undefined).sort();
  const spaces = [...new Set(SPACES)];
  const walked = spaces.flatMap((space) => store.walk(space)).sort();
  if (walked.join() !== live.join()) fail('S1', `walk gave ${walked}, live are ${live}`);
}

export interface Deadline {
  readonly key: string;
  readonly expiresAtMs: number;
}

/** The number of entries is right, but for what has just expired. */
export function checkSize(
  store: EngineUnderTest,
  keys: readonly string[],
  deadlines: readonly Deadline[],
): void {
  const liveKeys = keys.filter((key) => store.get(key) !== undefined);
  const live = liveKeys.length;
  const nowMs = store.engine.clock.nowMs();
  const recent = deadlines.filter(
    ({ expiresAtMs }) => expiresAtMs <= nowMs && nowMs - expiresAtMs < 64,
  );
  const slack = new Set(recent.map(({ key }) => key)).size;
  const { size } = store.engine;
  const isRight = (counted: number, there: number): boolean =>
    counted >= there && counted <= there + slack;
  if (!isRight(size, live)) fail('size', `${size}, live ${live}, just expired ${slack}`);
  let sum = 0;
  for (const space of new Set(SPACES)) {
    const own = liveKeys.filter((key) => spaceOf(key) === space).length;
    const counted = store.sizeOf(space);
    sum += counted;
    if (!isRight(counted, own)) fail('size', `${counted} in '${space}', live ${own}`);
  }
  if (sum !== size) fail('size', `${sum} in all spaces, ${size} in all`);
}
