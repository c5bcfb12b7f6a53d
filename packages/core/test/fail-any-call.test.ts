// Goal: whichever single call of the file system fails, however, nothing wrong is ever read, every
// promise settles, the directory is free again, and the next opening finds what was promised.
// Method: one story that opens a store with a past, writes, deletes, clears, cleans and reads from
// files; the n-th call fails, for n = 1, 2, 3 … until the story passes untouched. Then a crash.
// Not covered: two failures in one run; which error a call translates to (the adapters' tests).
import { expect, test } from 'vitest';
import { SimulatedDisk, type SimulatedRuntime, simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest } from './engine-under-test.ts';
import { JudgedStore } from './judged-store.ts';

const SETTINGS = { memoryBytesMax: 4_096, diskBytesMax: 24_576 };
const CODES = ['EIO', 'ENOSPC'] as const;
const CRASHES = ['process', 'power'] as const;

/** A store of two earlier openings, one of them killed. */
async function past(seed: number): Promise<JudgedStore> {
  const store = new JudgedStore(simulatedRuntime({ disk: new SimulatedDisk({ seed }) }), SETTINGS);
  await store.open();
  for (let index = 0; index < 30; index++) store.set(`key-${index % 12}`, `past-${index}`);
  await store.flush();
  for (let index = 0; index < 8; index++) store.set(`key-${index}`, `unsynced-${index}`, 'written');
  await store.machine.clock.settle();
  expect(await store.crashAndJudge('process', false)).toBeUndefined();
  store.model.acknowledgeAll('synced');
  await store.store!.engine.close();
  return store;
}

async function play(store: JudgedStore): Promise<void> {
  const { clock } = store.machine;
  for (let index = 0; index < 28; index++) {
    const durability = (['buffered', 'written', 'synced'] as const)[index % 3]!;
    store.set(`key-${index % 12}`, `present-${index}`.padEnd((index * 37) % 500, '.'), durability);
    if (index % 9 === 8) store.delete(`key-${(index * 5) % 12}`, durability);
    if (index === 17) store.clear();
    if (index % 4 === 0) await clock.settle();
    if (index % 16 === 15) await clock.advance(300);
    expect(store.judge(true)).toBeUndefined();
  }
  await clock.advance(3_000);
  expect(store.judge(true)).toBeUndefined();
  await store.flush();
  await clock.advance(3_000);
  await store.store!.getAsync('key-3');
}

async function openJudged(store: JudgedStore, machine: SimulatedRuntime): Promise<boolean> {
  store.machine = machine;
  try {
    await store.open();
    return true;
  } catch (error) {
    expect(['IO', 'NO_SPACE']).toContain((error as { code?: string }).code);
    // The directory is free, and the next one gets in.
    const next = await EngineUnderTest.open(machine.fork(), SETTINGS);
    await next.engine.close();
    return false;
  }
}

test.each(CODES.flatMap((code) => CRASHES.map((crash) => [code, crash] as const)))(
  'the n-th call fails with %s, then a crash: %s',
  async (code, crash) => {
    let n = 0;
    for (;;) {
      n++;
      const where = `n=${n} code=${code} crash=${crash}`;
      const store = await past(n);
      const machine = store.machine.fork();
      const fault = machine.disk.failNth(n, code);
      if (await openJudged(store, machine)) {
        expect(store.judge(true), where).toBeUndefined();
        await play(store);
        expect(store.pendingCount, where).toBe(0);
      }
      const isUntouched = fault.firedCount === 0;
      expect(await store.crashAndJudge(crash, !isUntouched), where).toBeUndefined();
      expect(store.store!.engine.refusal).toBeUndefined();
      if (isUntouched) break;
    }
    expect(n).toBeGreaterThan(80);
  },
  120_000,
);
