/**
 * The lock of a directory: the kernel's `flock` on the file `lock` in it, which ends with the
 * process however that dies. Bun has no call for it, so the program `flock` takes it on a
 * descriptor it inherits; the lock belongs to the open file, which stays ours when that program has
 * ended. Node and Deno lock the same file in the same way.
 *
 * Where there is no such program, lock-file.ts takes over. Each kind publishes its holder first and
 * then looks for the other kind's, so a process that has the program and one that has not exclude
 * each other as well.
 */
import * as fs from 'node:fs';
import type { DirectoryLock } from '@holdfast/core';
import { errnoOf } from './errors.ts';
import { lockedError, lockFileHolder, takeLockFile } from './lock-file.ts';
import { isAlive, type LockHolder, parseHolder, thisProcess } from './lock-holder.ts';

export interface DirectoryLockOptions {
  /**
   * The program that locks an inherited descriptor; tests name one that does not exist. Default
   * `flock`.
   */
  readonly flockProgram?: string;
}

/**
 * Exit status of `flock -n` when somebody else has the lock (flock(1)); others mean it could not
 * try.
 */
const FLOCK_BUSY = 1;

/** How starting a program fails where it is missing or not allowed; other failures may pass. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM']);

/** Takes the lock of `directory`, or fails at once with `DIRECTORY_LOCKED`. */
export async function lockDirectory(
  directory: string,
  { flockProgram = 'flock' }: DirectoryLockOptions,
): Promise<DirectoryLock> {
  const descriptor = fs.openSync(`${directory}/lock`, fs.constants.O_RDWR | fs.constants.O_CREAT);
  try {
    const outcome = await tryFlock(flockProgram, descriptor);
    if (outcome === 'busy') throw lockedError(directory, holderIn(descriptor));
    if (outcome === 'taken') return await keepKernelLock(directory, descriptor);
    return await keepLockFile(directory, descriptor);
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

async function keepKernelLock(directory: string, descriptor: number): Promise<DirectoryLock> {
  fs.ftruncateSync(descriptor, 0);
  fs.writeSync(descriptor, JSON.stringify(thisProcess()), 0);
  const other = await lockFileHolder(directory);
  if (other !== undefined) {
    fs.ftruncateSync(descriptor, 0);
    throw lockedError(directory, other);
  }
  let isHeld = true;
  return {
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      fs.ftruncateSync(descriptor, 0);
      fs.closeSync(descriptor);
    },
  };
}

async function keepLockFile(directory: string, descriptor: number): Promise<DirectoryLock> {
  const lock = await takeLockFile(directory);
  const other = holderIn(descriptor);
  if (other !== undefined && isAlive(other)) {
    await lock.release();
    throw lockedError(directory, other);
  }
  fs.closeSync(descriptor);
  return lock;
}

function holderIn(descriptor: number): LockHolder | undefined {
  const bytes = Buffer.alloc(512);
  return parseHolder(bytes.toString('utf8', 0, fs.readSync(descriptor, bytes, 0, 512, 0)));
}

async function tryFlock(
  program: string,
  descriptor: number,
): Promise<'taken' | 'busy' | 'unavailable'> {
  let child: Bun.Subprocess;
  try {
    child = Bun.spawn([program, '-n', '-x', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
    });
  } catch (error) {
    if (ABSENT.has(errnoOf(error) ?? '')) return 'unavailable';
    throw error;
  }
  const status = await child.exited;
  return status === 0 ? 'taken' : status === FLOCK_BUSY ? 'busy' : 'unavailable';
}
