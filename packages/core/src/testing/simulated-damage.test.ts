// Goal: sectors rot, get lost and land in the wrong place as documented, and nothing else changes.
// Method: one damage per test, over seeds where chance decides; what is damaged is looked at
// through a handle, behind the process's back, and after a power cut.
// Not covered: what an engine makes of it (test/survive-crashes.test.ts).
import { describe, expect, test } from 'vitest';
import type { OpenFile } from '../ports/file-system.ts';
import { SimulatedDisk } from './index.ts';

const SECTOR = 512;

/** A file of four synced sectors, each filled with its number from 1, and another of one. */
async function scene(seed = 1): Promise<{ disk: SimulatedDisk; file: OpenFile }> {
  const disk = new SimulatedDisk({ seed });
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/d');
  const file = await fileSystem.open('/d/a', 'create');
  for (let sector = 0; sector < 4; sector++) {
    await file.write(new Uint8Array(SECTOR).fill(sector + 1), sector * SECTOR);
  }
  await file.datasync();
  const other = await fileSystem.open('/d/b', 'create');
  await other.write(new Uint8Array(SECTOR).fill(9), 0);
  await other.datasync();
  await fileSystem.syncDirectory('/d');
  return { disk, file };
}

/** The sectors of a file as text: a digit for one that is filled with it, `?` for anything else. */
function sectors(disk: SimulatedDisk, path = '/d/a'): string {
  const bytes = disk.read(path);
  let text = '';
  for (let at = 0; at < bytes.length; at += SECTOR) {
    const sector = bytes.subarray(at, at + SECTOR);
    text += sector.every((byte) => byte === sector[0]) && sector[0]! < 10 ? sector[0] : '?';
  }
  return text;
}

describe('a sector that rots', () => {
  test.each([
    ['bit', '1?34'],
    ['noise', '1?34'],
    ['zeros', '1034'],
  ] as const)('by %s reads otherwise, and a power cut does not undo it', async (damage, after) => {
    const { disk, file } = await scene();
    disk.rot('/d/a', 1, damage);
    const read = new Uint8Array(4 * SECTOR);
    expect(await file.read(read, 0)).toBe(4 * SECTOR);
    expect(read).toEqual(disk.read('/d/a'));
    expect(sectors(disk)).toBe(after);
    disk.crash('power', { outcome: 'lose' });
    expect(sectors(disk)).toBe(after);
    expect(disk.read('/d/a')).toEqual(read);
  });

  test('loses one bit or many', async () => {
    const { disk } = await scene();
    const before = disk.read('/d/a');
    disk.rot('/d/a', 3, 'bit');
    expect(disk.read('/d/a').filter((byte, at) => byte !== before[at]).length).toBe(1);
    disk.rot('/d/a', 3, 'noise');
    expect(disk.read('/d/a').filter((byte, at) => byte !== before[at]).length).toBeGreaterThan(400);
  });

  test('and was not synced is not synced by it', async () => {
    const { disk, file } = await scene();
    await file.write(new Uint8Array(SECTOR).fill(7), SECTOR);
    disk.rot('/d/a', 1, 'bit');
    disk.crash('power', { outcome: 'lose' });
    const differing = disk.read('/d/a').filter((byte, at) => byte !== 1 + Math.floor(at / SECTOR));
    expect(differing.length).toBe(1);
    expect(differing[0]).not.toBe(7);
  });

  test('unreadable fails every read of it, crashes included, until it is written', async () => {
    const { disk, file } = await scene();
    disk.rot('/d/a', 1, 'unreadable');
    const into = new Uint8Array(SECTOR);
    await expect(file.read(into, 2 * SECTOR - 1)).rejects.toMatchObject({ code: 'IO' });
    expect(() => file.readSync(into, 1)).toThrow('IO');
    expect(await file.read(into, 0)).toBe(SECTOR);
    expect(await file.read(into, 2 * SECTOR)).toBe(SECTOR);
    disk.crash('power');
    const again = await disk.clone().mount().open('/d/a', 'update');
    await expect(again.read(into, SECTOR)).rejects.toMatchObject({ code: 'IO' });
    await again.write(into, SECTOR);
    expect(await again.read(into, SECTOR)).toBe(SECTOR);
  });

  test('has to be one of the file', async () => {
    const { disk } = await scene();
    expect(() => disk.rot('/d/a', 4, 'zeros')).toThrow('no such sector');
    expect(() => disk.rot('/d/c', 0, 'zeros')).toThrow('ENOENT');
  });
});

describe('a stray write', () => {
  const written = new Uint8Array(2 * SECTOR).fill(7);

  test('loses one of its sectors, the seed says which, and reports success', async () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed < 50; seed++) {
      const { disk, file } = await scene(seed);
      const fault = disk.strayWrite();
      await file.write(written, 3 * SECTOR);
      expect(fault.firedCount).toBe(1);
      await file.datasync();
      outcomes.add(sectors(disk));
      disk.crash('power');
      expect(outcomes).toContain(sectors(disk));
    }
    // Behind the end there was nothing yet: zeros.
    expect([...outcomes].sort()).toEqual(['12347', '12370']);
  });

  test('writes the sector over another one, durably', async () => {
    const { disk, file } = await scene();
    disk.strayWrite({ onto: { path: '/d/b', sector: 0 } });
    await file.write(written.subarray(SECTOR), 2 * SECTOR);
    expect([sectors(disk), sectors(disk, '/d/b')]).toEqual(['1234', '7']);
    disk.crash('power', { outcome: 'lose' });
    expect([sectors(disk), sectors(disk, '/d/b')]).toEqual(['1234', '7']);
  });

  test('counts writes of its paths only, blocking ones too, and happens once', async () => {
    const { disk, file } = await scene();
    disk.strayWrite({ nth: 2, path: (path) => path.endsWith('/a') });
    const other = await disk.mount().open('/d/b', 'update');
    await other.write(written.subarray(SECTOR), 0);
    await file.size();
    await file.write(written.subarray(SECTOR), 0);
    file.writeSync(written.subarray(SECTOR), SECTOR);
    await file.write(written.subarray(SECTOR), 2 * SECTOR);
    expect([sectors(disk), sectors(disk, '/d/b')]).toEqual(['7274', '7']);
  });

  test('onto a file that is gone is lost', async () => {
    const { disk, file } = await scene();
    disk.strayWrite({ onto: { path: '/d/b', sector: 0 } });
    disk.remove('/d/b');
    await file.write(written.subarray(SECTOR), 0);
    expect(sectors(disk)).toBe('1234');
  });
});
