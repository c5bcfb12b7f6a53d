// Goal: a full disk costs a cache what it has to evict, and no set fails; one that must not evict
// fails sets with NO_SPACE while reads go on. When there is room again, sets succeed without a
// restart, and nothing that was promised is lost by a power cut.
// Method: a simulated disk with a capacity, raised later; several seeds, since they decide how much
// of a failing write arrives.
// Not covered: opening a store on a disk that is full from the start (fail-any-call); a real full
// disk (node-adapter).
import { describe, expect, test } from 'vitest';
import { SimulatedDisk, simulatedRuntime } from '../src/testing/index.ts';
import { JudgedStore } from './judged-store.ts';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

async function fill(store: JudgedStore): Promise<void> {
  for (let index = 0; store.rejections.length === 0; index++) {
    expect(index).toBeLessThan(200);
    const durability = (['buffered', 'written', 'synced'] as const)[index % 3]!;
    store.set(`key-${index % 40}`, `value-${index}`.padEnd(300, '.'), durability);
    await store.machine.clock.advance(10);
  }
}

/** It must not evict: a full disk is for somebody else to see to. */
const NEVER_EVICTS = { diskBytesMax: Number.POSITIVE_INFINITY };

test.each(SEEDS)('space comes back (seed %i)', async (seed) => {
  const disk = new SimulatedDisk({ seed, capacityBytes: 12_000 });
  const store = new JudgedStore(simulatedRuntime({ disk, seed }), NEVER_EVICTS);
  await store.open();
  await fill(store);
  expect(store.rejections.map(({ code }) => code)).toContain('NO_SPACE');
  expect(store.store!.engine.refusal?.code).toBe('NO_SPACE');
  expect(store.judge(false)).toBeUndefined();

  // Still full: the retries fail as well, one a second, and nobody is left waiting.
  await store.machine.clock.advance(5_000);
  expect(store.store!.engine.refusal?.code).toBe('NO_SPACE');
  const flushing = store.flush();
  await store.machine.clock.advance(1_000);
  expect(await flushing).toMatchObject({ code: 'NO_SPACE' });
  expect(store.pendingCount).toBe(0);
  expect(store.judge(false)).toBeUndefined();

  disk.capacityBytes = 1 << 20;
  await store.machine.clock.advance(1_100);
  expect(store.store!.engine.refusal).toBeUndefined();
  store.set('after', 'there is room', 'synced');
  store.delete('key-1', 'synced');
  await store.machine.clock.settle();
  expect(store.pendingCount).toBe(0);
  expect(store.rejections.at(-1)?.code).toBe('NO_SPACE');
  expect(await store.crashAndJudge('power', false)).toBeUndefined();
  expect(store.store!.get('after')).toBe('there is room');
});

test.each(SEEDS)('a crash while the disk is full (seed %i)', async (seed) => {
  const disk = new SimulatedDisk({ seed, capacityBytes: 12_000 });
  const store = new JudgedStore(simulatedRuntime({ disk, seed }), NEVER_EVICTS);
  await store.open();
  await fill(store);
  await store.machine.clock.advance((seed % 5) * 400);
  disk.capacityBytes = 1 << 20;
  const kind = seed % 2 === 0 ? 'power' : 'process';
  expect(await store.crashAndJudge(kind, false)).toBeUndefined();
});

test('cleaned segments that wait for space keep their order', async () => {
  const disk = new SimulatedDisk({ seed: 3, capacityBytes: 16_000 });
  const store = new JudgedStore(simulatedRuntime({ disk }), { diskBytesMax: 12_000 });
  await store.open();
  for (let round = 0; round < 30; round++) {
    for (let index = 0; index < 6; index++) {
      store.set(`key-${index}`, `${round}`.padEnd(250, '.'), 'written');
      if (index === round % 6) store.delete(`key-${index}`, 'written');
    }
    disk.capacityBytes = round % 4 === 3 ? disk.bytesUsed : 16_000 + round * 500;
    await store.machine.clock.advance(1_200);
    expect(store.judge(true)).toBeUndefined();
  }
  expect(await store.crashAndJudge('process', true)).toBeUndefined();
});

const WORKLOADS = ['all new', 'set again and again', 'read', 'with deadlines'] as const;

describe.each(WORKLOADS)('a disk smaller than the limit: %s', (workload) => {
  test.each(SEEDS)('no set fails (seed %i)', async (seed) => {
    const disk = new SimulatedDisk({ seed, capacityBytes: 24_000 });
    const machine = simulatedRuntime({ disk, seed });
    const store = new JudgedStore(machine, { memoryBytesMax: 8_192, diskBytesMax: 1 << 20 });
    await store.open();
    // The first manifest needs room of its own.
    await store.store!.engine.clear();
    const keys = workload === 'all new' ? 1_000 : 80;
    for (let index = 0; index < 300; index++) {
      const durability = (['buffered', 'written', 'synced'] as const)[index % 3]!;
      const nowMs = store.store!.engine.clock.nowMs();
      const expiresAtMs = workload === 'with deadlines' ? nowMs + 1_000 + index * 9 : undefined;
      const value = `value-${index}`.padEnd(250, '.');
      store.set(`key-${(index * 7) % keys}`, value, durability, expiresAtMs);
      if (workload === 'read') for (let key = 0; key < 20; key++) store.store!.get(`key-${key}`);
      if (index % 40 === 39) store.delete(`key-${(index * 3) % keys}`, 'synced');
      await machine.clock.advance(10);
      if (index % 20 === 0) expect(store.judge(true)).toBeUndefined();
    }
    expect(await store.flush()).toBeUndefined();
    expect(store.rejections).toEqual([]);
    expect(store.pendingCount).toBe(0);
    const { evictions, refusal } = store.store!.engine.statistics();
    if (workload === 'all new') expect(evictions).toBeGreaterThan(0);
    expect(refusal).toBeUndefined();
    expect(disk.bytesUsed).toBeLessThanOrEqual(24_000);
    // The newest is there, whatever went.
    expect(store.store!.get(`key-${(299 * 7) % keys}`)).toBeDefined();
    expect(await store.crashAndJudge(seed % 2 === 0 ? 'power' : 'process', true)).toBeUndefined();
  });
});

test('room that appears is used again', async () => {
  const disk = new SimulatedDisk({ seed: 7, capacityBytes: 24_000 });
  const store = new JudgedStore(simulatedRuntime({ disk }), { diskBytesMax: 1 << 20 });
  await store.open();
  await store.store!.engine.clear();
  const sets = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index++) {
      store.set(`key-${index}`, 'x'.repeat(250), 'written');
      await store.machine.clock.advance(20);
    }
  };
  await sets(0, 200);
  expect(store.store!.engine.diskBytes).toBeLessThan(24_000);
  disk.capacityBytes = 1 << 20;
  await store.machine.clock.advance(60_000);
  await sets(200, 400);
  expect(store.rejections).toEqual([]);
  expect(store.store!.engine.diskBytes).toBeGreaterThan(60_000);
  expect(await store.crashAndJudge('power', true)).toBeUndefined();
});

test('clearing a full store makes room', async () => {
  const disk = new SimulatedDisk({ seed: 9, capacityBytes: 16_000 });
  const store = new JudgedStore(simulatedRuntime({ disk }), { diskBytesMax: 1 << 20 });
  await store.open();
  await store.store!.engine.clear();
  for (let index = 0; index < 60; index++) {
    store.set(`key-${index % 45}`, 'x'.repeat(250), 'synced');
    await store.machine.clock.advance(20);
  }
  disk.capacityBytes = disk.bytesUsed;
  store.clear();
  await store.machine.clock.advance(3_000);
  expect(store.rejections).toEqual([]);
  expect(disk.bytesUsed).toBeLessThan(4_000);
  expect(await store.crashAndJudge('power', false)).toBeUndefined();
});
