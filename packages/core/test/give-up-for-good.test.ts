// Goal: what an opening had to give up stays given up at the next one.
// Method: the header of the newest file of a closed store is damaged: it is missed, and everything
// older goes; then something is written, and the store opened again.
// Not covered: other damage (open-a-damaged-store, the histories with rotting sectors).
import { expect, test } from 'vitest';
import { NEVER } from '../src/expiry/expiry.ts';
import { simulatedRuntime } from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest, segmentFiles } from './engine-under-test.ts';

test.each(['process', 'power'] as const)(
  'a missing newest file, then a crash: %s',
  async (kind) => {
    let machine = simulatedRuntime();
    let store = await EngineUnderTest.open(machine);
    await store.set('key', 'older', NEVER, 'synced');
    await store.set('kept', 'keeps the first file', NEVER, 'synced');
    await store.set('large', 'x'.repeat(1900), NEVER, 'synced');
    await store.set('key', 'newer', NEVER, 'synced');
    await store.engine.close();
    const files = segmentFiles(machine);
    expect(files.length).toBe(3);
    machine.disk.rot(`${DIRECTORY}/${files.at(-1)}`, 0, 'zeros');

    machine = machine.fork();
    store = await EngineUnderTest.open(machine);
    expect(store.get('key')).toBeUndefined();
    expect(store.engine.statistics().recovery?.failedClosed).toBe(1);
    await store.set('other', 'present', NEVER, 'synced');
    machine = machine.crash(kind);
    store = await EngineUnderTest.open(machine);
    expect(store.get('key')).toBeUndefined();
    expect(store.get('other')).toBe('present');
  },
);
