// Goal: where syncs go on failing the store says READ_ONLY, reads go on, every waiter is told, and
// what had been promised survives. A disk that lies about syncs costs no more than what it lied
// about, and never the opening.
// Method: failing and lying syncs on the simulated disk, then crashes, seed after seed.
// Not covered: failures that end in time (rewrite-after-a-failure).
import { expect, test } from 'vitest';
import { SimulatedDisk, simulatedRuntime } from '../src/testing/index.ts';
import { JudgedStore } from './judged-store.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

function storeOn(seed: number): JudgedStore {
  const disk = new SimulatedDisk({ seed });
  return new JudgedStore(simulatedRuntime({ disk, seed }), { memoryBytesMax: 4_096 });
}

test.each(SEEDS)('syncs that go on failing poison (seed %i)', async (seed) => {
  const store = storeOn(seed);
  await store.open();
  for (let index = 0; index < 30; index++) {
    store.set(`key-${index % 9}`, `good-${index}`.padEnd(100, '.'), 'synced');
    if (index % 7 === seed % 7) await store.machine.clock.settle();
  }
  expect(await store.flush()).toBeUndefined();
  store.machine.disk.fail({
    code: 'EIO',
    kind: seed % 3 === 0 ? 'syncDirectory' : 'datasync',
    nth: seed % 3 === 0 ? 1 : 1 + (seed % 2),
    times: Number.POSITIVE_INFINITY,
  });
  for (let index = 0; index < 30; index++) {
    store.set(`key-${index % 9}`, `late-${index}`.padEnd(100, '.'), 'synced');
    store.delete(`key-${(index + 4) % 9}`, 'written');
    if (index % 5 === 0) await store.machine.clock.settle();
  }
  await store.machine.clock.advance(2_000);
  expect(store.store!.engine.refusal?.code).toBe('READ_ONLY');
  expect(store.store!.engine.statistics().refusal).toBe('READ_ONLY');
  // Two were sat out, and told.
  expect(store.store!.errors.map(({ code }) => code)).toEqual(['IO', 'IO', 'READ_ONLY']);
  expect(store.rejections.length).toBeGreaterThan(0);
  expect(new Set(store.rejections.map(({ code }) => code))).toEqual(new Set(['READ_ONLY']));
  expect(store.pendingCount).toBe(0);
  expect(store.judge(false)).toBeUndefined();
  // Where it was main that could not be synced, everything set is durable, and judged as such.
  expect([undefined, 'READ_ONLY']).toContain((await store.flush())?.code);

  const kind = seed % 4 < 2 ? 'power' : 'process';
  expect(await store.crashAndJudge(kind, false)).toBeUndefined();
  expect(store.store!.engine.refusal).toBeUndefined();
});

test('closing a poisoned store reports it, and frees the directory', async () => {
  const store = storeOn(1);
  await store.open();
  store.machine.disk.fail({ code: 'EIO', kind: 'datasync', times: 3 });
  store.set('key', 'value', 'synced');
  await store.machine.clock.settle();
  await expect(store.store!.engine.close()).rejects.toMatchObject({ code: 'READ_ONLY' });
  store.machine = store.machine.fork();
  await store.open();
  expect(store.store!.get('key')).toBe('value');
});

test.each(SEEDS)('a lying disk (seed %i)', async (seed) => {
  const store = storeOn(seed);
  await store.open();
  const values = new Map<string, Set<string>>();
  const machine = store.machine;
  machine.disk.syncLies = seed % 5 !== 0;
  for (let index = 0; index < 60; index++) {
    const key = `key-${index % 9}`;
    const value = `value-${index}`.padEnd(120, '.');
    values.set(key, (values.get(key) ?? new Set()).add(value));
    store.set(key, value, index % 2 === 0 ? 'synced' : 'buffered');
    if (index === 30) machine.disk.syncLies = !machine.disk.syncLies;
    if (index % 6 === 0) await machine.clock.advance(100);
  }
  await machine.clock.settle();
  // What is judged here is only that the opening succeeds, and that no hit is of another key.
  await store.crashAndJudge('power', true);
  for (const key of store.keys) {
    const value = store.store!.get(key);
    if (value !== undefined) expect(values.get(key)).toContain(value);
  }
  store.store!.set('more', 'writes work');
  await store.store!.engine.flush();
});
