// Goal: the group commit does as little I/O as its promises allow, keeps their order, and tells
// every waiter, at once, however waiters of different kinds meet.
// Method: an engine on the simulated runtime, whose clock stands still unless it is moved: no timer
// can come to the rescue. Not covered: crashes and failing disks (packages/core/test).

import { expect, test } from 'vitest';
import { openCacheOn } from '../cache/open-cache.ts';
import { ShapeDictionary } from '../codec/shape-dictionary.ts';
import {
  DISK_CALL_KINDS,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../testing/index.ts';
import type { Engine } from './engine.ts';
import { openEngine } from './open-engine.ts';

const SETTINGS = {
  directory: '/store',
  isPersistent: true,
  hashPrefixLength: 0,
  cleanupIntervalMs: 60_000,
  memoryBytesMax: 1 << 20,
  diskBytesMax: 1 << 20,
  valueBytesMax: 1 << 16,
  durability: 'buffered',
  flushIntervalMs: 50,
  syncIntervalMs: 1_000,
  segmentBytes: 1 << 16,
  onError: (error: Error) => expect.fail(`background error: ${error}`),
} as const;

async function open(
  settings: { segmentBytes?: number; memoryBytesMax?: number } = {},
  disk: SimulatedDisk = new SimulatedDisk(),
): Promise<{ engine: Engine; machine: SimulatedRuntime }> {
  const machine = simulatedRuntime({ disk });
  const engine = await openEngine(machine, { ...SETTINGS, ...settings }, new ShapeDictionary());
  // The first write makes the file.
  put(engine, 'first');
  await engine.flush();
  disk.resetCounts();
  return { engine, machine };
}

function put(engine: Engine, key: string, bytes = 40): void {
  engine.keys.encode(key);
  engine.put(0, new Uint8Array(bytes), 0, bytes, Number.POSITIVE_INFINITY, engine.clock.nowMs());
}

function calls(machine: SimulatedRuntime): Record<string, number> {
  const { counts } = machine.disk;
  return Object.fromEntries(
    DISK_CALL_KINDS.filter((kind) => counts[kind] > 0).map((kind) => [kind, counts[kind]]),
  );
}

test('a hundred synced sets of one turn are one write and one sync', async () => {
  const { engine, machine } = await open();
  const sets = Array.from({ length: 100 }, (_, index) => {
    put(engine, `key-${index}`);
    return engine.settle('synced');
  });
  await Promise.all(sets);
  expect(calls(machine)).toEqual({ write: 1, datasync: 1 });
});

test('written does not sync', async () => {
  const { engine, machine } = await open();
  put(engine, 'key');
  await engine.settle('written');
  expect(calls(machine)).toEqual({ write: 1 });
});

test('a synced set in a new file syncs its name too', async () => {
  const { engine, machine } = await open({ segmentBytes: 1024 });
  put(engine, 'too large for the first file', 800);
  await engine.settle('synced');
  expect(calls(machine)).toEqual({ open: 1, write: 1, datasync: 1, syncDirectory: 1 });
});

test('buffered writes after the flush interval, all at once, and syncs after its own', async () => {
  const { engine, machine } = await open();
  for (let index = 0; index < 20; index++) {
    put(engine, `key-${index}`);
    await engine.settle('buffered');
  }
  await machine.clock.advance(49);
  expect(calls(machine)).toEqual({});
  await machine.clock.advance(1);
  expect(calls(machine)).toEqual({ write: 1 });
  await machine.clock.advance(999);
  expect(calls(machine)).toEqual({ write: 1 });
  await machine.clock.advance(1);
  expect(calls(machine)).toEqual({ write: 1, datasync: 1 });
  await machine.clock.advance(10_000);
  expect(calls(machine)).toEqual({ write: 1, datasync: 1 });
});

test('a large batch does not wait for the interval', async () => {
  const { engine, machine } = await open({ segmentBytes: 1 << 20 });
  for (let index = 0; index < 30; index++) {
    put(engine, `key-${index}`, 10_000);
    void engine.settle('buffered');
  }
  await machine.clock.settle();
  expect(machine.disk.counts.write).toBeGreaterThan(0);
});

test('nothing to write is nothing to wait for', async () => {
  const { engine, machine } = await open();
  await engine.settle('synced');
  await engine.flush();
  expect(calls(machine)).toEqual({});
});

test('promises are kept in the order of the calls, synced after written', async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { engine, machine } = await open({ segmentBytes: 1024 }, new SimulatedDisk({ seed }));
    const kept: string[] = [];
    const asked: string[] = [];
    for (let index = 0; index < 30; index++) {
      put(engine, `key-${index}`, 100);
      const durability = index % 3 === seed % 3 ? 'synced' : 'written';
      asked.push(`${durability} ${index}`);
      void engine.settle(durability).then(() => kept.push(`${durability} ${index}`));
      for (let turn = (seed * index) % 7; turn > 0; turn--) await Promise.resolve();
    }
    await machine.clock.settle();
    const ofKind = (list: string[], kind: string): string[] =>
      list.filter((each) => each.startsWith(kind));
    for (const kind of ['written', 'synced']) {
      expect(ofKind(kept, kind), `seed=${seed}`).toEqual(ofKind(asked, kind));
    }
  }
});

test('sets made while a sync is under way share the next one', async () => {
  const { engine, machine } = await open();
  let release = (): void => {};
  machine.disk.gate = (call) =>
    call.kind === 'datasync'
      ? new Promise((resolve) => {
          release = resolve;
        })
      : undefined;
  put(engine, 'a');
  const first = engine.settle('synced');
  await machine.clock.settle();
  const others = Array.from({ length: 50 }, (_, index) => {
    put(engine, `key-${index}`);
    return engine.settle('synced');
  });
  await machine.clock.settle();
  machine.disk.gate = undefined;
  release();
  await Promise.all([first, ...others]);
  expect(calls(machine)).toEqual({ write: 2, datasync: 2 });
});

test('a sync asked for while another batch is being written is not forgotten', async () => {
  const runtime = simulatedRuntime();
  const cache = await openCacheOn(runtime, { directory: '/store' });
  await cache.set('a', 1, { durability: 'written' });
  // The write has just told its waiter: the sync that follows it covers only what was written.
  await cache.set('a', 2, { durability: 'synced' });
  await cache.set('a', 3, { durability: 'written' });
  await cache.clear();
  await cache.set('a', 4, { durability: 'written' });
  await cache.close();
  expect(runtime.clock.monotonicMs()).toBe(0);
});

test('a caller that never yields is written out by itself, and its promises kept', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const settings = { segmentBytes: 1024, memoryBytesMax: 320_000 };
    const { engine, machine } = await open(settings, new SimulatedDisk({ seed }));
    const promises: Promise<void>[] = [];
    // A write is under way when the burst begins, so that both ways of writing meet in one file.
    put(engine, 'under way', 100);
    promises.push(engine.settle('written'));
    for (let turn = seed % 9; turn > 0; turn--) await Promise.resolve();
    for (let index = 0; index < 300; index++) {
      put(engine, `key-${index}`, 300);
      promises.push(engine.settle('synced'));
    }
    const { records, index } = engine.memoryBytes();
    expect(records + index).toBeLessThan(320_000 + 4 * 1024);
    await Promise.all(promises);
    for (let key = 0; key < 300; key++) {
      engine.keys.encode(`key-${key}`);
      if (!engine.find()) expect.fail(`seed=${seed} key-${key} is missing`);
    }
    await engine.close();
    const again = await openEngine(
      machine.fork(),
      { ...SETTINGS, ...settings },
      new ShapeDictionary(),
    );
    expect(again.size).toBe(302);
    expect(again.statistics().recovery?.damagedRecords).toBe(0);
    await again.close();
  }
});

test('close writes and syncs what is left, ends the timers, and nothing follows', async () => {
  const { engine, machine } = await open();
  put(engine, 'buffered');
  void engine.settle('buffered');
  await engine.close();
  expect(machine.disk.counts.datasync).toBeGreaterThan(0);
  expect(machine.clock.pendingTimers).toBe(0);
  machine.disk.resetCounts();
  await machine.clock.advance(60_000);
  expect(calls(machine)).toEqual({});
  const again = await openEngine(machine.fork(), SETTINGS, new ShapeDictionary());
  expect(again.size).toBe(2);
});

test('close waits for a clear, and its files are gone', async () => {
  const { engine, machine } = await open({ segmentBytes: 1024 });
  for (let index = 0; index < 30; index++) put(engine, `key-${index}`, 200);
  const cleared = engine.clear();
  await engine.close();
  await cleared;
  expect(machine.disk.list('/store').filter((name) => name.endsWith('.seg')).length).toBe(1);
});
