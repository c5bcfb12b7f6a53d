// Goal: the simulated disk promises exactly what the FileSystem port promises, and no more.
// Method: each operation and its errors; that calls in flight overtake each other, repeatably by
// seed. What any FileSystem has to do is in fileSystemConformance, which runs first.
// Not covered: crashes (simulated-crash.test.ts) and faults (disk-faults.test.ts).
import { describe, expect, test } from 'vitest';
import { fileSystemConformance } from '../conformance/index.ts';
import { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import { SimulatedDisk, type SimulatedFileSystem } from './index.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function mounted(disk = new SimulatedDisk()): Promise<SimulatedFileSystem> {
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/a/b');
  return fileSystem;
}

async function errorOf(promise: Promise<unknown>): Promise<HoldfastError> {
  const error = await promise.then(
    () => expect.fail('should have failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HoldfastError);
  return error as HoldfastError;
}

fileSystemConformance({
  test,
  create: async () => ({ fileSystem: await mounted(), directory: '/a/b' }),
});

describe('names', () => {
  test('creates, lists, renames and removes files', async () => {
    const fileSystem = await mounted();
    await fileSystem.open('/a/b/one', 'create');
    await fileSystem.open('/a/b/two', 'create');
    expect((await fileSystem.list('/a/b')).sort()).toEqual(['one', 'two']);
    expect(await fileSystem.list('/a')).toEqual([]);
    await fileSystem.rename('/a/b/one', '/a/b/two');
    expect(await fileSystem.list('/a/b/')).toEqual(['two']);
    await fileSystem.remove('/a/b/two');
    await fileSystem.remove('/a/b/two');
    expect(await fileSystem.list('/a/b')).toEqual([]);
  });

  test('a directory that exists is fine, a file in its place is not', async () => {
    const fileSystem = await mounted();
    await fileSystem.createDirectory('/a/b');
    await fileSystem.open('/a/b/file', 'create');
    expect((await errorOf(fileSystem.createDirectory('/a/b/file/c'))).code).toBe('IO');
    expect((await errorOf(fileSystem.list('/a/b/file'))).code).toBe('IO');
    expect((await errorOf(fileSystem.open('/a/b', 'read'))).code).toBe('IO');
  });

  test('a path may be relative, and either separator ends a name', async () => {
    const disk = new SimulatedDisk();
    const fileSystem = disk.mount();
    await fileSystem.createDirectory('./data');
    await fileSystem.open('data\\x', 'create');
    expect(await fileSystem.list('data')).toEqual(['x']);
  });

  test.each([
    ['opening a file that is not there', 'ENOENT', (fs) => fs.open('/a/b/none', 'update')],
    ['opening in a directory that is not there', 'ENOENT', (fs) => fs.open('/c/x', 'create')],
    ['creating a name that is taken', 'EEXIST', (fs) => fs.open('/a/b/taken', 'create')],
    ['renaming a file that is not there', 'ENOENT', (fs) => fs.rename('/a/b/x', '/a/b/y')],
    ['listing a directory that is not there', 'ENOENT', (fs) => fs.list('/c')],
    ['syncing a directory that is not there', 'ENOENT', (fs) => fs.syncDirectory('/c')],
  ] satisfies [string, string, (fs: SimulatedFileSystem) => Promise<unknown>][])(
    '%s is IO, caused by %s',
    async (_, cause, operation) => {
      const fileSystem = await mounted();
      await fileSystem.open('/a/b/taken', 'create');
      const error = await errorOf(operation(fileSystem));
      expect(error.code).toBe('IO');
      expect(error.cause).toMatchObject({ code: cause });
    },
  );

  test('openSync opens as open does', async () => {
    const fileSystem = await mounted();
    const file = fileSystem.openSync('/a/b/x', 'create');
    file.writeSync(bytes(1), 0);
    expect(() => fileSystem.openSync('/a/b/x', 'create')).toThrow(HoldfastError);
    expect(await fileSystem.openSync('/a/b/x', 'read').size()).toBe(1);
  });
});

describe('an open file', () => {
  test('reads what was written, through any handle, at once', async () => {
    const fileSystem = await mounted();
    const writer = await fileSystem.open('/a/b/x', 'create');
    const reader = await fileSystem.open('/a/b/x', 'read');
    await writer.write(bytes(1, 2, 3), 0);
    writer.writeSync(bytes(9), 1);
    const into = new Uint8Array(8);
    expect(await reader.read(into, 0)).toBe(3);
    expect(into.subarray(0, 4)).toEqual(bytes(1, 9, 3, 0));
    expect(reader.readSync(into, 2)).toBe(1);
    expect(await reader.read(into, 3)).toBe(0);
    expect(await reader.read(into, 1000)).toBe(0);
    expect(await reader.size()).toBe(3);
  });

  test('writing past the end leaves zeros between', async () => {
    const fileSystem = await mounted();
    const file = await fileSystem.open('/a/b/x', 'create');
    await file.write(bytes(5), 1000);
    const into = new Uint8Array(1001);
    expect(await file.read(into, 0)).toBe(1001);
    expect(into.indexOf(5)).toBe(1000);
    expect(into.subarray(0, 1000).every((byte) => byte === 0)).toBe(true);
  });

  test('takes views of shared memory', async () => {
    const fileSystem = await mounted();
    const file = await fileSystem.open('/a/b/x', 'create');
    const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 4);
    shared.fill(3);
    await file.write(shared, 0);
    shared.fill(0);
    await file.read(shared, 0);
    expect(shared).toEqual(Uint8Array.of(3, 3, 3, 3));
  });

  test('one opened for reading does not write', async () => {
    const fileSystem = await mounted();
    await fileSystem.open('/a/b/x', 'create');
    const file = await fileSystem.open('/a/b/x', 'read');
    expect((await errorOf(file.write(bytes(1), 0))).code).toBe('IO');
    expect(await file.size()).toBe(0);
  });

  test('closing waits for the calls under way, and lets no new ones in behind them', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const disk = new SimulatedDisk({ seed });
      const fileSystem = await mounted(disk);
      const file = await fileSystem.open('/a/b/x', 'create');
      const writing = file.write(bytes(1, 2), 0);
      const closing = file.close();
      const late = file.write(bytes(3), 2);
      await Promise.all([writing, closing, expect(late).rejects.toThrow('EBADF')]);
      expect(disk.read('/a/b/x')).toEqual(bytes(1, 2));
    }
  });

  test('closing twice is fine, using it afterwards is not', async () => {
    const fileSystem = await mounted();
    const file = await fileSystem.open('/a/b/x', 'create');
    await file.close();
    await file.close();
    expect((await errorOf(file.write(bytes(1), 0))).code).toBe('IO');
    expect(() => file.readSync(new Uint8Array(1), 0)).toThrow(HoldfastError);
  });

  test('goes on working after its name was removed, and uses space until closed', async () => {
    const disk = new SimulatedDisk();
    const fileSystem = await mounted(disk);
    const file = await fileSystem.open('/a/b/x', 'create');
    await file.write(bytes(1, 2, 3), 0);
    await fileSystem.remove('/a/b/x');
    expect(await file.size()).toBe(3);
    expect(disk.bytesUsed).toBe(3);
    await file.close();
    expect(disk.bytesUsed).toBe(0);
  });
});

describe('the directory lock', () => {
  test('is exclusive, within the process too, and names its holder', async () => {
    const disk = new SimulatedDisk();
    const first = await mounted(disk);
    const lock = await first.lockDirectory('/a/b');
    for (const fileSystem of [first, disk.mount()]) {
      const error = await errorOf(fileSystem.lockDirectory('/a/b/'));
      expect(error.code).toBe('DIRECTORY_LOCKED');
      expect(error.details).toMatchObject({ pid: first.pid });
    }
    await lock.release();
    const second = disk.mount();
    await second.lockDirectory('/a/b');
    // The old lock's second release must not free the new one.
    await lock.release();
    expect((await errorOf(first.lockDirectory('/a/b'))).details).toMatchObject({
      pid: second.pid,
    });
  });

  test('is free when its holder died, and the dead holder cannot free the next one', async () => {
    const disk = new SimulatedDisk();
    const first = await mounted(disk);
    const lock = await first.lockDirectory('/a/b');
    disk.crash('process');
    const second = disk.mount();
    await second.lockDirectory('/a/b');
    await expect(lock.release()).rejects.toThrow(HoldfastError);
    expect((await errorOf(disk.mount().lockDirectory('/a/b'))).code).toBe('DIRECTORY_LOCKED');
  });
});

describe('calls in flight', () => {
  async function finishingOrder(disk: SimulatedDisk): Promise<string> {
    const fileSystem = await mounted(disk);
    const files: OpenFile[] = [];
    for (const name of ['u', 'v', 'w', 'x', 'y', 'z']) {
      files.push(await fileSystem.open(`/a/b/${name}`, 'create'));
    }
    const order: number[] = [];
    await Promise.all(
      files.map((file, index) => file.write(bytes(index), 0).then(() => order.push(index))),
    );
    return order.join('');
  }

  test('finish in an order the seed decides and repeats', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const order = await finishingOrder(new SimulatedDisk({ seed }));
      expect(await finishingOrder(new SimulatedDisk({ seed }))).toBe(order);
      orders.add(order);
    }
    expect(orders.size).toBeGreaterThan(30);
    expect(await finishingOrder(new SimulatedDisk({ order: 'issued' }))).toBe('012345');
  });

  test('are not carried out before their caller has gone on', async () => {
    const disk = new SimulatedDisk();
    const fileSystem = await mounted(disk);
    const file = await fileSystem.open('/a/b/x', 'create');
    const writing = file.write(bytes(1), 0);
    expect(disk.read('/a/b/x')).toEqual(bytes());
    expect(disk.isBusy).toBe(true);
    await writing;
    expect(disk.read('/a/b/x')).toEqual(bytes(1));
    expect(disk.isBusy).toBe(false);
  });

  test('wait for a step while paused', async () => {
    const disk = new SimulatedDisk();
    const fileSystem = await mounted(disk);
    const file = await fileSystem.open('/a/b/x', 'create');
    disk.pause();
    const writing = file.write(bytes(1), 0);
    const syncing = file.datasync();
    await disk.idle();
    expect(disk.waitingCalls.map((call) => call.kind)).toEqual(['write', 'datasync']);
    expect(disk.step((call) => call.kind === 'datasync')).toBe(true);
    await syncing;
    expect(disk.read('/a/b/x')).toEqual(bytes());
    disk.resume();
    await writing;
    expect(disk.read('/a/b/x')).toEqual(bytes(1));
    expect(disk.step()).toBe(false);
  });

  test('wait behind a gate for as long as it likes, and others pass', async () => {
    const disk = new SimulatedDisk();
    const fileSystem = await mounted(disk);
    const file = await fileSystem.open('/a/b/x', 'create');
    let open = (): void => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    disk.gate = (call) => (call.kind === 'datasync' ? held : undefined);
    let isSynced = false;
    const syncing = file.datasync().then(() => {
      isSynced = true;
    });
    await file.write(bytes(1), 0);
    await disk.idle();
    expect(isSynced).toBe(false);
    expect(disk.inFlightCount).toBe(1);
    open();
    await syncing;
    expect(isSynced).toBe(true);
  });
});

test('counts calls and bytes, so that a test can assert a group commit', async () => {
  const disk = new SimulatedDisk();
  const fileSystem = await mounted(disk);
  const file = await fileSystem.open('/a/b/x', 'create');
  disk.resetCounts();
  await file.write(new Uint8Array(100), 0);
  file.writeSync(new Uint8Array(20), 100);
  await file.datasync();
  await file.read(new Uint8Array(7), 0);
  expect(disk.counts).toMatchObject({ write: 2, datasync: 1, read: 1, open: 0 });
  expect(disk.callCount).toBe(4);
  expect(disk.bytesWritten).toBe(120);
  expect(disk.bytesRead).toBe(7);
});
