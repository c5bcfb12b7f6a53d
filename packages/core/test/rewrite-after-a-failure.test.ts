// Goal: a write or a sync that fails costs nothing: what is not durable goes to other files, the
// waiters wait for those, and at no moment does a crash find neither the old files nor the new.
// Method: stores on the simulated disk, one call or two of some kind failing, in both generations,
// plain and encrypted; then a crash, after every number of calls.
// Not covered: failures that go on (stop-writing-after-failed-syncs); full disks.
import { describe, expect, test } from 'vitest';
import { SEGMENT_HEADER_BYTES } from '../src/engine/segment-header.ts';
import {
  type DiskCallKind,
  SimulatedDisk,
  simulatedCipher,
  simulatedRuntime,
} from '../src/testing/index.ts';
import { DIRECTORY, segmentFiles } from './engine-under-test.ts';
import { JudgedStore } from './judged-store.ts';

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);
const ENCRYPTION = { cipher: simulatedCipher, keys: [{ id: 'one', key: new Uint8Array(32) }] };

/** In all tests of calls that fail: one may hit a manifest, which has its name for ever. */
let rewrites = 0;

function storeOn(seed: number, settings = {}): JudgedStore {
  const disk = new SimulatedDisk({ seed });
  return new JudgedStore(simulatedRuntime({ disk, seed }), { memoryBytesMax: 4_096, ...settings });
}

async function write(store: JudgedStore, name: string, count = 30): Promise<void> {
  for (let index = 0; index < count; index++) {
    const durability = (['buffered', 'written', 'synced'] as const)[index % 3]!;
    store.set(`key-${index % 9}`, `${name}-${index}`.padEnd(150, '.'), durability);
    if (index % 4 === 3) await store.machine.clock.settle();
  }
}

function young(store: JudgedStore): string[] {
  return segmentFiles(store.machine).filter((name) => name.startsWith('y-'));
}

describe.each([1, 2])('%i calls in a row that fail', (times) => {
  test.each(
    (['write', 'datasync', 'syncDirectory', 'open'] as const).flatMap((kind) =>
      SEEDS.map((seed) => [kind, seed] as const),
    ),
  )('%s are sat out (seed %i)', async (kind, seed) => {
    const store = storeOn(seed, seed % 3 === 0 ? { encryption: ENCRYPTION } : {});
    await store.open();
    await write(store, 'good');
    const fault = store.machine.disk.fail({ code: 'EIO', kind, nth: 1 + (seed % 4), times });
    await write(store, 'late');
    await store.machine.clock.advance(2_000);
    expect(fault.firedCount).toBe(times);
    expect(store.rejections).toEqual([]);
    expect(store.pendingCount).toBe(0);
    expect(await store.flush()).toBeUndefined();
    expect(store.judge(false)).toBeUndefined();
    const { engine, errors } = store.store!;
    expect(engine.refusal).toBeUndefined();
    expect(errors.map(({ code }) => code)).toEqual(Array(times).fill('IO'));
    rewrites += engine.statistics().rewrites;
    // Old files are gone.
    expect(segmentFiles(store.machine).length).toBe(engine.statistics().segments);
    expect(await store.crashAndJudge(seed % 2 === 0 ? 'power' : 'process', false)).toBeUndefined();
  });
});

test('files were written again', () => {
  expect(rewrites).toBeGreaterThan(4 * 2 * SEEDS.length);
});

test('the file of a failed sync is never synced again, and goes only when the new one is there', async () => {
  const store = storeOn(1);
  await store.open();
  store.set('key', 'durable', 'synced');
  await store.machine.clock.settle();
  const [old] = young(store) as [string];
  const calls: string[] = [];
  let isFailed = false;
  store.machine.disk.gate = ({ kind, path }) => {
    const name = path.split('/').at(-1)!;
    if (isFailed && !kind.startsWith('close')) calls.push(`${kind} ${name}`);
    if (kind === 'datasync' && name === old) isFailed = true;
    return Promise.resolve();
  };
  store.machine.disk.fail({ code: 'EIO', kind: 'datasync' });
  store.set('key', 'newer', 'synced');
  await store.machine.clock.settle();
  const [renewed] = young(store) as [string];
  expect(renewed > old).toBe(true);
  expect(calls).toEqual([
    `open ${renewed}`,
    `write ${renewed}`,
    `datasync ${renewed}`,
    'syncDirectory store',
    `write ${renewed}`,
    `datasync ${renewed}`,
    `remove ${old}`,
  ]);
});

test.each(SEEDS)(
  'a failed sync of main: its copies are in another file (seed %i)',
  async (seed) => {
    const store = storeOn(seed, {
      memoryBytesMax: 1 << 20,
      diskBytesMax: Number.POSITIVE_INFINITY,
    });
    await store.open();
    const isMain = (path: string): boolean => path.includes('/m-');
    const fault = store.machine.disk.fail({
      code: 'EIO',
      kind: 'datasync',
      path: isMain,
      times: 2,
    });
    // Half of the keys stay as they are, and go to main when what lies around them is dead.
    for (let round = 0; round < 12; round++) {
      for (let index = 0; index < 20; index++) {
        if (round > 0 && index % 2 === 0) continue;
        store.set(`key-${index}`, `${round}`.padEnd(150, '.'), 'buffered');
      }
      await store.machine.clock.advance(1_100);
    }
    expect(await store.flush()).toBeUndefined();
    await store.machine.clock.advance(2_100);
    expect(fault.firedCount).toBe(2);
    expect(store.store!.engine.statistics().rewrites).toBeGreaterThan(0);
    expect(store.store!.engine.statistics().main.segments).toBeGreaterThan(0);
    expect(segmentFiles(store.machine).length).toBe(store.store!.engine.statistics().segments);
    expect(await store.crashAndJudge('power', false)).toBeUndefined();
  },
);

test('the records of one text are never encrypted twice under one nonce', async () => {
  const store = storeOn(2, { encryption: ENCRYPTION });
  await store.open();
  const before = new Set<string>();
  const headerOf = (name: string): string =>
    store.machine.disk.read(`${DIRECTORY}/${name}`).slice(76, 92).join();
  for (let round = 0; round < 4; round++) {
    store.set('key', 'the same value', 'synced');
    await store.machine.clock.settle();
    const [name] = young(store) as [string];
    expect(before.has(headerOf(name))).toBe(false);
    before.add(headerOf(name));
    store.machine.disk.fail({ code: 'EIO', kind: 'datasync' });
  }
  expect(before.size).toBe(4);
});

test('what cannot be read back ends it: memory had been given up before the sync failed', async () => {
  const store = storeOn(3, { memoryBytesMax: 0 });
  await store.open();
  for (let index = 0; index < 40; index++) store.set(`key-${index}`, 'x'.repeat(200), 'written');
  await store.machine.clock.settle();
  const { disk } = store.machine;
  disk.fail({ code: 'EIO', kind: 'datasync' });
  disk.fail({ code: 'EIO', kind: 'read', times: Number.POSITIVE_INFINITY });
  expect((await store.flush())?.code).toBe('READ_ONLY');
  expect(await store.crashAndJudge('process', false)).toBeUndefined();
});

/** Fails a sync, and crashes after so many more calls; false once the story is over before. */
async function crashAfter(
  calls: number,
  crash: 'power' | 'process',
  kind: DiskCallKind,
): Promise<boolean> {
  const store = storeOn(calls, calls % 2 === 0 ? { encryption: ENCRYPTION } : {});
  await store.open();
  await write(store, 'good', 12);
  const fault = store.machine.disk.fail({ code: 'EIO', kind });
  let left = calls;
  store.machine.disk.gate = () =>
    fault.firedCount === 0 || left-- > 0 ? Promise.resolve() : new Promise(() => {});
  for (let index = 0; index < 14; index++) {
    const durability = index === 13 ? 'synced' : 'written';
    store.set(`key-${index % 9}`, `late-${index}`.padEnd(300, '.'), durability);
    if (index === 12) await store.machine.clock.settle();
  }
  await store.machine.clock.settle();
  const isOver = left > 0;
  store.machine.disk.gate = undefined;
  const where = `${kind} fails, ${crash} after ${calls} calls`;
  expect(await store.crashAndJudge(crash, false), where).toBeUndefined();
  await store.flush();
  await store.machine.clock.advance(2_100);
  await store.flush();
  // Nothing is left of what the opening has not counted.
  const { segments } = store.store!.engine.statistics();
  expect(segmentFiles(store.machine).length, where).toBe(segments);
  return !isOver;
}

test.each([
  ['power', 'datasync'],
  ['process', 'datasync'],
  ['power', 'syncDirectory'],
  ['process', 'syncDirectory'],
] as const)('a crash at any call of the rewriting: %s, %s', async (crash, kind) => {
  let calls = 0;
  while (await crashAfter(calls, crash, kind)) calls++;
  expect(calls).toBeGreaterThan(9);
});

test('a renewed segment goes on being written where it was', async () => {
  const store = storeOn(5, { segmentBytes: 16_384, memoryBytesMax: 1 << 20 });
  await store.open();
  store.set('one', 'x'.repeat(200), 'synced');
  await store.machine.clock.settle();
  store.machine.disk.fail({ code: 'EIO', kind: 'write' });
  store.set('two', 'x'.repeat(200), 'synced');
  await store.machine.clock.settle();
  store.set('three', 'x'.repeat(200), 'synced');
  await store.machine.clock.settle();
  expect(young(store).length).toBe(1);
  const size = store.machine.disk.read(`${DIRECTORY}/${young(store)[0]}`).length;
  expect(size).toBeGreaterThan(SEGMENT_HEADER_BYTES + 3 * 200);
  expect(await store.crashAndJudge('power', false)).toBeUndefined();
});
