// Goal: S8, a read that waits for a file answers with what its key had at some moment between its
// call and its answer, whatever is written, deleted, cleared and cleaned meanwhile.
// Method: seeded reads of a store with hardly any memory, many of them in flight, on a disk that
// carries calls out in any order; each answer is compared with all values its key had meanwhile.
// Not covered: set, delete and get without waiting, which are done within one turn of the only
// thread that calls them, so that nothing can overlap them; reads from several threads.
import { expect, test } from 'vitest';
import { SeededRandom, SimulatedDisk, simulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest } from './engine-under-test.ts';

const KEYS = ['key-0', 'key-1', 'key-2', 'key-3', 'key-4', 'key-5'];

class OverlappingCalls {
  readonly violations: string[] = [];
  answers = 0;
  /** Answers that differ from what the key had at the call. */
  overtaken = 0;
  readonly #store: EngineUnderTest;
  readonly #random: SeededRandom;
  /** By key, every value it has had, oldest first. */
  readonly #values = new Map<string, (string | undefined)[]>(KEYS.map((key) => [key, [undefined]]));
  #count = 0;

  constructor(store: EngineUnderTest, random: SeededRandom) {
    this.#store = store;
    this.#random = random;
  }

  step(): void {
    const random = this.#random;
    const key = KEYS[random.below(KEYS.length)]!;
    const dice = random.below(100);
    if (dice < 50) void this.#read(key);
    else if (dice < 88) this.#set(key);
    else if (dice < 98) {
      void this.#store.delete(key);
      this.#values.get(key)!.push(undefined);
    } else {
      void this.#store.engine.clear();
      for (const values of this.#values.values()) values.push(undefined);
    }
  }

  #set(key: string): void {
    const value = `${key}#${++this.#count}`.padEnd(20 + this.#random.below(500), '.');
    void this.#store.set(key, value);
    this.#values.get(key)!.push(value);
  }

  async #read(key: string): Promise<void> {
    const values = this.#values.get(key)!;
    const before = values.length - 1;
    const value = await this.#store.getAsync(key);
    this.answers++;
    if (value !== values[before]) this.overtaken++;
    if (!values.slice(before).includes(value)) {
      this.violations.push(`${key} had ${values.slice(before)}, read ${value}`);
    }
  }
}

test('answers lie between call and answer', async () => {
  const total = { answers: 0, overtaken: 0, fromFiles: 0 };
  for (let seed = 1; seed <= 100; seed++) {
    const machine = simulatedRuntime({ seed, disk: new SimulatedDisk({ seed }) });
    const store = await EngineUnderTest.open(machine, { memoryBytesMax: 2_048 });
    const random = new SeededRandom(seed);
    const calls = new OverlappingCalls(store, random);
    for (let step = 0; step < 150; step++) {
      calls.step();
      // A turn now and then, so that reads are overtaken while they wait.
      if (random.chance(0.2)) for (let turn = 0; turn < 6; turn++) await Promise.resolve();
      if (random.chance(0.05)) await machine.clock.advance(60);
    }
    await machine.clock.settle();
    expect(calls.violations, `seed ${seed}`).toEqual([]);
    total.answers += calls.answers;
    total.overtaken += calls.overtaken;
    total.fromFiles += machine.disk.counts.read;
  }
  // They are worth something only if these happen.
  expect(total.answers).toBeGreaterThan(5_000);
  expect(total.overtaken).toBeGreaterThan(100);
  expect(total.fromFiles).toBeGreaterThan(500);
}, 60_000);
