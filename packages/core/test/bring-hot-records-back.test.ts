/**
 * Goal: a record that is only on disk comes to memory when it is read again, within the memory
 * limit, and is what was set last whatever happens to its key meanwhile.
 * Method: a store ten times larger than its memory; reads of its files are counted. Then many keys
 * are read, replaced, deleted and cleared at random, encrypted too, and judged by a Map.
 * Not covered: which records are worth a copy (read-cache.test), damage (read-a-damaged-record).
 */
import { expect, test } from 'vitest';
import { SeededRandom, simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest } from './engine-under-test.ts';
import { encryptionWith } from './simulated-encryption.ts';

const MEMORY_BYTES = 40_000;
/** More than twice as many as fit. */
const KEYS = 400;
const ENCRYPTION = encryptionWith('only');

function textOf(key: number, round = 0): string {
  return `${key}/${round}`.padEnd(200, '.');
}

test.each([
  ['plain', undefined],
  ['encrypted', ENCRYPTION],
])('what is read again is read from memory, %s', async (_, encryption) => {
  const machine = simulatedRuntime({ seed: 1 });
  const settings = { memoryBytesMax: MEMORY_BYTES, ...(encryption && { encryption }) };
  const store = await EngineUnderTest.open(machine, settings);
  for (let key = 0; key < KEYS; key++)
    await store.set(`key-${key}`, textOf(key), undefined, 'written');
  const readsOf = (key: number): number => {
    const before = machine.disk.counts.read;
    expect(store.get(`key-${key}`)).toBe(textOf(key));
    return machine.disk.counts.read - before;
  };
  // Neighbours in between, so that it is not the reader's last record.
  const hot = Array.from({ length: 12 }, () => readsOf(3) + 0 * readsOf(4));
  expect(hot).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  // So is it for who does not want to block.
  store.engine.keys.encode('key-3');
  expect(store.engine.needsRead).toBe(false);

  const scanned = Array.from({ length: KEYS / 2 }, (_, key) => readsOf(key));
  expect(scanned.filter((reads) => reads > 0).length, 'read for the first time').toBe(KEYS / 2 - 2);
  expect(readsOf(3), 'a scan leaves what is hot alone').toBe(0);
});

test('and within the memory limit', async () => {
  const machine = simulatedRuntime({ seed: 2 });
  const store = await EngineUnderTest.open(machine, { memoryBytesMax: MEMORY_BYTES });
  for (let key = 0; key < KEYS; key++)
    await store.set(`key-${key}`, textOf(key), undefined, 'written');
  const cache = new Set<number>();
  for (let turn = 0; turn < 4 * KEYS; turn++) {
    store.get(`key-${turn % KEYS}`);
    const { index, records } = store.engine.memoryBytes();
    cache.add(records);
    expect(index + records).toBeLessThanOrEqual(MEMORY_BYTES + 2_048);
  }
  expect(cache.size, 'it grew').toBeGreaterThan(3);
});

test('it is what was set last', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const machine = simulatedRuntime({ seed });
    const random = new SeededRandom(seed);
    const encryption = seed % 2 === 0 ? { encryption: ENCRYPTION } : {};
    let store = await EngineUnderTest.open(machine, { memoryBytesMax: 20_000, ...encryption });
    const expected = new Map<string, string>();
    for (let step = 0; step < 1_000; step++) {
      const key = `key-${random.below(random.below(2) === 0 ? 10 : 150)}`;
      const dice = random.below(1_000);
      if (dice < 700) expect(store.get(key), `seed ${seed}`).toBe(expected.get(key));
      else if (dice < 970) {
        const value = textOf(step, random.below(100));
        expected.set(key, value);
        void store.set(key, value);
      } else if (dice < 998) {
        expected.delete(key);
        void store.delete(key);
      } else {
        expected.clear();
        void store.engine.clear();
      }
      if (step % 50 === 0) await machine.clock.advance(60);
    }
    await store.engine.close();
    store = await EngineUnderTest.open(machine, { memoryBytesMax: 20_000, ...encryption });
    for (const [key, value] of expected) expect(store.get(key), `seed ${seed}`).toBe(value);
    await store.engine.close();
  }
}, 30_000);
