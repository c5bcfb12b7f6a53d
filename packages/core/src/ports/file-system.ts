/**
 * The file system as the engine needs it: one flat directory of files that are written front to
 * back, never changed in place, and made durable explicitly.
 *
 * Every failure is a `HoldfastError`: `NO_SPACE` when the disk is full, `READ_ONLY` when writing is
 * not permitted, `DIRECTORY_LOCKED` from `lockDirectory`, `IO` for the rest, with the native error
 * as `cause`. Implementations are judged by `fileSystemConformance`.
 */
export interface FileSystem {
  /** Creates `directory` and its parents; one that exists already is fine. */
  createDirectory(directory: string): Promise<void>;

  /** Names (not paths) of the files in `directory`, in no particular order. */
  list(directory: string): Promise<string[]>;

  /**
   * Opens a file. `create` makes a new one and fails if the name is taken; `update` opens an
   * existing file for reading and writing; `read` never writes. A new name is durable only after
   * `syncDirectory`.
   */
  open(path: string, mode: OpenMode): Promise<OpenFile>;

  /**
   * As `open`, blocking the calling thread: for a caller that fills memory without ever yielding.
   */
  openSync(path: string, mode: OpenMode): OpenFile;

  /** Replaces `to` by `from` atomically; durable only after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>;

  /** Unlinks a file; a name that is already gone is fine. Durable only after `syncDirectory`. */
  remove(path: string): Promise<void>;

  /** Makes creations, renames and removals in `directory` survive a power cut. */
  syncDirectory(directory: string): Promise<void>;

  /**
   * Takes the exclusive lock of `directory`, without waiting. Fails with `DIRECTORY_LOCKED` (and
   * the holder's `pid` in `details`, where known) while any process, this one included, holds it.
   * The operating system frees it when the holder dies, however it dies.
   */
  lockDirectory(directory: string): Promise<DirectoryLock>;
}

export type OpenMode = 'create' | 'update' | 'read';

/**
 * An open file. Buffers may be views of a `SharedArrayBuffer`. Positions and sizes are bytes from
 * the start. After a failed `write` or `datasync` nothing written since the last good `datasync`
 * may be trusted.
 */
export interface OpenFile {
  /** The file's length in bytes now. */
  size(): Promise<number>;

  /** Reads until `into` is full or the file ends; resolves to the number of bytes read. */
  read(into: Uint8Array, position: number): Promise<number>;

  /** As `read`, blocking the calling thread. */
  readSync(into: Uint8Array, position: number): number;

  /**
   * Writes all of `from` (short writes are continued); survives the death of the process, not a
   * power cut.
   */
  write(from: Uint8Array, position: number): Promise<void>;

  /** As `write`, blocking the calling thread: the last resort of a caller that never yields. */
  writeSync(from: Uint8Array, position: number): void;

  /** Makes every finished write of this file survive a power cut. */
  datasync(): Promise<void>;

  /** Releases the descriptor; a second call does nothing. */
  close(): Promise<void>;
}

export interface DirectoryLock {
  /** Frees the lock; a second call does nothing. */
  release(): Promise<void>;
}
