// Goal: an offline check finds what an opening would find, and every byte that rotted in what
// counts; it calls nothing damage that a crash may leave; and it changes nothing.
// Method: a store of both generations on a simulated disk, closed, killed, cut, with every byte
// flipped; each time the check is compared with a real opening. Not covered: another process's
// directory (grpc-sidecar's offline-commands).
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type VerifiedStore, verifyStore } from '../src/inspect/index.ts';
import {
  type DiskSnapshot,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest, segmentFiles } from './engine-under-test.ts';

const SETTINGS = { segmentBytes: 640 };

let machine: SimulatedRuntime;
let snapshot: DiskSnapshot;
let names: string[];

async function write(store: EngineUnderTest, from: number, to: number): Promise<void> {
  const nowMs = machine.clock.wallMs();
  for (let index = from; index < to; index++) {
    // Every fifth value expires a second later.
    const expiresAtMs = index % 5 === 0 ? nowMs + 1_000 : nowMs + 60_000_000;
    void store.set(`key-${(index * 3) % 11}`, `value-${index}`, expiresAtMs);
    if (index % 6 === 2) void store.delete(`key-${(index * 2) % 11}`);
    if (index % 3 === 1) await store.engine.flush();
  }
}

beforeAll(async () => {
  machine = simulatedRuntime({ disk: new SimulatedDisk({ seed: 5 }) });
  for (const [from, to] of [[0, 16] as const, [16, 34] as const]) {
    const store = await EngineUnderTest.open(machine, SETTINGS);
    await write(store, from, to);
    await store.engine.close();
    machine = machine.fork();
  }
  await machine.clock.advance(2_000);
  snapshot = machine.disk.snapshot();
  names = machine.disk.list(DIRECTORY);
  expect(names.some((name) => name.startsWith('m-'))).toBe(true);
  expect(segmentFiles(machine).length).toBeGreaterThan(2);
});

beforeEach(() => {
  machine.disk.restore(snapshot);
  machine = machine.fork();
});

/** Checks, and that nothing was written, locked or removed for it. */
async function verify(): Promise<VerifiedStore> {
  machine.disk.resetCounts();
  const found = await verifyStore(machine, DIRECTORY);
  expect(machine.disk.counts).toMatchObject({
    write: 0,
    datasync: 0,
    remove: 0,
    lockDirectory: 0,
    rename: 0,
  });
  return found;
}

/** What an opening of it really finds. */
async function open(): Promise<{ live: number; errors: string[]; torn: number }> {
  const store = await EngineUnderTest.open(machine.fork(), SETTINGS);
  const live = store.engine.size;
  const { recovery } = store.engine.statistics();
  const errors = store.errors.map(({ message }) => message);
  await store.engine.close();
  return { live, errors, torn: recovery!.tornBytes };
}

test('a store that was closed is clean, and has what an opening finds', async () => {
  const found = await verify();
  expect(found).toMatchObject({ directory: DIRECTORY, isClean: true, problems: [] });
  expect(found.files.map(({ name }) => name)).toEqual([...names].sort());
  expect(found.files.every(({ role }) => role === 'counts' || role === 'lock')).toBe(true);
  expect(found.files.flatMap(({ torn }) => torn)).toEqual([]);
  expect(found.files.some(({ expired = 0 }) => expired > 0)).toBe(true);
  expect(found.live).toBeGreaterThan(5);
  expect(found.live).toBe((await open()).live);
});

test('a store that was killed is clean: what was under way is torn, not damaged', async () => {
  let tornSeen = 0;
  for (let seed = 1; seed <= 200; seed++) {
    machine.disk.restore(snapshot);
    machine = machine.fork();
    const store = await EngineUnderTest.open(machine, SETTINGS);
    await write(store, 34, 34 + (seed % 7));
    void store.set('last', 'x'.repeat(1_500));
    void store.engine.flush();
    for (let turn = 0; turn < seed % 50; turn++) await Promise.resolve();
    machine = machine.crash(seed % 2 === 0 ? 'process' : 'power');
    const found = await verify();
    // What is there twice may be torn where it was being written; the other copy counts, and it
    // is said.
    const segments = found.files.filter(({ kind }) => kind === 'young' || kind === 'main');
    const damage = segments.flatMap((file) => file.damage);
    expect(damage.filter(({ reason }) => !reason.includes('the other one is whole'))).toEqual([]);
    expect(found.problems, `seed ${seed}`).toEqual([]);
    const { live, errors, torn } = await open();
    expect(errors).toEqual([]);
    expect(found.live, `seed ${seed}`).toBe(live);
    expect(found.recovery.tornBytes).toBe(torn);
    if (found.files.some((file) => file.torn.length > 0)) tornSeen++;
  }
  expect(tornSeen).toBeGreaterThan(0);
}, 60_000);

test('whichever byte rots, it is found, and what it costs is what an opening says', async () => {
  for (const name of names.filter((each) => !each.startsWith('lock'))) {
    const path = `${DIRECTORY}/${name}`;
    machine.disk.restore(snapshot);
    const bytes = machine.disk.read(path).length;
    for (let offset = 0; offset < bytes; offset += 7) {
      machine.disk.restore(snapshot);
      machine = machine.fork();
      machine.disk.flip(path, offset);
      const where = `${name} ${offset}`;
      const found = await verify();
      const file = found.files.find((each) => each.name === name)!;
      if (found.isClean) {
        // Nothing says of a lane's last bytes, or behind a shorter manifest, that they were there.
        expect(name, where).toMatch(/^manifest/);
      } else {
        expect(file.damage.length, where).toBeGreaterThan(0);
        expect(file.torn, where).toEqual([]);
      }
      const { live, errors } = await open();
      expect([found.live, found.problems.map(({ message }) => message)], where).toEqual([
        live,
        errors,
      ]);
    }
  }
}, 60_000);

describe('files', () => {
  test('one that is missing costs what an opening says', async () => {
    for (const name of names.filter((each) => /^[my]-/.test(each))) {
      machine.disk.restore(snapshot);
      machine = machine.fork();
      machine.disk.remove(`${DIRECTORY}/${name}`);
      const found = await verify();
      const { live, errors } = await open();
      expect([found.live, found.problems.map(({ message }) => message)]).toEqual([live, errors]);
    }
  });

  test('leftovers and files of nobody are told apart, and are no damage', async () => {
    const stray = 'm-03-00000001-000000ff.seg';
    machine.disk.replace(`${DIRECTORY}/${stray}`, new Uint8Array(300));
    machine.disk.replace(`${DIRECTORY}/notes.txt`, new Uint8Array(3));
    const found = await verify();
    expect(found.isClean).toBe(true);
    const roleOf = (name: string) => found.files.find((file) => file.name === name)?.role;
    expect([roleOf(stray), roleOf('notes.txt'), roleOf('superblock-a')]).toEqual([
      'leftover',
      'foreign',
      'counts',
    ]);
    expect(machine.disk.exists(`${DIRECTORY}/${stray}`)).toBe(true);
  });

  test('both superblocks lost: recovery says so', async () => {
    machine.disk.flip(`${DIRECTORY}/superblock-a`, 20);
    machine.disk.flip(`${DIRECTORY}/superblock-b`, 20);
    const { problems, isClean } = await verify();
    expect(isClean).toBe(false);
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('no readable superblock'),
    );
  });
});

describe('what cannot be checked', () => {
  test('a directory without a store', async () => {
    await machine.fileSystem.createDirectory('/empty');
    await expect(verifyStore(machine, '/empty')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(verifyStore(machine, '/nowhere')).rejects.toMatchObject({ code: 'IO' });
  });

  test('a store that is written to meanwhile', async () => {
    const store = await EngineUnderTest.open(machine, SETTINGS);
    const checking = verifyStore(machine.fork(), DIRECTORY);
    for (let round = 0; round < 5; round++) {
      await store.set('busy', `round ${round}`, undefined, 'written');
    }
    await expect(checking).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED' });
    await store.engine.close();
  });

  test('an open store that nobody writes to is checked as if its process had been killed', async () => {
    const store = await EngineUnderTest.open(machine, SETTINGS);
    await store.set('quiet', 'value', undefined, 'synced');
    await machine.clock.advance(10_000);
    const { size } = store.engine;
    const found = await verifyStore(machine.fork(), DIRECTORY);
    expect(found).toMatchObject({ isClean: true, live: size });
    await store.engine.close();
  });

  test('a store of a later format', async () => {
    const path = `${DIRECTORY}/superblock-a`;
    const { encodeSuperblock } = await import('../src/engine/superblock.ts');
    const { portableCrc32 } = await import('../src/engine/crc32.ts');
    const bytes = encodeSuperblock({
      epoch: 900,
      storeId: new Uint8Array(16),
      hashSeed: 0,
      hashPrefixLength: 0,
      storeTimeMs: 0,
      tail: undefined,
      isClosed: false,
      tokenBase: 0,
    });
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 2, true);
    view.setUint32(124, portableCrc32(bytes, 0, 124, 0), true);
    machine.disk.replace(path, bytes);
    await expect(verify()).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('a format this version cannot read version=2'),
    });
  });
});

test('a file that cannot be read: an opening fails, and the check says where', async () => {
  for (const name of names) {
    machine.disk.restore(snapshot);
    machine = machine.fork();
    machine.disk.rot(`${DIRECTORY}/${name}`, 0, 'unreadable');
    const { isClean, problems, files } = await verify();
    expect(isClean).toBe(false);
    const damaged = files.filter(({ damage }) => damage.length > 0).map((file) => file.name);
    expect(damaged).toEqual([name]);
    // One manifest is enough.
    if (!name.startsWith('manifest')) expect(problems).toMatchObject([{ file: name }]);
  }
});
