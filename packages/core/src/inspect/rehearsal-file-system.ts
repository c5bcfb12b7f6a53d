/**
 * A file system on which a store can be opened for a look: it shows what is there, and keeps every
 * change to itself, in memory. Nothing reaches the files beneath, and no lock is taken.
 *
 * A file's bytes are copied when it is first written to: recovery and what follows it write
 * superblocks, manifests and new segments, and never into a segment that is there.
 */

import { HoldfastError } from '../errors.ts';
import type { DirectoryLock, FileSystem, OpenFile, OpenMode } from '../ports/file-system.ts';

const READ_BYTES = 65_536;

/** One file as it is here; shared by all who have it open. */
interface Content {
  /** `undefined` while it is as beneath. */
  bytes: Uint8Array | undefined;
}

export class RehearsalFileSystem implements FileSystem {
  /** Paths of files that are there, and would have been removed. */
  readonly removed: Set<string> = new Set();
  readonly #beneath: FileSystem;
  readonly #contents = new Map<string, Content>();

  constructor(beneath: FileSystem) {
    this.#beneath = beneath;
  }

  async createDirectory(directory: string): Promise<void> {
    await this.#beneath.list(directory);
  }

  async list(directory: string): Promise<string[]> {
    const prefix = `${directory}/`;
    const names = new Set(await this.#beneath.list(directory));
    for (const path of this.removed) names.delete(path.slice(prefix.length));
    for (const [path, { bytes }] of this.#contents) {
      if (bytes !== undefined && path.startsWith(prefix)) names.add(path.slice(prefix.length));
    }
    return [...names];
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    return this.openSync(path, mode);
  }

  openSync(path: string, mode: OpenMode): OpenFile {
    const known = this.#contents.get(path);
    const isChanged = known?.bytes !== undefined;
    if (mode === 'create') {
      const exists = isChanged || (!this.removed.has(path) && this.#isBeneath(path));
      if (exists) throw failure('the file exists', path);
      return this.#opened(path, { bytes: new Uint8Array(0) }, undefined);
    }
    if (isChanged) return new RehearsalFile(known, undefined);
    if (this.removed.has(path)) throw failure('no such file', path);
    const beneath = this.#beneath.openSync(path, 'read');
    return this.#opened(path, known ?? { bytes: undefined }, beneath);
  }

  #opened(path: string, content: Content, beneath: OpenFile | undefined): OpenFile {
    this.#contents.set(path, content);
    return new RehearsalFile(content, beneath);
  }

  #isBeneath(path: string): boolean {
    try {
      void this.#beneath.openSync(path, 'read').close();
      return true;
    } catch {
      // Whatever it is, it is not a file that could be in the way.
      return false;
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const source = this.openSync(from, 'update');
    // Writing nothing makes its bytes ours.
    await source.write(new Uint8Array(0), 0);
    await source.close();
    this.#contents.set(to, this.#contents.get(from) as Content);
    await this.remove(from);
  }

  async remove(path: string): Promise<void> {
    this.#contents.delete(path);
    this.removed.add(path);
  }

  async syncDirectory(_directory: string): Promise<void> {}

  async lockDirectory(_directory: string): Promise<DirectoryLock> {
    return { release: async () => {} };
  }
}

class RehearsalFile implements OpenFile {
  readonly #content: Content;
  /** What it was before it was written to. */
  readonly #beneath: OpenFile | undefined;

  constructor(content: Content, beneath: OpenFile | undefined) {
    this.#content = content;
    this.#beneath = beneath;
  }

  async size(): Promise<number> {
    const { bytes } = this.#content;
    return bytes === undefined ? ((await this.#beneath?.size()) ?? 0) : bytes.length;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const isAsBeneath = this.#content.bytes === undefined && this.#beneath !== undefined;
    return isAsBeneath ? this.#beneath.read(into, position) : this.readSync(into, position);
  }

  readSync(into: Uint8Array, position: number): number {
    const { bytes } = this.#content;
    if (bytes === undefined) return this.#beneath?.readSync(into, position) ?? 0;
    const part = bytes.subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }

  async write(from: Uint8Array, position: number): Promise<void> {
    this.writeSync(from, position);
  }

  writeSync(from: Uint8Array, position: number): void {
    const old = this.#content.bytes ?? this.#copyOfBeneath();
    const bytes = new Uint8Array(Math.max(old.length, position + from.length));
    bytes.set(old);
    bytes.set(from, position);
    this.#content.bytes = bytes;
  }

  #copyOfBeneath(): Uint8Array {
    let bytes = new Uint8Array(0);
    for (;;) {
      const part = new Uint8Array(READ_BYTES);
      const read = this.#beneath?.readSync(part, bytes.length) ?? 0;
      if (read === 0) return bytes;
      const longer = new Uint8Array(bytes.length + read);
      longer.set(bytes);
      longer.set(part.subarray(0, read), bytes.length);
      bytes = longer;
    }
  }

  async datasync(): Promise<void> {}

  async close(): Promise<void> {
    await this.#beneath?.close();
  }
}

function failure(message: string, path: string): HoldfastError {
  return new HoldfastError('IO', `${message} path=${path}`, { details: { path } });
}
