import { HoldfastError } from '@holdfast/core';

export const EXIT_OK = 0;
/** It did not work: the store cannot be opened, the server cannot be reached, or is not ready. */
export const EXIT_FAILED = 1;
/** The command is wrong: an option, a size, an address. */
export const EXIT_USAGE = 2;

export const EXIT_CODES_HELP = `
Exit codes:
  0  done, or the server is ready
  1  failed: the store cannot be opened, the address is taken, the server is not ready
  2  the command or its configuration is wrong`;

export function exitCodeOf(error: unknown): number {
  return HoldfastError.from(error).code === 'INVALID_ARGUMENT' ? EXIT_USAGE : EXIT_FAILED;
}
