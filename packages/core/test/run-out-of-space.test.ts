// Goal: on a full disk sets fail with NO_SPACE while reads go on; when there is room again, sets
// succeed without a restart, and nothing that was promised is lost by a power cut.
// Method: a simulated disk with a capacity, raised later; several seeds, since they decide how much
// of a failing write arrives.
// Not covered: opening a store on a disk that is full from the start (fail-any-call).
import { expect, test } from 'vitest';
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

test.each(SEEDS)('space comes back (seed %i)', async (seed) => {
  const disk = new SimulatedDisk({ seed, capacityBytes: 12_000 });
  const store = new JudgedStore(simulatedRuntime({ disk, seed }));
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
  const store = new JudgedStore(simulatedRuntime({ disk, seed }));
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
