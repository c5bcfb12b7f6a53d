/**
 * Goal: a compaction under way when the store closes leaves nothing behind. The histories found a
 * timer (seed 600470 of 'of many keys').
 * Method: a store that is mostly dead, on a clock that stands still while it closes.
 */
import { expect, test } from 'vitest';
import { simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest } from './engine-under-test.ts';

test('closing ends a compaction between two segments, and no timer is left', async () => {
  const machine = simulatedRuntime();
  const store = await EngineUnderTest.open(machine);
  for (let round = 0; round < 2; round++) {
    for (let key = 0; key < 20; key++)
      await store.set(`key-${key}`, 'x'.repeat(500), undefined, 'synced');
  }
  const compacting = store.engine.maintenance.compact();
  await machine.clock.settle();
  expect(machine.clock.pendingTimers).toBeGreaterThan(0);
  const [compaction] = await Promise.allSettled([compacting, store.engine.close()]);
  expect(compaction).toMatchObject({ status: 'rejected', reason: { code: 'CLOSED' } });
  expect(machine.clock.pendingTimers).toBe(0);
});
