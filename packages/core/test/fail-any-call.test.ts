// Goal: whichever call of the file system fails, however, once or from then on, nothing wrong is
// ever read, every promise settles once the failures stop, the store says what it can no longer do,
// the directory is free again, and the next opening finds what was promised.
// Method: one story that opens and recovers a store with a past, writes, syncs, deletes, clears,
// cleans, removes, reads from files and closes; the n-th call fails, for n = 1, 2, 3 … until the
// story passes untouched. It ends with a closing or a crash.
// Not covered: two failures far apart (the histories with failing calls); which error a call
// translates to (the adapters' tests).
import { expect, test } from 'vitest';
import { SimulatedDisk, type SimulatedRuntime, simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest } from './engine-under-test.ts';
import { JudgedStore } from './judged-store.ts';

const SETTINGS = { memoryBytesMax: 4_096, diskBytesMax: 24_576 };
const CODES = ['EIO', 'ENOSPC'] as const;
const TIMES = ['once', 'for ever'] as const;
const ENDINGS = ['a closing', 'a kill', 'a power cut'] as const;

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
    machine.disk.clearFaults();
    const next = await EngineUnderTest.open(machine.fork(), SETTINGS);
    await next.engine.close();
    return false;
  }
}

/** While every call fails, a write is refused, for want of space or for good. */
async function expectRefusal(store: JudgedStore, code: (typeof CODES)[number]): Promise<void> {
  store.set('key-0', 'while every call fails', 'synced');
  await store.machine.clock.settle();
  const expected = code === 'EIO' ? ['READ_ONLY'] : ['READ_ONLY', 'NO_SPACE'];
  expect(expected).toContain(store.store!.engine.refusal?.code);
  expect(expected).toContain(store.rejections.at(-1)?.code);
}

/** Only want of space ends by itself; then, everything that was waiting settles. */
async function expectSettled(store: JudgedStore): Promise<void> {
  store.machine.disk.clearFaults();
  await store.machine.clock.advance(1_100);
  expect(store.pendingCount).toBe(0);
  expect([undefined, 'READ_ONLY']).toContain(store.store!.engine.refusal?.code);
}

const CASES = CODES.flatMap((code) =>
  TIMES.flatMap((times) => ENDINGS.map((ending) => [code, times, ending] as const)),
);

test.each(CASES)(
  'the n-th call fails with %s, %s, then %s',
  async (code, times, ending) => {
    const refusals = new Set<string | undefined>();
    for (let n = 1; ; n++) {
      const where = `n=${n} code=${code} ${times} ending=${ending}`;
      const store = await past(n);
      const machine = store.machine.fork();
      const fault = machine.disk.failNth(n, code, { times: times === 'once' ? 1 : Infinity });
      const isTouched = (): boolean => fault.firedCount > 0;
      const isOpen = await openJudged(store, machine);
      if (isOpen) {
        expect(store.judge(true), where).toBeUndefined();
        await play(store);
        if (times === 'for ever' && isTouched()) await expectRefusal(store, code);
        refusals.add(store.store!.engine.refusal?.code);
        // A closing meets the failures as well; a crash comes after them.
        if (ending !== 'a closing') await expectSettled(store);
      }
      const reason =
        ending === 'a closing' && isOpen
          ? await store.closeAndJudge(isTouched)
          : await store.crashAndJudge(ending === 'a power cut' ? 'power' : 'process', isTouched());
      expect(reason, where).toBeUndefined();
      expect(store.store!.engine.refusal).toBeUndefined();
      if (isTouched()) continue;
      expect(n).toBeGreaterThan(80);
      break;
    }
    // One failure is sat out wherever it hits; one that goes on is not.
    if (times === 'for ever') expect(refusals).toContain('READ_ONLY');
    else expect(refusals).not.toContain('READ_ONLY');
    expect(refusals).toContain(undefined);
  },
  240_000,
);
