import { HoldfastError, type HoldfastErrorCode } from '../errors.ts';

/** The operating system's errors that the simulated disk can raise. */
export type NativeErrorCode =
  | 'EACCES'
  | 'EBADF'
  | 'EEXIST'
  | 'EIO'
  | 'EISDIR'
  | 'EMFILE'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'EROFS'
  | 'EXDEV';

const HOLDFAST_CODES: Partial<Record<NativeErrorCode, HoldfastErrorCode>> = {
  ENOSPC: 'NO_SPACE',
  EACCES: 'READ_ONLY',
  EROFS: 'READ_ONLY',
};

/** What a runtime's own file system call would have thrown. */
export class NativeError extends Error {
  readonly code: NativeErrorCode;
  readonly path: string;

  constructor(code: NativeErrorCode, path: string) {
    super(`${code}: simulated, '${path}'`);
    this.code = code;
    this.path = path;
  }
}

/** The error the `FileSystem` port documents for a native one. */
export function translated(error: unknown): HoldfastError {
  if (!(error instanceof NativeError)) return HoldfastError.from(error);
  return new HoldfastError(
    HOLDFAST_CODES[error.code] ?? 'IO',
    `simulated disk call failed errno=${error.code}`,
    { details: { path: error.path, errno: error.code }, cause: error },
  );
}
