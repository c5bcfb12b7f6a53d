import { HoldfastError } from '@holdfast/core';

export const EXIT_OK = 0;
/**
 * No: there is no such key, it has a value already, there is damage, the server is not ready. Of
 * `serve` and `health` also that it did not work at all.
 */
export const EXIT_FAILED = 1;
/** The command is wrong: an option, a size, an address, a file that is none of a store. */
export const EXIT_USAGE = 2;
/** Of the commands that answer a question: there is no answer, since something failed. */
export const EXIT_NO_ANSWER = 3;

/** Of `lock`, whose other codes are those of its command: the lock was not free in time. */
export const EXIT_NOT_OBTAINED = 120;
/** Of `lock`: the lease was lost or taken, and the command ended for that. */
export const EXIT_LEASE_LOST = 121;
/** Of `lock`: no server, or an error of it, before the command was started. */
export const EXIT_NO_SERVER = 122;
/** Of `lock`, as shells have it: the command was found and could not be executed. */
export const EXIT_NOT_EXECUTABLE = 126;
/** Of `lock`, as shells have it: there is no such command. */
export const EXIT_NOT_FOUND = 127;

/** Of `lock`, as shells have it: a signal ended the command, or the wait for the lock. */
export function exitCodeOfSignal(signalNumber: number): number {
  return 128 + signalNumber;
}

export const LOCK_CODES_HELP = `
Exit codes:
  N    the command's own
  2    the options are wrong; nothing was run (or the command's own)
  120  the lock was not free in time; nothing was run
  121  the lease was lost or taken, and the command was ended
  122  no answer from the server; nothing was run
  126  the command cannot be executed
  127  there is no such command
  128+ the number of the signal that ended the command, or the wait for the lock`;

export const EXIT_CODES_HELP = `
Exit codes:
  0  done, or the server is ready
  1  failed: the store cannot be opened, the address is taken, the server is not ready
  2  the command or its configuration is wrong`;

/** `no` says what 1 means, if it can come to that. */
export function answerCodesHelp(no?: string): string {
  return `
Exit codes:
  0  done${no === undefined ? '' : `\n  1  ${no}`}
  2  the command is wrong
  3  failed: no server, no such file, an error of the store`;
}

export function exitCodeOf(error: unknown): number {
  return HoldfastError.from(error).code === 'INVALID_ARGUMENT' ? EXIT_USAGE : EXIT_FAILED;
}

/** Of an error before `lock` started its command. */
export function lockExitCodeOf(error: unknown): number {
  switch (HoldfastError.from(error).code) {
    case 'INVALID_ARGUMENT':
      return EXIT_USAGE;
    case 'LOCK_TIMEOUT':
      return EXIT_NOT_OBTAINED;
    case 'LEASE_LOST':
      return EXIT_LEASE_LOST;
    default:
      return EXIT_NO_SERVER;
  }
}

/** Runs a command that answers a question by its exit code: a failure is not an answer. */
export function answering<Arguments extends unknown[]>(
  run: (...args: Arguments) => Promise<void>,
): (...args: Arguments) => Promise<void> {
  return async (...args) => {
    try {
      await run(...args);
    } catch (error) {
      printError(error);
      process.exitCode = exitCodeOf(error) === EXIT_USAGE ? EXIT_USAGE : EXIT_NO_ANSWER;
    }
  };
}

export function printError(error: unknown): void {
  console.error(`holdfast: ${error instanceof Error ? error.message : String(error)}`);
}

/** The answer is no. The reason goes to standard error. */
export function answerNo(reason: string): void {
  console.error(`holdfast: ${reason}`);
  process.exitCode = EXIT_FAILED;
}
