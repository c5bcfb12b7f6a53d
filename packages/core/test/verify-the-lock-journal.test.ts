// Goal: a check finds every byte of the lock journal that is not what was written, offline and in
// an open store, says what it costs, and calls nothing damage that a crash may leave.
// Method: a store with leases on a simulated disk; bytes all over its journal are flipped, and
// the offline check is compared with what an opening finds. Not covered: other files
// (verify-a-store).
import { beforeEach, describe, expect, test } from 'vitest';
import { type Cache, openCacheOn } from '../src/index.ts';
import { type VerifiedFile, verifyStore } from '../src/inspect/index.ts';
import { journalName, journalNumber } from '../src/locks/journal/journal-format.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../src/testing/index.ts';

const DIRECTORY = '/store';

let machine: SimulatedRuntime;
let cache: Cache;
let errors: string[];

async function open(): Promise<void> {
  errors = [];
  const onError = ({ message }: Error): void => void errors.push(message);
  cache = await openCacheOn(machine, { directory: DIRECTORY, onError });
  await machine.clock.settle();
}

/** A session that holds as many locks, each granted by a frame of its own. */
async function hold(count: number): Promise<void> {
  const session = cache
    .lockBackend()
    .openSession({ clientName: 'a', metadata: {}, ttlMs: 60_000 }, () => {});
  for (let index = 0; index < count; index++) {
    session.acquire({ requestId: `${index}`, name: `lock ${index}`, waitMs: 0 });
    await machine.clock.settle();
  }
}

function journals(): string[] {
  return machine.disk.list(DIRECTORY).filter((name) => journalNumber(name) !== undefined);
}

async function check(): Promise<{ files: VerifiedFile[]; messages: string[]; isClean: boolean }> {
  const { files, problems, isClean } = await verifyStore(machine, DIRECTORY);
  const journalFiles = files.filter(({ name }) => journalNumber(name) !== undefined);
  return { files: journalFiles, messages: problems.map(({ message }) => message), isClean };
}

async function kill(): Promise<void> {
  machine = machine.crash('process');
}

beforeEach(async () => {
  machine = simulatedRuntime({ seed: 3 });
  await open();
  await hold(4);
});

describe('offline', () => {
  test('a journal that was killed is clean', async () => {
    await kill();
    const [name = ''] = journals();
    const bytes = machine.disk.read(`${DIRECTORY}/${name}`).length;
    expect(await check()).toEqual({
      files: [{ name, role: 'journal', bytes, damage: [], torn: [] }],
      messages: [],
      isClean: true,
    });
  });

  test('whichever byte rots, it is found, and costs what an opening gives up', async () => {
    await kill();
    const [name = ''] = journals();
    const path = `${DIRECTORY}/${name}`;
    const snapshot = machine.disk.snapshot();
    const { length } = machine.disk.read(path);
    const costs = new Set<number>();
    for (let offset = 0; offset < length; offset += 7) {
      machine.disk.restore(snapshot);
      machine = machine.fork();
      machine.disk.flip(path, offset);
      const { files, messages, isClean } = await check();
      const [file] = files;
      // Of the last frame nothing says that it was there whole.
      if (isClean)
        expect(
          file?.torn.map(({ type }) => type),
          `${offset}`,
        ).toEqual(['damage']);
      else expect(file?.damage[0]?.offset, `${offset}`).toBeLessThanOrEqual(offset);
      await open();
      const { held } = await cache.locks.query();
      expect(errors.length, `${offset}`).toBe(messages.length);
      expect(held.length, `${offset}`).toBeLessThanOrEqual(isClean ? 3 : 2);
      costs.add(held.length);
      await cache.close();
    }
    expect([...costs].sort()).toEqual([0, 1, 2, 3]);
  });

  test('one that is cut is torn, and one without a beginning is lost', async () => {
    await kill();
    const path = `${DIRECTORY}/${journals()[0]}`;
    machine.disk.truncate(path, machine.disk.read(path).length - 3);
    const cut = await check();
    expect([cut.isClean, cut.files[0]?.torn.length]).toEqual([true, 1]);
    machine.disk.truncate(path, 20);
    const lost = await check();
    expect(lost.files[0]?.damage).toMatchObject([{ offset: 0, bytes: 20 }]);
    expect(lost.messages).toEqual([expect.stringContaining('no readable lock journal')]);
    expect(lost.isClean).toBe(false);
  });

  test('older ones, and the beginning of a newer one, do not count', async () => {
    await kill();
    const [name = ''] = journals();
    const bytes = machine.disk.read(`${DIRECTORY}/${name}`);
    const number = journalNumber(name) ?? 0;
    const newer = journalName(number + 1);
    machine.disk.replace(`${DIRECTORY}/${newer}`, bytes.slice(0, 30));
    machine.disk.replace(`${DIRECTORY}/${journalName(number - 1)}`, new Uint8Array(5));
    const { files, isClean } = await check();
    expect(files.map(({ role }) => role)).toEqual(['leftover', 'journal', 'leftover']);
    expect(isClean).toBe(true);
  });

  test('one that cannot be read: an opening fails, and the check says where', async () => {
    await kill();
    const [name = ''] = journals();
    machine.disk.rot(`${DIRECTORY}/${name}`, 0, 'unreadable');
    const { files, messages, isClean } = await check();
    expect([isClean, messages.length, files[0]?.damage.length]).toEqual([false, 1, 1]);
    await expect(open()).rejects.toMatchObject({ code: 'IO' });
  });
});

describe('while it is open', () => {
  test('whichever byte rots, the cache says so', async () => {
    const [name = ''] = journals();
    const path = `${DIRECTORY}/${name}`;
    const clean = await cache.verify();
    expect(clean).toMatchObject({ files: 1, damage: [] });
    const { length } = machine.disk.read(path);
    for (let offset = 0; offset < length; offset += 5) {
      machine.disk.flip(path, offset);
      const { damage } = await cache.verify();
      expect(damage, `${offset}`).toMatchObject([{ file: name }]);
      expect(damage[0]?.offset).toBeLessThanOrEqual(offset);
      machine.disk.flip(path, offset);
    }
    const bytes = machine.disk.read(path);
    machine.disk.truncate(path, length - 1);
    expect((await cache.verify()).damage).toMatchObject([{ file: name, what: 'records' }]);
    machine.disk.replace(path, bytes);
    machine.disk.rot(path, 0, 'unreadable');
    expect((await cache.verify()).damage).toMatchObject([{ file: name, what: 'unreadable' }]);
    machine.disk.remove(path);
    expect((await cache.verify()).damage).toMatchObject([{ file: name, what: 'missing' }]);
  });

  test('a check waits for what is being written, and grants go on after it', async () => {
    const checks: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      checks.push(cache.verify());
      await hold(1);
    }
    for (const report of await Promise.all(checks)) expect(report).toMatchObject({ damage: [] });
    expect((await cache.locks.query()).held.length).toBeGreaterThanOrEqual(4);
  });
});
