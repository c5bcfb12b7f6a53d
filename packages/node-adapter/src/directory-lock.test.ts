// Goal: one process at a time has a directory, on whichever runtimes, and a killed one leaves
// nothing behind.
// Method: real processes of Node, Bun and Deno that are killed with SIGKILL; lock files as other
// processes would have left them. Not covered: macOS and Windows, and containers that share a disk
// but not their process numbers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RUNTIME_NAMES, startLockProcess } from '../test/runtime-process.ts';
import { NodeFileSystem } from './file-system.ts';
import { isAlive, thisProcess } from './lock-holder.ts';

const withFlock = new NodeFileSystem();
const withoutFlock = new NodeFileSystem({ flockProgram: 'holdfast-has-no-such-program' });
const locked = expect.objectContaining({ code: 'DIRECTORY_LOCKED' });
const lockedBy = (pid: number): unknown =>
  expect.objectContaining({ code: 'DIRECTORY_LOCKED', details: expect.objectContaining({ pid }) });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(`${tmpdir()}/holdfast-lock-`);
});
afterEach(() => rm(directory, { recursive: true }));

describe('between processes', () => {
  for (const holder of RUNTIME_NAMES) {
    test(`a lock held on ${holder} keeps all runtimes out, and ends with its process`, async () => {
      const holding = await startLockProcess(holder, directory);
      try {
        const { pid } = holding.outcome;
        expect(pid).toBeGreaterThan(0);
        for (const other of RUNTIME_NAMES) {
          const refused = await startLockProcess(other, directory);
          await refused.kill();
          expect(refused.outcome).toMatchObject({ code: 'DIRECTORY_LOCKED', holderPid: pid });
        }
        await expect(withFlock.lockDirectory(directory)).rejects.toEqual(lockedBy(pid as number));
      } finally {
        await holding.kill();
      }
      const lock = await withFlock.lockDirectory(directory);
      await lock.release();
      const next = await startLockProcess(holder, directory);
      await next.kill();
      expect(next.outcome.pid).toBeGreaterThan(0);
    }, 30_000);
  }

  test('the lock is not handed on to programs that are started while it is held', async () => {
    const lock = await withFlock.lockDirectory(directory);
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    try {
      await once(child, 'spawn');
      await lock.release();
      await (await withFlock.lockDirectory(directory)).release();
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('without a flock program', () => {
  test('names the holder, in this process too', async () => {
    const lock = await withoutFlock.lockDirectory(directory);
    await expect(withoutFlock.lockDirectory(directory)).rejects.toEqual(lockedBy(process.pid));
    await lock.release();
    await (await withoutFlock.lockDirectory(directory)).release();
  });

  test('keeps out, and is kept out by, processes that have the program', async () => {
    const first = await withoutFlock.lockDirectory(directory);
    await expect(withFlock.lockDirectory(directory)).rejects.toEqual(lockedBy(process.pid));
    for (const other of RUNTIME_NAMES) {
      const refused = await startLockProcess(other, directory);
      await refused.kill();
      expect(refused.outcome).toMatchObject({
        code: 'DIRECTORY_LOCKED',
        holderPid: process.pid,
      });
    }
    await first.release();
    const second = await withFlock.lockDirectory(directory);
    await expect(withoutFlock.lockDirectory(directory)).rejects.toEqual(lockedBy(process.pid));
    await second.release();
    for (const holder of RUNTIME_NAMES) {
      const holding = await startLockProcess(holder, directory);
      const { pid } = holding.outcome;
      await expect(withoutFlock.lockDirectory(directory)).rejects.toEqual(lockedBy(pid as number));
      await holding.kill();
      await (await withoutFlock.lockDirectory(directory)).release();
    }
  }, 30_000);

  test('opens at once what a dead process held', async () => {
    const dead = await startLockProcess('node', directory);
    await dead.kill();
    await leaveLockFile(4, { ...thisProcess(), pid: dead.outcome.pid });
    await (await withoutFlock.lockDirectory(directory)).release();
    expect(lockFiles()).toEqual(['lock.5']);
  });

  test('tells a process from a later one with its number, and from one before a boot', async () => {
    const alive = thisProcess();
    expect(isAlive(alive)).toBe(true);
    for (const stale of [
      { ...alive, startTicks: '1' },
      { ...alive, bootId: '00000000-0000-4000-8000-000000000000' },
    ]) {
      expect(isAlive(stale)).toBe(false);
      await leaveLockFile(1, stale);
      await (await withoutFlock.lockDirectory(directory)).release();
      await rm(`${directory}/lock.2`);
    }
    // Where the moment of the start is not known, the number alone has to do.
    await leaveLockFile(1, { pid: process.pid });
    await expect(withoutFlock.lockDirectory(directory)).rejects.toEqual(locked);
  });

  test('takes half a lock file, or a foreign one, for one that nobody holds', async () => {
    for (const text of ['', '{"pid":', 'null', '{"pid":"1"}', '{"pid":0}', 'garbage']) {
      await writeFile(`${directory}/lock.7`, text);
      await writeFile(`${directory}/lock`, text);
      await (await withoutFlock.lockDirectory(directory)).release();
      await (await withFlock.lockDirectory(directory)).release();
      expect(lockFiles()).toEqual(['lock.8']);
      await rm(`${directory}/lock.8`);
    }
  });

  test('gives the lock to one of many that find it stale together, again and again', async () => {
    for (let turn = 1; turn <= 8; turn++) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => withoutFlock.lockDirectory(directory)),
      );
      const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toEqual(locked);
      }
      expect(taken.length).toBe(1);
      // As a killed process would leave it: named, but dead.
      const [last] = lockFiles();
      await writeFile(
        `${directory}/${last}`,
        JSON.stringify({ ...thisProcess(), startTicks: '1' }),
      );
    }
  });
});

test('Bun locks by the same rules: its lock files and holders are the same text as here', () => {
  for (const name of ['lock-file.ts', 'lock-holder.ts']) {
    const here = readFileSync(new URL(name, import.meta.url), 'utf8');
    const there = readFileSync(new URL(`../../bun-adapter/src/${name}`, import.meta.url), 'utf8');
    expect(there).toBe(here);
  }
});

async function leaveLockFile(number: number, holder: object): Promise<void> {
  await writeFile(`${directory}/lock.${number}`, JSON.stringify(holder));
}

function lockFiles(): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('lock.'));
}
