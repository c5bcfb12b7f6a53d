/**
 * The lock of a directory: the kernel's own on the file `lock` in it (`flock` on Linux and macOS),
 * which ends with the process however that dies. Node and Bun lock the same file in the same way.
 *
 * Where a Node or Bun program had to do without (no `flock` program), it made files `lock.1`,
 * `lock.2`, … instead: the highest, if it names anybody, is respected too. Whether that process
 * lives is not looked up, since it would need a permission more: another Node or Bun program that
 * opens the directory clears it.
 */
import { type DirectoryLock, HoldfastError } from '@holdfast/core';

/** Takes the lock of `directory`, or fails at once with `DIRECTORY_LOCKED`. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = `${directory}/lock`;
  const file = await Deno.open(path, { read: true, write: true, create: true });
  try {
    if (!(await file.tryLock(true))) throw lockedError(directory, await holderIn(path));
    await file.truncate();
    await file.write(new TextEncoder().encode(JSON.stringify({ pid: Deno.pid })));
    const lockFile = await lastLockFile(directory);
    const other = lockFile === undefined ? undefined : await holderIn(lockFile);
    if (other !== undefined) {
      await file.truncate();
      throw lockedError(directory, other);
    }
  } catch (error) {
    file.close();
    throw error;
  }
  let isHeld = true;
  return {
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      file.truncateSync();
      file.close();
    },
  };
}

/**
 * The process number a lock file names; nothing for an empty one (a freed lock) or one that is not
 * ours.
 */
async function holderIn(path: string): Promise<number | undefined> {
  try {
    const pid: unknown = JSON.parse(await Deno.readTextFile(path))?.pid;
    return typeof pid === 'number' ? pid : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function lastLockFile(directory: string): Promise<string | undefined> {
  let last = 0;
  for await (const { name } of Deno.readDir(directory)) {
    last = Math.max(last, Number(/^lock\.(\d{1,15})$/.exec(name)?.[1] ?? 0));
  }
  return last === 0 ? undefined : `${directory}/lock.${last}`;
}

function lockedError(directory: string, pid: number | undefined): HoldfastError {
  return new HoldfastError(
    'DIRECTORY_LOCKED',
    `the directory is open already directory=${directory} pid=${pid ?? 'unknown'}`,
    { details: { directory, pid } },
  );
}
