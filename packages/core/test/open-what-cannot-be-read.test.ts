// Goal: a read that fails while a store is opened gives nothing up: a hiccup is sat out, and a file
// that goes on failing fails the opening with an IO that names it, until it can be read again or
// somebody removes it, or puts zeros where it cannot be read.
// Method: closed stores of both generations on the simulated disk; reads of each file fail, some
// times or for ever.
// Not covered: reads of an open store (read-a-damaged-record).
import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../src/errors.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest, segmentFiles } from './engine-under-test.ts';
import { playProfile } from './history-profiles.ts';

const KEYS = Array.from({ length: 20 }, (_, index) => `key-${index}`);
const ROUNDS = 4;

function valueAt(index: number, round: number): string {
  return `key-${index}#${round}`.padEnd(150, '.');
}

function newestOf(index: number): string {
  return valueAt(index, index % 2 === 0 ? ROUNDS : 0);
}

/** Every other key is set once and moved to main; the others are set again and again. */
async function closedStore(): Promise<SimulatedRuntime> {
  const machine = simulatedRuntime();
  const store = await EngineUnderTest.open(machine);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, key] of KEYS.entries()) {
      if (round === 0 || index % 2 === 0) store.set(key, valueAt(index, round));
    }
    await store.engine.flush();
  }
  await machine.clock.advance(3_000);
  await store.engine.close();
  return machine.fork();
}

/** Names of the files that an opening reads, superblocks left out. */
function files(machine: SimulatedRuntime): string[] {
  return [...segmentFiles(machine), 'manifest-a', 'manifest-b'];
}

function failReads(machine: SimulatedRuntime, name: string, times: number): { cancel(): void } {
  const path = (each: string): boolean => each === `${DIRECTORY}/${name}`;
  return machine.disk.fail({ code: 'EIO', kind: 'read', path, times });
}

function expectWhole(store: EngineUnderTest): void {
  for (const [index, key] of KEYS.entries()) expect(store.get(key)).toBe(newestOf(index));
}

async function failureOf(machine: SimulatedRuntime): Promise<HoldfastError> {
  return EngineUnderTest.open(machine).then(
    () => expect.unreachable(),
    (error) => HoldfastError.from(error),
  );
}

test('the store has files of both generations', async () => {
  const names = segmentFiles(await closedStore());
  expect(names.some((name) => name.startsWith('m-'))).toBe(true);
  expect(names.filter((name) => name.startsWith('y-')).length).toBeGreaterThan(1);
});

describe('reads of one file that fail', () => {
  test('three times are sat out', async () => {
    for (const name of files(await closedStore())) {
      const machine = await closedStore();
      failReads(machine, name, 3);
      const store = await EngineUnderTest.open(machine);
      expectWhole(store);
      expect(store.errors).toEqual([]);
    }
  });

  test('for ever fail the opening, name the file, and change nothing', async () => {
    for (const name of segmentFiles(await closedStore())) {
      const machine = await closedStore();
      const fault = failReads(machine, name, Number.POSITIVE_INFINITY);
      const failure = await failureOf(machine);
      expect(failure.code).toBe('IO');
      expect(failure.details.file).toBe(name);
      fault.cancel();
      // The directory is free, and everything is as it was.
      const store = await EngineUnderTest.open(machine.fork());
      expectWhole(store);
      expect(store.engine.statistics().recovery?.damagedFiles).toBe(0);
    }
  });

  test('for ever, of one manifest, cost nothing: there are two', async () => {
    for (const name of ['manifest-a', 'manifest-b']) {
      const machine = await closedStore();
      failReads(machine, name, Number.POSITIVE_INFINITY);
      expectWhole(await EngineUnderTest.open(machine));
    }
  });

  test('for ever, of both manifests, fail the opening', async () => {
    const machine = await closedStore();
    failReads(machine, 'manifest-a', Number.POSITIVE_INFINITY);
    const fault = failReads(machine, 'manifest-b', Number.POSITIVE_INFINITY);
    expect((await failureOf(machine)).code).toBe('IO');
    fault.cancel();
    expectWhole(await EngineUnderTest.open(machine.fork()));
  });
});

describe('the way out', () => {
  test.each(['removed', 'zeros where it cannot be read'])('the file, %s', async (way) => {
    for (const name of segmentFiles(await closedStore())) {
      const machine = await closedStore();
      const path = `${DIRECTORY}/${name}`;
      machine.disk.rot(path, 1, 'unreadable');
      expect((await failureOf(machine)).details.file).toBe(name);
      if (way === 'removed') machine.disk.remove(path);
      else machine.disk.replace(path, machine.disk.read(path).slice().fill(0, 512, 1024));
      const store = await EngineUnderTest.open(machine.fork());
      for (const [index, key] of KEYS.entries()) {
        expect([undefined, newestOf(index)]).toContain(store.get(key));
      }
      expect(store.errors.map(({ code }) => code)).toContain('CORRUPT');
      await store.set('new', 'value', Number.POSITIVE_INFINITY, 'synced');
    }
  });
});

test('the history with failing calls, seed 50765', async () => {
  await playProfile('with failing calls', 50_765);
});
