// Goal: a file that an opening has set aside does not come back after a power cut (histories, with
// main files by hash prefix, 930080: it did, and all older was given up for what it follows).
// Method: the first of two unsynced files is lost, an opening sets the second one aside, and the
// power goes. Not covered: crashes within the opening (survive-crashes).
import { expect, test } from 'vitest';
import { simulatedRuntime } from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest, segmentFiles } from './engine-under-test.ts';

test('what an opening has set aside stays away', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    let machine = simulatedRuntime({ seed });
    const first = await EngineUnderTest.open(machine);
    for (let index = 0; index < 20; index++) {
      void first.set(`key-${index}`, 'x'.repeat(300), undefined, 'written');
    }
    await machine.clock.advance(100);
    machine = machine.crash('process');
    const [oldest, ...others] = segmentFiles(machine);
    expect(others.length).toBeGreaterThan(0);
    machine.disk.remove(`${DIRECTORY}/${oldest}`);
    await EngineUnderTest.open(machine);
    machine = machine.crash('power');
    expect(segmentFiles(machine).filter((name) => others.includes(name))).toEqual([]);
  }
});
