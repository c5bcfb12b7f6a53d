/**
 * The directory lock where the kernel's cannot be had: numbered files `lock.1`, `lock.2`, … each
 * naming a holder. The highest number counts; who finds its holder dead or gone makes the next one.
 *
 * Invariants
 * - A file appears under its name complete (a hard link), and only one process can make a given
 *   number.
 * - The highest number is never removed: freeing a lock empties its file. So a process that was
 *   slow to make number n, long taken and removed, finds a higher one when it looks again, and
 *   withdraws.
 * - It is looked at after it is made: of two that meet at least one sees the other.
 *
 * Not covered: processes that cannot see one another's numbers (containers that share only the
 * disk).
 */
import * as fs from 'node:fs/promises';
import { type DirectoryLock, HoldfastError } from '@holdfast/core';
import { errnoOf } from './errors.ts';
import { isAlive, type LockHolder, parseHolder, thisProcess } from './lock-holder.ts';

const NAME = /^lock\.(\d{1,15})$/;

/** Takes the lock by lock files; fails with `DIRECTORY_LOCKED` while its holder lives. */
export async function takeLockFile(directory: string): Promise<DirectoryLock> {
  const last = await lastLockFile(directory);
  if (last.holder !== undefined && isAlive(last.holder)) throw lockedError(directory, last.holder);

  const number = last.number + 1;
  const path = `${directory}/lock.${number}`;
  const draft = `${directory}/lock.draft-${process.pid}-${crypto.randomUUID()}`;
  await fs.writeFile(draft, JSON.stringify(thisProcess()), { flag: 'wx' });
  try {
    await fs.link(draft, path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    throw lockedError(directory, (await lastLockFile(directory)).holder);
  } finally {
    await fs.unlink(draft);
  }
  const highest = await lastLockFile(directory);
  if (highest.number !== number) {
    await removed(path);
    throw lockedError(directory, highest.holder);
  }
  for (let older = number - 1; older > 0 && (await removed(`${directory}/lock.${older}`)); )
    older--;

  let freeing: Promise<void> | undefined;
  return {
    release: () => {
      freeing ??= fs.truncate(path, 0);
      return freeing;
    },
  };
}

/** The live holder of the lock files, if there is one. */
export async function lockFileHolder(directory: string): Promise<LockHolder | undefined> {
  const { holder } = await lastLockFile(directory);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

export function lockedError(directory: string, holder: LockHolder | undefined): HoldfastError {
  const pid = holder?.pid;
  return new HoldfastError(
    'DIRECTORY_LOCKED',
    `the directory is open already directory=${directory} pid=${pid ?? 'unknown'}`,
    { details: { directory, pid } },
  );
}

async function lastLockFile(
  directory: string,
): Promise<{ number: number; holder: LockHolder | undefined }> {
  let number = 0;
  for (const name of await fs.readdir(directory)) {
    number = Math.max(number, Number(NAME.exec(name)?.[1] ?? 0));
  }
  if (number === 0) return { number, holder: undefined };
  try {
    return {
      number,
      holder: parseHolder(await fs.readFile(`${directory}/lock.${number}`, 'utf8')),
    };
  } catch (error) {
    // Removed since it was listed, so there is a higher one by now.
    if (errnoOf(error) === 'ENOENT') return await lastLockFile(directory);
    throw error;
  }
}

/** False where it was gone already: a process with a higher number has removed it. */
async function removed(path: string): Promise<boolean> {
  try {
    await fs.unlink(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
