// Goal: the simulated disk catches the bug it was built for: a promise made before the sync.
// Method: the same small journal with and without the bug, cut off at a different moment per seed.
// Not covered: anything subtler; that is what the engine's own simulation is for.
import { expect, test } from 'vitest';
import { SimulatedDisk } from './index.ts';

const SEEDS = 1000;

/** A journal with one record per sector; a `forgetful` one acknowledges before it syncs. */
async function journalLosses(forgetful: boolean): Promise<number> {
  let losses = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = new SimulatedDisk({ seed });
    const fileSystem = disk.mount();
    await fileSystem.createDirectory('/d');
    const file = await fileSystem.open('/d/a', 'create');
    await fileSystem.syncDirectory('/d');
    let acknowledged = 0;
    const append = async (): Promise<void> => {
      for (let record = 0; ; record++) {
        await file.write(new Uint8Array(512).fill(record + 1), record * 512);
        if (!forgetful) await file.datasync();
        acknowledged = record + 1;
      }
    };
    const appending = append();
    for (let turn = 0; turn < 10 + (seed % 20); turn++) await Promise.resolve();
    disk.crash('power');
    await Promise.allSettled([appending]);
    const bytes = disk.read('/d/a');
    for (let record = 0; record < acknowledged; record++) {
      if (bytes[record * 512 + 511] !== record + 1) {
        losses++;
        break;
      }
    }
  }
  return losses;
}

test('a journal that syncs loses nothing, one that forgets to is caught', async () => {
  expect(await journalLosses(false)).toBe(0);
  expect(await journalLosses(true)).toBeGreaterThan(500);
}, 60_000);
