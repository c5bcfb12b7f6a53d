// Goal: shapes that are damaged, lost or not the same as before cost the values that need them, and
// no value is ever read in another one's shape.
// Method: a small store of objects, written in two openings. Every byte is flipped, every file is
// removed or cut; the store is opened, written and opened again, also with the damage undone.
// Not covered: damage to other records (open-a-damaged-store).
import { beforeAll, expect, test } from 'vitest';
import {
  type DiskSnapshot,
  SeededRandom,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest, segmentFiles } from './engine-under-test.ts';

const SETTINGS = { segmentBytes: 900 };
const KEYS = Array.from({ length: 12 }, (_, index) => `key-${index}`);

let machine: SimulatedRuntime;
let snapshot: DiskSnapshot;
/** Everything ever set, by key: the last one is the value. */
const written = new Map<string, string[]>(KEYS.map((key) => [key, []]));

function open(): Promise<EngineUnderTest> {
  machine = machine.fork();
  return EngineUnderTest.open(machine, SETTINGS, 'objects');
}

async function write(store: EngineUnderTest, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const key = KEYS[(index * 5) % KEYS.length]!;
    const value = `${key}=${index}`.padEnd(12 + (index % 9), '.');
    await store.set(key, value, undefined, 'synced');
    written.get(key)!.push(value);
  }
}

beforeAll(async () => {
  machine = simulatedRuntime({ disk: new SimulatedDisk({ seed: 6 }) });
  for (const [from, to] of [
    [0, 25],
    [25, 70],
  ] as const) {
    const store = await open();
    await write(store, from, to);
    await store.engine.close();
  }
  snapshot = machine.disk.snapshot();
  expect(segmentFiles(machine).length).toBeGreaterThan(2);
});

/** Each key has its last value or none, before and after others are written. */
async function judge(where: string, repair?: () => void): Promise<number> {
  let store = await open();
  let missing = 0;
  const found = new Map(KEYS.map((key) => [key, store.get(key)]));
  for (const [key, value] of found) {
    if (value === undefined) missing++;
    else expect(value, where).toBe(written.get(key)!.at(-1));
  }
  // New shapes get numbers now; what was lost must not come back in them.
  const fresh = Array.from({ length: 20 }, (_, index) => `fresh ${'.'.repeat(index % 5)}`);
  for (const [index, value] of fresh.entries()) void store.set(`fresh-${index}`, value);
  await store.engine.close();
  repair?.();
  store = await open();
  for (const [key, value] of found) {
    const again = store.get(key);
    if (repair === undefined) expect(again, where).toBe(value);
    else if (again !== undefined) expect(again, where).toBe(written.get(key)!.at(-1));
  }
  for (const [index, value] of fresh.entries()) {
    const again = store.get(`fresh-${index}`);
    if (repair === undefined || again !== undefined) expect(again, where).toBe(value);
  }
  await store.engine.close();
  return missing;
}

test('undamaged, everything is there', async () => {
  machine.disk.restore(snapshot);
  expect(await judge('undamaged')).toBe(0);
});

test('every byte flipped, one at a time, and every third one back', async () => {
  machine.disk.restore(snapshot);
  let missing = 0;
  for (const name of segmentFiles(machine)) {
    const path = `${DIRECTORY}/${name}`;
    machine.disk.restore(snapshot);
    const { length } = machine.disk.read(path);
    for (let at = 0; at < length; at += 3) {
      machine.disk.restore(snapshot);
      const right = machine.disk.read(path);
      const wrong = new Uint8Array(right);
      wrong[at] = (wrong[at] as number) ^ (1 << (at % 8));
      machine.disk.replace(path, wrong);
      const undo = (): void => {
        if (machine.disk.exists(path)) machine.disk.replace(path, right);
      };
      const repair = at % 9 === 0 ? undo : undefined;
      missing += await judge(`${name} byte=${at}`, repair);
    }
  }
  expect(missing).toBeGreaterThan(0);
}, 60_000);

test('every file removed, or cut', async () => {
  machine.disk.restore(snapshot);
  const random = new SeededRandom(8);
  for (const name of segmentFiles(machine)) {
    const path = `${DIRECTORY}/${name}`;
    machine.disk.restore(snapshot);
    const right = machine.disk.read(path);
    machine.disk.remove(path);
    await judge(`${name} removed`);
    for (let cut = 0; cut < 40; cut++) {
      machine.disk.restore(snapshot);
      const length = random.below(right.length);
      machine.disk.replace(path, right.subarray(0, length));
      await judge(`${name} cut=${length}`);
    }
  }
}, 60_000);
