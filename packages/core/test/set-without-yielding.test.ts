// Goal: a program that sets and never yields stays within its limits, whatever they are, even while
// a write is under way; and what it promised holds.
// Method: a paused disk, whose asynchronous calls never end, under limits of both orders.
// Not covered: disks that fail (stop-writing-after-a-failed-sync), limits while yielding (history).
import { expect, test } from 'vitest';
import { simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest } from './engine-under-test.ts';

const SEGMENT = 2_048;

test.each([
  ['less memory than disk', 16_384, 65_536],
  ['less disk than memory', 65_536, 16_384],
])('with %s', async (_what, memoryBytesMax, diskBytesMax) => {
  const machine = simulatedRuntime();
  const settings = { memoryBytesMax, diskBytesMax, segmentBytes: SEGMENT };
  const store = await EngineUnderTest.open(machine, settings);
  void store.set('first', 'a write that stays under way', undefined, 'synced');
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  machine.disk.pause();
  for (let index = 0; index < 1_000; index++) {
    void store.set(`key-${index}`, `value-${index}`.padEnd(400, '.'));
    const { index: slots, records } = store.engine.memoryBytes();
    expect(store.engine.diskBytes, `set=${index}`).toBeLessThanOrEqual(diskBytesMax + 2 * SEGMENT);
    expect(records, `set=${index}`).toBeLessThanOrEqual(
      Math.max(memoryBytesMax - slots, 0) + 4 * SEGMENT,
    );
  }
  expect(store.engine.statistics().evictions).toBeGreaterThan(500);
  expect(store.get('key-999')).toMatch(/^value-999\./);
  machine.disk.resume();
  await store.engine.flush();
  const { size } = store.engine;
  await store.engine.close();
  const again = await EngineUnderTest.open(machine.fork(), settings);
  // Opening starts a segment of its own, for which the oldest may have to go.
  expect(again.engine.size).toBeLessThanOrEqual(size);
  expect(again.engine.size).toBeGreaterThan(size - 10);
  expect(again.get('key-999')).toMatch(/^value-999\./);
  expect([...store.errors, ...again.errors]).toEqual([]);
});

test.each([
  ['on disk', { isPersistent: true, memoryBytesMax: 8 << 20, diskBytesMax: 4 << 20 }],
  ['in memory', { isPersistent: false, memoryBytesMax: 4 << 20 }],
])('with segments of more records than a turn cleans, %s', async (_where, limits) => {
  const segmentBytes = 65_536;
  const store = await EngineUnderTest.open(simulatedRuntime(), { ...limits, segmentBytes });
  let bytesMax = 0;
  for (let index = 0; index < 250_000; index++) {
    void store.set(`key-${index}`, 'v');
    if (index % 16 !== 0) continue;
    const { index: slots, records } = store.engine.memoryBytes();
    const bytes = limits.isPersistent ? store.engine.diskBytes : slots + records;
    bytesMax = Math.max(bytesMax, bytes);
  }
  expect(store.engine.statistics().evictions).toBeGreaterThan(50_000);
  // One segment is what a limit may be overshot by.
  expect((bytesMax - (4 << 20)) / segmentBytes).toBeLessThanOrEqual(1);
});
