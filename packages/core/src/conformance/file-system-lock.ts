/**
 * The part of `fileSystemConformance` about the directory lock, as far as one process can show it.
 */
import { HoldfastError } from '../errors.ts';
import type { DirectoryLock } from '../ports/file-system.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import type { FileSystemFixture } from './file-system.ts';
import type { SuiteTest } from './suite.ts';

export const LOCK_TESTS: readonly SuiteTest<FileSystemFixture>[] = [
  {
    name: 'lockDirectory keeps every other one out until it is released, this process included',
    run: async ({ fileSystem, directory }) => {
      const lock = await fileSystem.lockDirectory(directory);
      for (let turn = 0; turn < 3; turn++) {
        const error = await expectFailure(
          () => fileSystem.lockDirectory(directory),
          'DIRECTORY_LOCKED',
          'locking a locked directory',
        );
        const pid = error.details.pid;
        expectTrue(
          pid === undefined || (typeof pid === 'number' && pid > 0),
          `the holder's pid, where known, to be a number, not ${String(pid)}`,
        );
      }
      await lock.release();
      await (await fileSystem.lockDirectory(directory)).release();
    },
  },
  {
    name: 'of many that lock a directory at once exactly one gets it',
    run: async ({ fileSystem, directory }) => {
      for (let turn = 0; turn < 3; turn++) {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 5 }, () => fileSystem.lockDirectory(directory)),
        );
        const locks: DirectoryLock[] = [];
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') locks.push(outcome.value);
          else expectEqual(HoldfastError.from(outcome.reason).code, 'DIRECTORY_LOCKED', 'the code');
        }
        expectEqual(locks.length, 1, 'the number of those who got the lock');
        await locks[0]?.release();
      }
    },
  },
  {
    name: 'releasing a lock again does not free the next one',
    run: async ({ fileSystem, directory }) => {
      const first = await fileSystem.lockDirectory(directory);
      await Promise.all([first.release(), first.release()]);
      const second = await fileSystem.lockDirectory(directory);
      await first.release();
      await expectFailure(
        () => fileSystem.lockDirectory(directory),
        'DIRECTORY_LOCKED',
        'locking what the second holds',
      );
      await second.release();
    },
  },
  {
    name: 'locks of different directories do not meet',
    run: async ({ fileSystem, directory }) => {
      await fileSystem.createDirectory(`${directory}/one`);
      await fileSystem.createDirectory(`${directory}/two`);
      const one = await fileSystem.lockDirectory(`${directory}/one`);
      const two = await fileSystem.lockDirectory(`${directory}/two`);
      await one.release();
      await two.release();
    },
  },
  {
    name: 'lockDirectory fails for a directory that does not exist',
    run: async ({ fileSystem, directory }) => {
      await expectFailure(
        () => fileSystem.lockDirectory(`${directory}/missing`),
        'IO',
        'locking what is not there',
      );
    },
  },
];
