// Goal: one seed decides a whole run, and a crash leaves the dead process no way to act.
// Method: the same small program twice; a program that is killed in the middle.
// Not covered: the parts, which have their own tests.
import { describe, expect, test } from 'vitest';
import { delay } from '../ports/clock.ts';
import { type SimulatedRuntime, simulatedRuntime } from './index.ts';

async function program(runtime: SimulatedRuntime): Promise<string> {
  await runtime.fileSystem.createDirectory('/d');
  const names = ['u', 'v', 'w', 'x', 'y'];
  await Promise.all(names.map((name) => runtime.fileSystem.open(`/d/${name}`, 'create')));
  const salt = runtime.random.fill(new Uint8Array(4));
  runtime.disk.crash('power');
  return `${runtime.disk.list('/d').join('')} ${salt.join()}`;
}

describe('a simulated runtime', () => {
  test('repeats a run for a seed, and differs between seeds', async () => {
    const runs = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const run = await program(simulatedRuntime({ seed }));
      expect(await program(simulatedRuntime({ seed }))).toBe(run);
      runs.add(run);
    }
    expect(runs.size).toBe(20);
  });

  test('plays disk calls of any length within one advance of the clock', async () => {
    const { clock, fileSystem } = simulatedRuntime();
    let made = 0;
    const work = async (): Promise<void> => {
      await delay(clock, 10);
      await fileSystem.createDirectory('/d');
      for (let file = 0; file < 100; file++) {
        await fileSystem.open(`/d/${file}`, 'create');
        made++;
      }
    };
    void work();
    await clock.advance(10);
    expect(made).toBe(100);
  });

  test('a slow disk is a gate that waits for the clock', async () => {
    const { clock, disk, fileSystem } = simulatedRuntime();
    disk.gate = () => delay(clock, 5);
    let isDone = false;
    void fileSystem.createDirectory('/d').then(() => {
      isDone = true;
    });
    await clock.advance(4);
    expect(isDone).toBe(false);
    await clock.advance(1);
    expect(isDone).toBe(true);
  });

  test('a crash starts a new process on the same disk at the same wall time', async () => {
    const before = simulatedRuntime({ seed: 3 });
    await before.fileSystem.createDirectory('/d');
    await before.clock.advance(1234);
    let hasRun = false;
    before.clock.startTimer(1, 'background', () => {
      hasRun = true;
    });
    const after = before.crash('power');
    expect(await after.fileSystem.list('/d')).toEqual([]);
    expect(after.clock.wallMs()).toBe(before.clock.wallMs());
    expect(after.clock.monotonicMs()).toBe(0);
    expect(after.fileSystem.pid).not.toBe(before.fileSystem.pid);
    await after.clock.advance(1000);
    expect(hasRun).toBe(false);
    await expect(before.fileSystem.list('/d')).rejects.toThrow('has died');
    expect(after.random.next()).not.toBe(simulatedRuntime({ seed: 3 }).random.next());
  });

  test('a fork shares disk and clock, not its life', async () => {
    const first = simulatedRuntime();
    await first.fileSystem.createDirectory('/d');
    const second = first.fork();
    const lock = await first.fileSystem.lockDirectory('/d');
    await expect(second.fileSystem.lockDirectory('/d')).rejects.toThrow('DIRECTORY_LOCKED');
    await lock.release();
    first.disk.crash('process', { only: first.fileSystem });
    await second.fileSystem.lockDirectory('/d');
    await expect(first.fileSystem.list('/d')).rejects.toThrow('has died');
    expect(second.clock).toBe(first.clock);
  });

  test('collects the errors nobody was waiting for', () => {
    const runtime = simulatedRuntime();
    runtime.reportError(new Error('one'));
    runtime.reportError(new Error('two'));
    expect(runtime.reportedErrors.map((error) => error.message)).toEqual(['one', 'two']);
  });
});
