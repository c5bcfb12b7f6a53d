/**
 * Goal: a manifest that a killed process wrote and did not sync is durable before an opening goes
 * on (histories, encrypted, with keys that rotate, 1005350: both copies could be read, and the
 * power went while the first was written over, which took both).
 * Method: a process is killed before it has synced the second copy; the next one opens the store
 * and loses power, and with it everything that was not synced.
 */
import { afterEach, expect, test, vi } from 'vitest';
import { MainFiles } from '../src/engine/main-files.ts';
import { decodeManifest, MANIFEST_NAMES } from '../src/engine/manifest.ts';
import { simulatedRuntime } from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest } from './engine-under-test.ts';

const SEEDS = 20;

afterEach(() => void vi.restoreAllMocks());

/** Of both copies, after a kill in the middle of writing them, an opening, and a power cut. */
async function versionsLeft(seed: number): Promise<(number | undefined)[]> {
  let machine = simulatedRuntime({ seed });
  machine.disk.gate = ({ kind, path }) =>
    kind === 'datasync' && path.endsWith('manifest-b') ? new Promise(() => {}) : undefined;
  const first = await EngineUnderTest.open(machine);
  for (let index = 0; index < 40; index++) {
    void first.set(`key-${index % 10}`, 'x'.repeat(400), undefined, 'synced');
  }
  await machine.clock.advance(100);
  void first.engine.maintenance.compact().catch(() => {});
  await machine.clock.advance(1_000);

  machine = machine.crash('process');
  machine.disk.gate = undefined;
  await EngineUnderTest.open(machine);
  machine = machine.crash('power', { outcome: 'lose' });
  return MANIFEST_NAMES.map(
    (name) => decodeManifest(machine.disk.read(`${DIRECTORY}/${name}`))?.version,
  );
}

test('two copies that can be read are two copies that stay', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const versions = await versionsLeft(seed);
    expect(versions, `seed ${seed}`).toEqual([versions[0], versions[0]]);
    expect(versions[0]).toBeGreaterThan(0);
  }
});

test('an opening that believes what it can read is caught by the test above', async () => {
  vi.spyOn(MainFiles.prototype, 'settle').mockResolvedValue();
  const copies = new Set<number | undefined>();
  for (let seed = 1; seed <= SEEDS; seed++) copies.add((await versionsLeft(seed))[1]);
  expect(copies).toContain(undefined);
});
