// Goal: a record that cannot be read while the store is open costs itself, once; it never comes
// back as an older value, and the cleaner never gives its damage a new checksum.
// Method: records that are only on disk, their bytes flipped or their reads failing under the open
// store, then reads, writes, deletes, cleaning and another opening.
// Not covered: damage found while opening (open-a-damaged-store).
import { describe, expect, test } from 'vitest';
import { SimulatedDisk, simulatedRuntime } from '../src/testing/index.ts';
import { DIRECTORY, segmentFiles } from './engine-under-test.ts';
import { JudgedStore } from './judged-store.ts';

/** Twenty keys, those of the older half only on disk. */
async function storeOnDisk(diskBytesMax = 1 << 20): Promise<JudgedStore> {
  const machine = simulatedRuntime({ disk: new SimulatedDisk({ seed: 4 }) });
  const store = new JudgedStore(machine, { memoryBytesMax: 4_096, diskBytesMax });
  await store.open();
  for (let index = 0; index < 40; index++) {
    store.set(`key-${index % 20}`, `value-${index}`.padEnd(200, '.'), 'synced');
    await machine.clock.settle();
  }
  await machine.clock.advance(3_000);
  expect(store.store!.engine.statistics().damagedRecords).toBe(0);
  return store;
}

function onDisk(store: JudgedStore): string[] {
  return [...store.keys].filter((key) => {
    store.store!.engine.keys.encode(key);
    return store.store!.engine.find() && store.store!.engine.stamp().tier === 'disk';
  });
}

/** Flips a byte of the value of `key`, in every file that holds it. */
function damage(store: JudgedStore, key: string): void {
  const value = store.store!.get(key)!.slice(0, 9);
  let count = 0;
  for (const name of segmentFiles(store.machine)) {
    const path = `${DIRECTORY}/${name}`;
    const text = new TextDecoder('latin1').decode(store.machine.disk.read(path));
    const offset = text.indexOf(`${key}${value}`);
    if (offset >= 0) {
      store.machine.disk.flip(path, offset + key.length + 3);
      count++;
    }
  }
  expect(count).toBe(1);
}

function failReads(store: JudgedStore): { cancel(): void } {
  return store.machine.disk.fail({ code: 'EIO', kind: 'read', times: Number.POSITIVE_INFINITY });
}

describe('a damaged record', () => {
  test('is a miss, reported once, and its key can be set again', async () => {
    const store = await storeOnDisk();
    const [key, other] = onDisk(store) as [string, string];
    damage(store, key);
    expect(store.store!.get(other)).toBeDefined();
    expect(store.store!.get(key)).toBeUndefined();
    expect(store.store!.get(key)).toBeUndefined();
    await store.machine.clock.settle();
    expect(store.store!.errors.map(({ code }) => code)).toEqual(['CORRUPT']);
    expect(store.store!.engine.statistics().damagedRecords).toBe(1);
    expect(store.store!.engine.size).toBe(19);
    store.set(key, 'new', 'synced');
    await store.machine.clock.settle();
    expect(store.judge(false)).toBeUndefined();
    expect(store.store!.engine.size).toBe(20);
    expect(store.store!.walk().length).toBe(20);
    expect(await store.crashAndJudge('power', false)).toBeUndefined();
  });

  test('is a miss for an asynchronous read too', async () => {
    const store = await storeOnDisk();
    const [key] = onDisk(store) as [string];
    damage(store, key);
    expect(await store.store!.getAsync(key)).toBeUndefined();
    expect(store.store!.engine.statistics().damagedRecords).toBe(1);
  });

  test('is not copied by the cleaner: it stays lost, and others do not', async () => {
    const store = await storeOnDisk();
    const [key] = onDisk(store) as [string];
    damage(store, key);
    const before = store.store!.engine.statistics().relocations;
    // Everything else is written again, so that the cleaner gets to the segment.
    for (let index = 0; index < 80; index++) {
      const other = `key-${index % 20}`;
      if (other !== key) store.set(other, `again-${index}`.padEnd(200, '.'), 'synced');
      await store.machine.clock.settle();
    }
    await store.machine.clock.advance(5_000);
    expect(store.store!.engine.statistics().relocations).toBeGreaterThanOrEqual(before);
    expect(store.store!.engine.statistics().damagedRecords).toBe(1);
    expect(store.store!.get(key)).toBeUndefined();
    expect(store.judge(true)).toBeUndefined();
    expect(store.store!.engine.size).toBe(19);
    expect(await store.crashAndJudge('power', true)).toBeUndefined();
    expect(store.store!.get(key)).toBeUndefined();
    expect(store.store!.engine.size).toBe(19);
  });
});

describe('a read that fails', () => {
  test('costs the record, and never shows an older value later', async () => {
    const store = await storeOnDisk();
    const [key] = onDisk(store) as [string];
    const fault = failReads(store);
    expect(store.store!.get(key)).toBeUndefined();
    store.set(key, 'newer', 'synced');
    fault.cancel();
    await store.machine.clock.settle();
    expect(store.store!.get(key)).toBe('newer');
    store.delete(key, 'synced');
    await store.machine.clock.settle();
    expect(store.store!.get(key)).toBeUndefined();
    expect(await store.crashAndJudge('power', true)).toBeUndefined();
    expect(store.store!.get(key)).toBeUndefined();
  });

  test('does not hide a record from its delete: it stays deleted when it can be read again', async () => {
    const store = await storeOnDisk();
    const [key] = onDisk(store) as [string];
    const fault = failReads(store);
    store.delete(key, 'synced');
    fault.cancel();
    await store.machine.clock.settle();
    expect(await store.crashAndJudge('power', true)).toBeUndefined();
    expect(store.store!.get(key)).toBeUndefined();
  });

  test('during cleaning costs a segment, not the writes that made it clean', async () => {
    const store = await storeOnDisk();
    const fault = failReads(store);
    for (let index = 0; index < 80; index++) {
      store.set(`more-${index % 20}`, `value-${index}`.padEnd(200, '.'), 'synced');
      await store.machine.clock.settle();
    }
    fault.cancel();
    expect(store.rejections).toEqual([]);
    expect(store.judge(true)).toBeUndefined();
    await store.machine.clock.advance(3_000);
    expect(store.store!.engine.refusal).toBeUndefined();
    expect(store.store!.walk().length).toBe(store.store!.engine.size);
    expect(await store.crashAndJudge('power', true)).toBeUndefined();
  });
});

test('an asynchronous read of a segment that is cleaned away meanwhile is no error', async () => {
  const store = await storeOnDisk(12_000);
  const keys = onDisk(store);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    const reading = store.store!.getAsync(key);
    for (let index = 0; index < 30; index++) store.set(`more-${index}`, 'x'.repeat(300), 'synced');
    await expect(reading).resolves.toBeOneOf([undefined, expect.stringContaining('value-')]);
    await store.machine.clock.advance(2_000);
  }
  expect(store.store!.errors).toEqual([]);
});
