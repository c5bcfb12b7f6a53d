// Goal: the simulated disk promises exactly what the FileSystem port promises, and no more.
// Method: each promise under 1,000 seeds of crashes; each thing it must *not* promise has to fail in some.
// Not covered: that real disks behave no worse than this one; see docs/testing.md for the fault model.
import { describe, expect, test } from 'vitest';
import type { OpenFile } from '../ports/file-system.ts';
import { SimulatedDisk, type SimulatedFileSystem } from './index.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

async function mounted(disk: SimulatedDisk): Promise<SimulatedFileSystem> {
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/d');
  return fileSystem;
}

async function createDurable(disk: SimulatedDisk, path = '/d/a'): Promise<OpenFile> {
  const fileSystem = await mounted(disk);
  const file = await fileSystem.open(path, 'create');
  await fileSystem.syncDirectory('/d');
  return file;
}

/** How many of 1,000 seeds end with `scenario` true. */
async function countSeeds(scenario: (disk: SimulatedDisk) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let seed = 0; seed < 1000; seed++) {
    if (await scenario(new SimulatedDisk({ seed }))) count++;
  }
  return count;
}

describe('a power cut', () => {
  test('never loses what was synced, in 1,000 seeds', async () => {
    const kept = await countSeeds(async (disk) => {
      const file = await createDurable(disk);
      await file.write(filled(3000, 7), 0);
      await file.datasync();
      await file.write(filled(3000, 8), 3000);
      disk.crash('power');
      return disk
        .read('/d/a')
        .subarray(0, 3000)
        .every((byte) => byte === 7);
    });
    // The second write shares a sector with the first one's end, and may tear only behind it.
    expect(kept).toBe(1000);
  });

  test('loses unsynced data in some seeds, keeps it in some, tears it in some', async () => {
    const outcomes = { lost: 0, kept: 0, torn: 0 };
    await countSeeds(async (disk) => {
      const file = await createDurable(disk);
      await file.write(filled(2000, 7), 0);
      disk.crash('power');
      const sevens = disk.read('/d/a').filter((byte) => byte === 7).length;
      outcomes[sevens === 0 ? 'lost' : sevens === 2000 ? 'kept' : 'torn']++;
      return true;
    });
    expect(outcomes.lost).toBeGreaterThan(100);
    expect(outcomes.kept).toBeGreaterThan(20);
    expect(outcomes.torn).toBeGreaterThan(100);
  });
});

test('reads its own writes', async () => {
  const file = await createDurable(new SimulatedDisk());
  await file.write(bytes(1, 2, 3), 0);
  const into = new Uint8Array(8);
  expect(await file.read(into, 1)).toBe(2);
  expect(into.subarray(0, 2)).toEqual(bytes(2, 3));
});
