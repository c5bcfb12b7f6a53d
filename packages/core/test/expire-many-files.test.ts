/**
 * Goal: files whose records all expire at one moment are gone within two cleanup intervals, though
 * no turn drops more than a few.
 * Method: a store of 150 files on a simulated machine; the segments are counted before and after
 * each turn of the cleaner.
 * Not covered: how long a turn is (benchmarks/, what-does-expiry-cost).
 */
import { afterEach, expect, test, vi } from 'vitest';
import { Cleaner } from '../src/engine/cleaner.ts';
import { simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest, segmentFiles, TINY } from './engine-under-test.ts';

const VALUES = 150;
const DROPS_MAX = 16;

afterEach(() => void vi.restoreAllMocks());

test('many files that expire together go a few in a turn', async () => {
  const machine = simulatedRuntime({ seed: 3 });
  const store = await EngineUnderTest.open(machine);
  const deadlineMs = machine.clock.wallMs() + 60_000;
  for (let key = 0; key < VALUES; key++) {
    await store.set(`key-${key}`, 'x'.repeat(1_200), deadlineMs, 'written');
  }
  await machine.clock.advance(deadlineMs - machine.clock.wallMs() - 1);
  expect(store.engine.size).toBe(VALUES);
  expect(store.engine.statistics().segments).toBe(VALUES);

  const drops: number[] = [];
  const clean = Cleaner.prototype.clean;
  vi.spyOn(Cleaner.prototype, 'clean').mockImplementation(function (this: Cleaner) {
    const before = store.engine.statistics().segments;
    clean.call(this);
    drops.push(before - store.engine.statistics().segments);
  });
  await machine.clock.advance(2 * TINY.cleanupIntervalMs);
  expect(store.engine.size).toBe(0);
  expect(segmentFiles(machine).length).toBeLessThanOrEqual(2);
  expect(Math.max(...drops)).toBe(DROPS_MAX);
  expect(drops.filter((count) => count > 0).length).toBeGreaterThanOrEqual(VALUES / DROPS_MAX);
});
