// Goal: a compaction waits for a segment that the disk is writing, whatever a turn of the runtime
// takes: where that was an immediate, a thousand of them were over in milliseconds.
// Method: a cleaner that can go on after half a second of the clock.
// Not covered: what a compaction frees (the conformance suite).
import { expect, test } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import type { EngineParts } from './engine-parts.ts';
import { Maintenance } from './maintenance.ts';
import type { Segment } from './segment.ts';

test('a segment that is being written for half a second is waited for', async () => {
  const clock = new ManualClock();
  const busy = {
    ...{ isSealed: true, tableSlot: 0, head: 100_000, liveBytes: 0 },
    ...{ liveCount: 0, tombstoneCount: 0, lastExpiryMs: Number.POSITIVE_INFINITY },
  } as unknown as Segment;
  const slots: (Segment | undefined)[] = [busy];
  const cleaner = {
    wanted: [] as Segment[],
    hasEarlierYoung: false,
    clean(): void {
      if (clock.monotonicMs() < 500) return;
      slots[0] = undefined;
      this.wanted = [];
    },
  };
  const parts = {
    ...{ cleaner, commit: undefined, segments: { slots }, log: { bytes: 0, lane: [] } },
    main: { bytes: 100_000, segments: [busy], sealThose: () => {} },
    table: { expiry: { expiredBytes: () => 0 } },
    clock: { nowMs: () => clock.wallMs() },
    floors: { isEmpty: true, count: 0 },
  } as unknown as EngineParts;
  const compacting = new Maintenance(parts, clock).compact();
  await clock.advance(2_000);
  expect((await compacting).segmentsFreed).toBe(1);
});
