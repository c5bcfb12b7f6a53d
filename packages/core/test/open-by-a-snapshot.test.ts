// Goal: an opening by the snapshot that a closing has left finds what an opening by the records
// finds; one that is not what was written, or not of these files, is not used; and a record that is
// damaged beneath it is a miss, told once, and never an older value.
// Method: a closed store of both generations on a simulated disk; then copies of the disk on which
// the snapshot, or the files, are not as they were.
// Not covered: what it costs in time (benchmarks/, how-fast-is-a-reopen).
import { describe, expect, test } from 'vitest';
import { parseSnapshotName } from '../src/engine/index-snapshot.ts';
import type { EngineSettings } from '../src/engine/settings.ts';
import {
  ManualClock,
  type SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest, segmentFiles } from './engine-under-test.ts';

const SETTINGS: Partial<EngineSettings> = { snapshotEntriesMin: 1 };
const KEYS = Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 'a>' : '') + index);

/** Overwritten, deleted, tagged and expiring values, some of them in main; closed. */
async function closedStore(settings = SETTINGS): Promise<SimulatedRuntime> {
  const machine = simulatedRuntime({ seed: 7 });
  const store = await EngineUnderTest.open(machine, settings, 'objects');
  for (let round = 0; round < 4; round++) {
    for (const [at, key] of KEYS.entries()) {
      const deadlineMs = at % 4 === 0 ? machine.clock.wallMs() + 60_000 + at : undefined;
      const tags = at % 5 === 0 ? ['tag'] : [];
      const value = `${key}#${round}`.padEnd(60, '.');
      void store.set(key, value, deadlineMs, 'buffered', tags, at % 7 === 0 ? 500 : 0);
    }
    await store.engine.flush();
    await machine.clock.advance(1_500);
  }
  void store.invalidate('', 'tag', 'buffered');
  void store.delete(KEYS[1]!);
  void store.delete(KEYS[2]!);
  store.get(KEYS[4]!);
  await store.engine.close();
  expect(store.engine.statistics().main.segments).toBeGreaterThan(0);
  return machine.fork();
}

function contentsOf(store: EngineUnderTest): unknown {
  const { engine } = store;
  const values = KEYS.map((key) => [key, store.getWithDeadline(key)]);
  const { entries, bytesLive, bytesDead, young, main } = engine.statistics();
  return {
    values,
    sizes: [engine.size, store.sizeOf(''), store.sizeOf('a>')],
    walked: [...store.walk(), ...store.walk('a>')].sort(),
    counts: { entries, bytesLive, bytesDead, young, main },
  };
}

function snapshotsOf({ disk }: SimulatedRuntime): string[] {
  return disk.list(DIRECTORY).filter((name) => parseSnapshotName(name) !== undefined);
}

/** Another machine with a copy of the disk. */
function copyOf(machine: SimulatedRuntime, seed = 8): SimulatedRuntime {
  const disk = machine.disk.clone();
  const clock = new ManualClock();
  clock.setWallMs(machine.clock.wallMs());
  return simulatedRuntime({ seed, disk, clock });
}

function open(machine: SimulatedRuntime, settings = SETTINGS): Promise<EngineUnderTest> {
  return EngineUnderTest.open(machine, settings, 'objects');
}

function isFromSnapshot({ engine }: EngineUnderTest): boolean | undefined {
  return engine.statistics().recovery?.isFromSnapshot;
}

function tierOf({ engine }: EngineUnderTest, key: string): string | undefined {
  engine.keys.encode(key);
  return engine.find() ? engine.stamp().tier : undefined;
}

async function contentsByRecords(machine: SimulatedRuntime): Promise<unknown> {
  const store = await open(copyOf(machine), { snapshotEntriesMin: Number.POSITIVE_INFINITY });
  expect(isFromSnapshot(store)).toBe(false);
  return contentsOf(store);
}

describe('an opening by a snapshot', () => {
  test('finds what one by the records finds, and reads no record', async () => {
    const machine = await closedStore();
    const expected = await contentsByRecords(machine);
    expect(snapshotsOf(machine)).toHaveLength(1);
    const store = await open(machine);
    expect(isFromSnapshot(store)).toBe(true);
    expect(tierOf(store, KEYS[4]!)).toBe('disk');
    expect(contentsOf(store)).toEqual(expected);
    expect(snapshotsOf(machine)).toEqual([]);
  });

  test('goes on to what closings, kills and cleaning make of it', async () => {
    let machine = await closedStore();
    const expected = await contentsByRecords(machine);
    for (let opening = 0; opening < 3; opening++) {
      const store = await open(machine);
      expect(isFromSnapshot(store)).toBe(true);
      await store.engine.close();
      machine = machine.fork();
    }
    const store = await open(machine);
    expect((contentsOf(store) as { values: unknown }).values).toEqual(
      (expected as { values: unknown }).values,
    );
    const compacting = store.engine.maintenance.compact();
    await machine.clock.advance(5_000);
    await compacting;
    void store.set('new', 'value');
    void store.delete(KEYS[3]!);
    await store.engine.flush();
    const values = KEYS.map((key) => store.get(key));
    machine = machine.crash('power');
    const after = await open(machine);
    expect(isFromSnapshot(after)).toBe(false);
    expect(KEYS.map((key) => after.get(key))).toEqual(values);
    expect(after.get('new')).toBe('value');
  });

  test('has all of it in memory before long', async () => {
    const machine = await closedStore();
    const store = await open(machine);
    await machine.clock.advance(1_000);
    expect(tierOf(store, KEYS[4]!)).toBe('memory');
    const { bytesLive, bytesDead } = store.engine.statistics();
    expect(store.engine.memoryBytes().records).toBeGreaterThanOrEqual(bytesLive + bytesDead);
    await store.engine.close();
  });

  test('leaves no timer when it is closed at once', async () => {
    const machine = await closedStore();
    const store = await open(machine);
    await store.engine.close();
    expect(machine.clock.pendingTimers).toBe(0);
  });
});

describe('no snapshot is used', () => {
  test.each<[string, (disk: SimulatedDisk, path: string, files: string[]) => void]>([
    ['that is missing', (disk, path) => disk.remove(path)],
    ['that is empty', (disk, path) => disk.truncate(path, 0)],
    ['that has a byte too many', (disk, path) => disk.replace(path, grown(disk.read(path)))],
    ['without one of its files', (disk, _, files) => disk.remove(files[0]!)],
    ['beside a file that it does not know', (disk, _, files) => addFile(disk, files[0]!)],
    ['with a file that is shorter', (disk, _, files) => disk.truncate(files[0]!, 400)],
    ['with a file in another place', (disk, _, files) => swap(disk, files[0]!, files[1]!)],
    ['after its superblock is gone', (disk) => removeClosed(disk)],
  ])('%s', async (_, meddle) => {
    const machine = copyOf(await closedStore());
    const path = `${DIRECTORY}/${snapshotsOf(machine)[0]}`;
    meddle(
      machine.disk,
      path,
      segmentFiles(machine).map((name) => `${DIRECTORY}/${name}`),
    );
    const expected = await contentsByRecords(machine);
    const store = await open(machine);
    expect(isFromSnapshot(store)).toBe(false);
    expect(contentsOf(store)).toEqual(expected);
    await store.engine.close();
  });

  test('of which a byte was flipped, or which ends early', async () => {
    const machine = await closedStore();
    const expected = await contentsByRecords(machine);
    const name = snapshotsOf(machine)[0]!;
    const { length } = machine.disk.read(`${DIRECTORY}/${name}`);
    for (let at = 0; at < length; at += at < 48 || at > length - 4 ? 3 : 241) {
      const flipped = copyOf(machine);
      flipped.disk.flip(`${DIRECTORY}/${name}`, at, 1 << (at % 8));
      const cut = copyOf(machine);
      cut.disk.truncate(`${DIRECTORY}/${name}`, at);
      for (const each of at % 2 === 0 ? [flipped] : [flipped, cut]) {
        const store = await open(each);
        expect(isFromSnapshot(store), `byte ${at}`).toBe(false);
        if (at % 5 === 0) expect(contentsOf(store)).toEqual(expected);
      }
    }
  });

  test('after a kill, though an older one is put back', async () => {
    const machine = await closedStore();
    const name = snapshotsOf(machine)[0]!;
    const bytes = machine.disk.read(`${DIRECTORY}/${name}`).slice();
    const store = await open(machine);
    void store.set(KEYS[0]!, 'newer', undefined, 'synced');
    await machine.clock.settle();
    await store.engine.flush();
    const killed = machine.crash('process');
    killed.disk.replace(`${DIRECTORY}/${name}`, bytes);
    const after = await open(killed);
    expect(isFromSnapshot(after)).toBe(false);
    expect(after.get(KEYS[0]!)).toBe('newer');
  });

  test.each(['segment', 'snapshot'])(
    'of which the %s is that of a twin, which has gone on from the same closing',
    async (what) => {
      const machine = await closedStore();
      const twins = [];
      for (const seed of [21, 22]) {
        const twin = copyOf(machine, seed);
        const store = await open(twin);
        void store.set(KEYS[seed - 20]!, `of ${seed}`);
        await store.engine.close();
        twins.push(twin.fork());
      }
      const [one, other] = twins as [SimulatedRuntime, SimulatedRuntime];
      const name = what === 'segment' ? segmentFiles(one).at(-1)! : snapshotsOf(one)[0]!;
      const path = `${DIRECTORY}/${name}`;
      one.disk.replace(path, other.disk.read(path).slice());
      const store = await open(one);
      expect(isFromSnapshot(store)).toBe(false);
      if (what === 'snapshot') expect(store.get(KEYS[1]!)).toBe('of 21');
    },
  );

  test('is written of few entries, or of encrypted ones', async () => {
    const machine = await closedStore({});
    expect(snapshotsOf(machine)).toEqual([]);
  });
});

test('any byte of any segment flipped beneath a snapshot: a miss at most, now and later', async () => {
  const machine = await closedStore();
  const right = new Map(KEYS.map((key) => [key, new Set<string | undefined>([undefined])]));
  const whole = await open(copyOf(machine));
  for (const key of KEYS) right.get(key)!.add(whole.getWithDeadline(key));
  let misses = 0;
  for (const name of segmentFiles(machine)) {
    const { length } = machine.disk.read(`${DIRECTORY}/${name}`);
    for (let at = 352 + (length % 149); at < length; at += 149) {
      const damaged = copyOf(machine);
      damaged.disk.flip(`${DIRECTORY}/${name}`, at, 4);
      const store = await open(damaged);
      // Every other time all that is whole is in memory by then.
      if (at % 2 === 0) await damaged.clock.advance(100);
      const lost = KEYS.filter(
        (key) => whole.get(key) !== undefined && store.get(key) === undefined,
      );
      for (const key of KEYS) expect(right.get(key)).toContain(store.getWithDeadline(key));
      expect(lost.length).toBeLessThanOrEqual(1);
      await damaged.clock.settle();
      // One that nobody sees any more, but that has a slot, is told of as well.
      if (isFromSnapshot(store)) expect([lost.length, 1]).toContain(store.errors.length);
      misses += lost.length;
      const gone = lost[0] ?? KEYS[5]!;
      void store.delete(gone, 'synced');
      await damaged.clock.advance(3_000);
      const after = await open(damaged.crash('power'));
      for (const key of KEYS) expect(right.get(key)).toContain(after.getWithDeadline(key));
      expect(after.get(gone)).toBeUndefined();
    }
  }
  expect(misses).toBeGreaterThan(3);
}, 20_000);

function grown(bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  return longer;
}

/** Under a name of its own. */
function addFile(disk: SimulatedDisk, like: string): void {
  disk.replace(like.replace(/.{5}\.seg$/, 'fffff.seg'), disk.read(like).slice());
}

function swap(disk: SimulatedDisk, one: string, other: string): void {
  const bytes = disk.read(one).slice();
  disk.replace(one, disk.read(other).slice());
  disk.replace(other, bytes);
}

/** The superblock of the closing has the higher number of the two, or the same and a flag. */
function removeClosed(disk: SimulatedDisk): void {
  for (const name of ['superblock-a', 'superblock-b']) {
    const path = `${DIRECTORY}/${name}`;
    if (new DataView(disk.read(path).slice().buffer).getUint32(60, true) === 1) disk.remove(path);
  }
}
