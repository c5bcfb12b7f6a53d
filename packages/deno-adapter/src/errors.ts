import { HoldfastError, type HoldfastErrorCode } from '@holdfast/core';

/** What a caller can do about a native error; every other one is `IO`. */
const CODES: ReadonlyMap<string, HoldfastErrorCode> = new Map([
  ['ENOSPC', 'NO_SPACE'],
  ['EDQUOT', 'NO_SPACE'],
  ['EROFS', 'READ_ONLY'],
  ['EACCES', 'READ_ONLY'],
  ['EPERM', 'READ_ONLY'],
  ['NotCapable', 'READ_ONLY'],
]);

/** The one place where Deno's errors become Holdfast's. Total: anything may have been thrown. */
export function translateError(error: unknown, operation: string, path: string): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const errno = errnoOf(error) ?? 'unknown';
  return new HoldfastError(
    CODES.get(errno) ?? 'IO',
    `${operation} failed path=${path} errno=${errno}`,
    { details: { operation, path, errno }, cause: error },
  );
}

/**
 * The operating system's name of a native error: `'ENOENT'`; `'NotCapable'` where Deno's own
 * permissions forbid.
 */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return 'NotCapable';
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
