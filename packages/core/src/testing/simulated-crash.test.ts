// Goal: a crash of the simulated disk loses nothing that was promised, and everything else in some
// seed.
// Method: 1,000 seeds per property, with counts of each outcome, so that a crash model that became
// too kind or too cruel fails here before it makes the engine's tests worthless.
// Not covered: that real disks behave no worse; docs/testing.md lists what is left out.
import { describe, expect, test, vi } from 'vitest';
import { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import { SimulatedDisk, type SimulatedFileSystem } from './index.ts';

const SEEDS = 1000;
// A thousand runs take half a second, and longer on a machine that does other things besides.
vi.setConfig({ testTimeout: 60_000 });
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

interface Scene {
  readonly disk: SimulatedDisk;
  readonly fileSystem: SimulatedFileSystem;
  /** `/d/a`, empty, its name synced. */
  readonly file: OpenFile;
}

async function scene(seed: number): Promise<Scene> {
  const disk = new SimulatedDisk({ seed });
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/d');
  const file = await fileSystem.open('/d/a', 'create');
  await fileSystem.syncDirectory('/d');
  return { disk, fileSystem, file };
}

/** How often each outcome came up. */
async function outcomes(play: (scene: Scene) => Promise<string>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < SEEDS; seed++) {
    const outcome = await play(await scene(seed));
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Rejections of calls the crash ends are expected; this says so. */
function abandoned(...calls: Promise<unknown>[]): Promise<unknown> {
  return Promise.allSettled(calls);
}

/** Kills the process while the call is in flight. */
function duringCrash(disk: SimulatedDisk, call: () => Promise<unknown>): Promise<unknown>[] {
  const promise = call();
  disk.crash('process');
  return [promise];
}

describe('a power cut', () => {
  test('never loses synced bytes, whatever was written around them later', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(3000, 7), 0);
      await file.datasync();
      await file.write(filled(3000, 8), 3000);
      disk.crash('power');
      const bytes = disk.read('/d/a');
      return bytes.subarray(0, 3000).every((byte) => byte === 7) ? 'kept' : 'lost';
    });
    expect(counts).toEqual({ kept: SEEDS });
  });

  test('loses, keeps or tears what was not synced', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(2000, 7), 0);
      disk.crash('power');
      const sevens = disk.read('/d/a').filter((byte) => byte === 7).length;
      return sevens === 0 ? 'lost' : sevens === 2000 ? 'kept' : 'torn';
    });
    expect(counts.lost).toBeGreaterThan(100);
    expect(counts.kept).toBeGreaterThan(20);
    expect(counts.torn).toBeGreaterThan(100);
  });

  test('may keep the size without the bytes, a later sector without an earlier one', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(1024, 7), 0);
      disk.crash('power');
      const bytes = disk.read('/d/a');
      if (bytes.length < 1024) return 'short';
      const [first, second] = [bytes[511], bytes[1023]];
      return `${first} ${second}`;
    });
    expect(Object.keys(counts).sort()).toEqual(['0 0', '0 7', '7 0', '7 7', 'short']);
  });

  test('may leave an older version of a sector that was written twice', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(512, 1), 0);
      await file.datasync();
      await file.write(filled(512, 2), 0);
      await file.write(filled(512, 3), 0);
      disk.crash('power');
      return [...new Set(disk.read('/d/a'))].sort().join('');
    });
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(['1', '2', '3', '23']));
    expect(counts['1']).toBeGreaterThan(100);
  });

  test('never loses a file whose bytes and name were synced, and may lose others', async () => {
    const counts = await outcomes(async ({ disk, fileSystem }) => {
      const named = await fileSystem.open('/d/named', 'create');
      const unnamed = await fileSystem.open('/d/unnamed', 'create');
      const late = fileSystem.open('/d/late', 'create');
      await Promise.all([named.write(filled(9, 1), 0), unnamed.write(filled(9, 1), 0), late]);
      await Promise.all([named.datasync(), unnamed.datasync()]);
      await fileSystem.rename('/d/named', '/d/renamed');
      await fileSystem.syncDirectory('/d');
      const last = await fileSystem.open('/d/last', 'create');
      await last.write(filled(9, 1), 0);
      await last.datasync();
      disk.crash('power');
      expect(disk.list('/d').filter((name) => name !== 'last')).toEqual([
        'a',
        'late',
        'renamed',
        'unnamed',
      ]);
      expect(disk.read('/d/renamed')).toEqual(filled(9, 1));
      if (!disk.exists('/d/last')) return 'lost';
      return disk.read('/d/last').length === 9 ? 'kept' : 'wrong';
    });
    expect(Object.keys(counts).sort()).toEqual(['kept', 'lost']);
    expect(Math.min(counts.kept!, counts.lost!)).toBeGreaterThan(300);
  });

  test('may bring removed files back, in any subset, until the directory is synced', async () => {
    const counts = await outcomes(async ({ disk, fileSystem }) => {
      await fileSystem.open('/d/b', 'create');
      await fileSystem.syncDirectory('/d');
      await fileSystem.remove('/d/a');
      await fileSystem.remove('/d/b');
      const snapshot = disk.snapshot();
      disk.crash('power');
      const names = disk.list('/d').join('');

      disk.restore(snapshot);
      await disk.mount().syncDirectory('/d');
      disk.crash('power');
      expect(disk.list('/d')).toEqual([]);
      return names;
    });
    expect(Object.keys(counts).sort()).toEqual(['', 'a', 'ab', 'b']);
  });

  test('leaves a rename done or undone, never half', async () => {
    const counts = await outcomes(async ({ disk, fileSystem, file }) => {
      await file.write(filled(1, 1), 0);
      await file.datasync();
      const next = await fileSystem.open('/d/next', 'create');
      await next.write(filled(1, 2), 0);
      await next.datasync();
      await fileSystem.syncDirectory('/d');
      await fileSystem.rename('/d/next', '/d/a');
      disk.crash('power');
      return `${disk.list('/d').join()} ${disk.read('/d/a')[0]}`;
    });
    expect(Object.keys(counts).sort()).toEqual(['a 2', 'a,next 1']);
  });

  test('may show what a deleted file held, if the disk has stale sectors', async () => {
    const seen = { with: new Set<number>(), without: new Set<number>() };
    for (let seed = 0; seed < SEEDS; seed++) {
      for (const staleSectors of [true, false]) {
        const disk = new SimulatedDisk({ seed, staleSectors });
        const fileSystem = disk.mount();
        await fileSystem.createDirectory('/d');
        const old = await fileSystem.open('/d/old', 'create');
        await old.write(filled(1000, 1), 0);
        const file = await fileSystem.open('/d/new', 'create');
        await file.write(filled(100, 2), 0);
        await file.datasync();
        await fileSystem.remove('/d/old');
        await fileSystem.syncDirectory('/d');
        await file.write(filled(2000, 3), 100);
        disk.crash('power');
        const bytes = disk.read('/d/new');
        expect(bytes.subarray(0, 100).every((byte) => byte === 2)).toBe(true);
        for (const byte of bytes) seen[staleSectors ? 'with' : 'without'].add(byte);
      }
    }
    expect([...seen.with].sort()).toEqual([0, 1, 2, 3]);
    expect([...seen.without].sort()).toEqual([0, 2, 3]);
  });

  test('never loses a renamed file to what happened to its old name', async () => {
    const counts = await outcomes(async ({ disk, fileSystem, file }) => {
      await file.write(filled(1, 1), 0);
      await file.datasync();
      await fileSystem.open('/d/c', 'create');
      await fileSystem.syncDirectory('/d');
      await fileSystem.rename('/d/a', '/d/b');
      await fileSystem.open('/d/a', 'create');
      await fileSystem.remove('/d/a');
      await fileSystem.rename('/d/c', '/d/a');
      disk.crash('power');
      const names = disk.list('/d');
      return names.some((name) => disk.read(`/d/${name}`)[0] === 1) ? 'kept' : 'lost';
    });
    expect(counts).toEqual({ kept: SEEDS });
  });

  test('can be told to lose or to keep everything that was not synced', async () => {
    for (const outcome of ['lose', 'keep'] as const) {
      const { disk, fileSystem, file } = await scene(1);
      await file.write(filled(2000, 7), 0);
      await fileSystem.open('/d/b', 'create');
      disk.crash('power', { outcome });
      expect(disk.list('/d')).toEqual(outcome === 'keep' ? ['a', 'b'] : ['a']);
      expect(disk.read('/d/a').length).toBe(outcome === 'keep' ? 2000 : 0);
    }
  });

  test('after another leaves the disk as it was: what survived is durable', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(2000, 7), 0);
      disk.crash('power');
      const survived = disk.read('/d/a');
      disk.crash('power');
      return Buffer.compare(disk.read('/d/a'), survived) === 0 ? 'same' : 'changed';
    });
    expect(counts).toEqual({ same: SEEDS });
  });

  test('shows no bytes beyond the surviving size when the file grows again', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(700, 7), 0);
      disk.crash('power');
      const size = disk.read('/d/a').length;
      const again = await disk.mount().open('/d/a', 'update');
      await again.write(filled(1, 1), 2000);
      return disk.read('/d/a').subarray(size).includes(7) ? 'stale' : 'zeros';
    });
    expect(counts).toEqual({ zeros: SEEDS });
  });
});

describe('a sync', () => {
  test('does not cover a write that finished after it began', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      disk.pause();
      const syncing = file.datasync();
      const writing = file.write(filled(512, 7), 0);
      disk.step((call) => call.kind === 'write');
      disk.step((call) => call.kind === 'datasync');
      await Promise.all([syncing, writing]);
      disk.crash('power', { outcome: 'lose' });
      return disk.read('/d/a').length === 0 ? 'not covered' : 'covered';
    });
    expect(counts).toEqual({ 'not covered': SEEDS });
  });

  test('does not cover bytes overwritten after it began', async () => {
    const { disk, file } = await scene(1);
    await file.write(filled(512, 1), 0);
    disk.pause();
    const syncing = file.datasync();
    const writing = file.write(filled(512, 2), 0);
    disk.step((call) => call.kind === 'write');
    disk.step((call) => call.kind === 'datasync');
    await Promise.all([syncing, writing]);
    disk.crash('power', { outcome: 'lose' });
    expect([...new Set(disk.read('/d/a'))]).toEqual([1]);
  });

  test('of a directory does not cover a name made after it began', async () => {
    const { disk, fileSystem } = await scene(1);
    disk.pause();
    const syncing = fileSystem.syncDirectory('/d');
    const opening = fileSystem.open('/d/b', 'create');
    disk.step((call) => call.kind === 'open');
    disk.step((call) => call.kind === 'syncDirectory');
    await Promise.all([syncing, opening]);
    disk.crash('power', { outcome: 'lose' });
    expect(disk.list('/d')).toEqual(['a']);
  });

  test('of one file says nothing of another', async () => {
    const { disk, fileSystem, file } = await scene(1);
    const other = await fileSystem.open('/d/b', 'create');
    await fileSystem.syncDirectory('/d');
    await Promise.all([file.write(filled(9, 1), 0), other.write(filled(9, 1), 0)]);
    await file.datasync();
    disk.crash('power', { outcome: 'lose' });
    expect([disk.read('/d/a').length, disk.read('/d/b').length]).toEqual([9, 0]);
  });
});

describe('kill -9', () => {
  test('keeps every finished write and name, synced or not', async () => {
    const counts = await outcomes(async ({ disk, fileSystem, file }) => {
      await file.write(filled(2000, 7), 0);
      file.writeSync(filled(10, 8), 2000);
      await fileSystem.rename('/d/a', '/d/b');
      disk.crash('process');
      return disk.read('/d/b').length === 2010 ? 'kept' : 'lost';
    });
    expect(counts).toEqual({ kept: SEEDS });
  });

  test('leaves unsynced bytes at the mercy of a later power cut', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(2000, 7), 0);
      disk.crash('process');
      disk.crash('power');
      return disk.read('/d/a').every((byte) => byte === 7) && disk.read('/d/a').length === 2000
        ? 'kept'
        : 'lost';
    });
    expect(counts.lost).toBeGreaterThan(500);
  });

  test('ends a write in flight before, after or in the middle, and rejects it', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      const writing = file.write(filled(2000, 7), 0);
      disk.crash('process');
      await expect(writing).rejects.toThrow(HoldfastError);
      const size = disk.read('/d/a').length;
      return size === 0 ? 'lost' : size === 2000 ? 'done' : 'part';
    });
    for (const outcome of ['lost', 'done', 'part']) expect(counts[outcome]).toBeGreaterThan(200);
  });

  test('ends a rename in flight done or undone', async () => {
    const counts = await outcomes(async ({ disk, fileSystem }) => {
      const renaming = fileSystem.rename('/d/a', '/d/b');
      disk.crash('process');
      await abandoned(renaming);
      return disk.list('/d').join();
    });
    expect(Object.keys(counts).sort()).toEqual(['a', 'b']);
  });

  test('during a sync leaves the bytes to the next one', async () => {
    const counts = await outcomes(async ({ disk, file }) => {
      await file.write(filled(512, 7), 0);
      await abandoned(...duringCrash(disk, () => file.datasync()));
      const again = await disk.mount().open('/d/a', 'update');
      await again.datasync();
      disk.crash('power', { outcome: 'lose' });
      return disk.read('/d/a')[511] === 7 ? 'kept' : 'lost';
    });
    expect(counts).toEqual({ kept: SEEDS });
  });

  test('in a write that was not permitted changes nothing', async () => {
    const counts = await outcomes(async ({ disk, fileSystem }) => {
      const reader = await fileSystem.open('/d/a', 'read');
      await abandoned(...duringCrash(disk, () => reader.write(filled(512, 7), 0)));
      return `${disk.read('/d/a').length}`;
    });
    expect(counts).toEqual({ 0: SEEDS });
  });

  test('kills every handle: later calls reject and change nothing', async () => {
    const { disk, fileSystem, file } = await scene(1);
    const closed = await fileSystem.open('/d/a', 'update');
    disk.crash('process');
    const calls = [
      () => file.write(filled(1, 1), 0),
      () => file.read(new Uint8Array(1), 0),
      () => file.datasync(),
      () => file.size(),
      () => closed.close(),
      () => fileSystem.open('/d/b', 'create'),
      () => fileSystem.list('/d'),
      () => fileSystem.remove('/d/a'),
      () => fileSystem.rename('/d/a', '/d/b'),
      () => fileSystem.createDirectory('/e'),
      () => fileSystem.syncDirectory('/d'),
      () => fileSystem.lockDirectory('/d'),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow('has died');
    expect(() => file.writeSync(filled(1, 1), 0)).toThrow('has died');
    expect(() => fileSystem.openSync('/d/a', 'read')).toThrow('has died');
    expect(fileSystem.isAlive).toBe(false);
    expect(disk.list('/d')).toEqual(['a']);
    expect(disk.read('/d/a').length).toBe(0);
  });

  test('drops a call that a gate was holding', async () => {
    const { disk, fileSystem } = await scene(1);
    let open = (): void => {};
    disk.gate = () =>
      new Promise<void>((resolve) => {
        open = resolve;
      });
    const listing = fileSystem.list('/d');
    disk.crash('process');
    open();
    await expect(listing).rejects.toThrow('has died');
    expect(disk.inFlightCount).toBe(0);
  });
});
