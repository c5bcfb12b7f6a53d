// Goal: faults hit the call they were meant for, with the documented error, and leave what a real
// one may.
// Method: one fault per test; where chance decides what is left, the outcomes over many seeds.
// Not covered: combinations of faults; the engine's simulation draws those.
import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import { SimulatedDisk, type SimulatedFileSystem } from './index.ts';

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

async function scene(
  disk: SimulatedDisk,
): Promise<{ fileSystem: SimulatedFileSystem; file: OpenFile }> {
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/d');
  const file = await fileSystem.open('/d/a', 'create');
  await fileSystem.syncDirectory('/d');
  disk.resetCounts();
  return { fileSystem, file };
}

describe('a planned fault', () => {
  test.each([
    ['EIO', 'IO'],
    ['EMFILE', 'IO'],
    ['ENOSPC', 'NO_SPACE'],
    ['EROFS', 'READ_ONLY'],
    ['EACCES', 'READ_ONLY'],
  ] as const)('%s arrives as %s, with the native error as its cause', async (native, code) => {
    const disk = new SimulatedDisk();
    const { file } = await scene(disk);
    disk.failNth(1, native);
    const error = await file.datasync().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ code, cause: { code: native }, details: { path: '/d/a' } });
  });

  test('counts every call, or only those of its kind and path', async () => {
    const disk = new SimulatedDisk();
    const { fileSystem, file } = await scene(disk);
    const third = disk.failNth(3);
    await file.size();
    await file.size();
    await expect(file.size()).rejects.toThrow('IO');
    expect(third.firedCount).toBe(1);
    await file.size();

    const write = disk.failNth(2, 'EIO', { kind: ['write', 'read'] });
    await file.write(filled(1, 1), 0);
    await file.size();
    await expect(file.read(new Uint8Array(1), 0)).rejects.toThrow('IO');
    expect(write.firedCount).toBe(1);

    disk.fail({ code: 'EIO', path: (path) => path.endsWith('/b') });
    await file.size();
    await expect(fileSystem.open('/d/b', 'create')).rejects.toThrow('IO');
    expect(disk.list('/d')).toEqual(['a']);
  });

  test('repeats as often as it was told, or until cancelled', async () => {
    const disk = new SimulatedDisk();
    const { file } = await scene(disk);
    disk.failNth(1, 'EIO', { times: 2 });
    await expect(file.size()).rejects.toThrow('IO');
    await expect(file.size()).rejects.toThrow('IO');
    await file.size();
    const forever = disk.failNth(1, 'EIO', { times: Number.POSITIVE_INFINITY });
    for (let call = 0; call < 10; call++) await expect(file.size()).rejects.toThrow('IO');
    forever.cancel();
    await file.size();
    disk.failNth(1);
    disk.clearFaults();
    await file.size();
  });

  test('hits blocking calls too', async () => {
    const disk = new SimulatedDisk();
    const { fileSystem, file } = await scene(disk);
    disk.failNth(1, 'ENOSPC', { times: 3 });
    expect(() => file.writeSync(filled(1, 1), 0)).toThrow('NO_SPACE');
    expect(() => file.readSync(filled(1, 1), 0)).toThrow('NO_SPACE');
    expect(() => fileSystem.openSync('/d/a', 'read')).toThrow('NO_SPACE');
  });

  test('of a write leaves nothing, a part or all of it, as asked or by chance', async () => {
    const sizes = { none: new Set<number>(), some: new Set<number>(), all: new Set<number>() };
    const byChance = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      for (const effect of ['none', 'some', 'all', undefined] as const) {
        const disk = new SimulatedDisk({ seed });
        const { file } = await scene(disk);
        disk.failNth(1, 'EIO', effect === undefined ? {} : { effect });
        await expect(file.write(filled(100, 1), 0)).rejects.toThrow('IO');
        const size = disk.read('/d/a').length;
        if (effect !== undefined) sizes[effect].add(size);
        else byChance.add(size === 0 ? 'none' : size === 100 ? 'all' : 'some');
      }
    }
    expect([...sizes.none]).toEqual([0]);
    expect([...sizes.all]).toEqual([100]);
    expect(Math.min(...sizes.some)).toBeGreaterThan(0);
    expect(Math.max(...sizes.some)).toBeLessThan(100);
    expect([...byChance].sort()).toEqual(['all', 'none', 'some']);
  });

  test('of a rename or removal leaves the names alone unless asked', async () => {
    const disk = new SimulatedDisk();
    const { fileSystem } = await scene(disk);
    disk.failNth(1, 'EIO', { times: 2 });
    await expect(fileSystem.rename('/d/a', '/d/b')).rejects.toThrow('IO');
    await expect(fileSystem.remove('/d/a')).rejects.toThrow('IO');
    expect(disk.list('/d')).toEqual(['a']);
    disk.failNth(1, 'EIO', { effect: 'all' });
    await expect(fileSystem.rename('/d/a', '/d/b')).rejects.toThrow('IO');
    expect(disk.list('/d')).toEqual(['b']);
  });
});

describe('a failed sync', () => {
  test('may lose bytes that a second, successful sync does not bring back', async () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const disk = new SimulatedDisk({ seed });
      const { file } = await scene(disk);
      await file.write(filled(512, 7), 0);
      disk.failNth(1, 'EIO', { kind: 'datasync' });
      await expect(file.datasync()).rejects.toThrow('IO');
      // The page cache goes on showing them: this is the trap.
      expect(disk.read('/d/a').every((byte) => byte === 7)).toBe(true);
      await file.datasync();
      disk.crash('power');
      expect(disk.read('/d/a').length).toBe(512);
      outcomes.add(disk.read('/d/a')[0] === 7 ? 'arrived' : 'lost');
    }
    expect([...outcomes].sort()).toEqual(['arrived', 'lost']);
  });

  test('takes nothing from bytes synced before', async () => {
    for (let seed = 0; seed < 200; seed++) {
      const disk = new SimulatedDisk({ seed });
      const { file } = await scene(disk);
      await file.write(filled(1000, 7), 0);
      await file.datasync();
      await file.write(filled(1000, 8), 1000);
      disk.failNth(1, 'EIO', { kind: 'datasync' });
      await expect(file.datasync()).rejects.toThrow('IO');
      disk.crash('power');
      expect(
        disk
          .read('/d/a')
          .subarray(0, 1000)
          .every((byte) => byte === 7),
      ).toBe(true);
    }
  });

  test('may lose data alone while names are kept: a disk that lies about data', async () => {
    const disk = new SimulatedDisk();
    const { fileSystem, file } = await scene(disk);
    disk.syncLies = 'data';
    await file.write(filled(512, 7), 0);
    await file.datasync();
    await fileSystem.open('/d/b', 'create');
    await fileSystem.syncDirectory('/d');
    disk.crash('power', { outcome: 'lose' });
    expect(disk.list('/d')).toEqual(['a', 'b']);
    expect(disk.read('/d/a').length).toBe(0);
  });

  test('may lose everything while it claims success: a lying disk', async () => {
    const disk = new SimulatedDisk();
    const { fileSystem, file } = await scene(disk);
    disk.syncLies = true;
    await file.write(filled(512, 7), 0);
    await file.datasync();
    await fileSystem.open('/d/b', 'create');
    await fileSystem.syncDirectory('/d');
    disk.crash('power', { outcome: 'lose' });
    expect(disk.list('/d')).toEqual(['a']);
    expect(disk.read('/d/a').length).toBe(0);
  });
});

describe('a full disk', () => {
  test('takes what fits, then answers NO_SPACE, and has room again after a removal', async () => {
    const disk = new SimulatedDisk({ capacityBytes: 1000 });
    const { fileSystem, file } = await scene(disk);
    await file.write(filled(900, 1), 0);
    await expect(file.write(filled(200, 2), 900)).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(disk.bytesUsed).toBe(1000);
    // What is there already can be overwritten.
    await file.write(filled(1000, 3), 0);
    await fileSystem.remove('/d/a');
    const next = await fileSystem.open('/d/b', 'create');
    await expect(next.write(filled(1, 1), 0)).rejects.toMatchObject({ code: 'NO_SPACE' });
    await file.close();
    await next.write(filled(1000, 1), 0);
    disk.capacityBytes = 2000;
    await next.write(filled(1000, 1), 1000);
    expect(disk.bytesUsed).toBe(2000);
  });
});

describe('behind the back of the engine', () => {
  test('bytes rot, files shrink, vanish or change, and a power cut does not undo it', async () => {
    const disk = new SimulatedDisk();
    const { file } = await scene(disk);
    await file.write(filled(600, 7), 0);
    disk.flip('/d/a', 599, 0b101);
    disk.flip('/d/a', 0);
    expect(await file.read(new Uint8Array(1), 599)).toBe(1);
    await file.datasync();
    disk.crash('power', { outcome: 'lose' });
    expect(disk.read('/d/a')[0]).toBe(6);
    expect(disk.read('/d/a')[599]).toBe(2);

    disk.truncate('/d/a', 10);
    disk.replace('/d/new', filled(3, 1));
    disk.crash('power', { outcome: 'lose' });
    expect(disk.read('/d/a').length).toBe(10);
    expect(disk.read('/d/new')).toEqual(filled(3, 1));

    disk.remove('/d/a');
    disk.crash('power', { outcome: 'lose' });
    expect(disk.list('/d')).toEqual(['new']);
    expect(() => disk.remove('/d/a')).toThrow('ENOENT');
    expect(() => disk.flip('/d/new', 3)).toThrow('outside the file');
  });

  test('a removal stays, though the name had unsynced changes', async () => {
    for (const outcome of ['lose', 'keep'] as const) {
      const disk = new SimulatedDisk();
      const { fileSystem } = await scene(disk);
      await fileSystem.rename('/d/a', '/d/b');
      disk.remove('/d/b');
      disk.crash('power', { outcome });
      expect(disk.exists('/d/b')).toBe(false);
    }
  });

  test('a clone goes its own way, unsynced changes included', async () => {
    const disk = new SimulatedDisk();
    const { fileSystem, file } = await scene(disk);
    await file.write(filled(10, 7), 0);
    await fileSystem.rename('/d/a', '/d/b');
    const [lost, kept] = [disk.clone(), disk.clone()];
    lost.crash('power', { outcome: 'lose' });
    kept.crash('power', { outcome: 'keep' });
    expect(lost.list('/d')).toEqual(['a']);
    expect(lost.read('/d/a').length).toBe(0);
    expect(kept.read('/d/b')).toEqual(filled(10, 7));
    expect(disk.read('/d/b')).toEqual(filled(10, 7));
    await file.write(filled(10, 8), 0);
    expect(kept.read('/d/b')).toEqual(filled(10, 7));
  });

  test('a snapshot can be restored again and again, and ends every process', async () => {
    const disk = new SimulatedDisk();
    const { file } = await scene(disk);
    await file.write(filled(10, 7), 0);
    const snapshot = disk.snapshot();
    for (let round = 0; round < 2; round++) {
      disk.replace('/d/a', filled(1, 1));
      disk.restore(snapshot);
      expect(disk.read('/d/a')).toEqual(filled(10, 7));
    }
    await expect(file.size()).rejects.toThrow('has died');
  });
});
