import { assert } from '../assert.ts';
import { HoldfastError } from '../errors.ts';
import type { DirectoryLock, FileSystem, OpenFile, OpenMode } from '../ports/file-system.ts';
import type { DiskCall, DiskCallKind } from './disk-faults.ts';
import { NativeError, translated } from './native-error.ts';
import type { DiskOperation, LeftEffect, SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedFile } from './simulated-file.ts';
import { processDied, type SimulatedProcess } from './simulated-process.ts';

/** The `FileSystem` port over a `SimulatedDisk`, as one process has it; made by `disk.mount()`. */
export class SimulatedFileSystem implements FileSystem {
  readonly #disk: SimulatedDisk;
  /** @internal */
  readonly process: SimulatedProcess;

  constructor(disk: SimulatedDisk, process: SimulatedProcess) {
    this.#disk = disk;
    this.process = process;
  }

  /** The process's number, as `DIRECTORY_LOCKED` reports it. */
  get pid(): number {
    return this.process.pid;
  }

  /** False after the process crashed. */
  get isAlive(): boolean {
    return this.process.isAlive;
  }

  createDirectory(directory: string): Promise<void> {
    return this.#issue('createDirectory', directory, () =>
      this.#disk.volume.createDirectory(directory),
    );
  }

  list(directory: string): Promise<string[]> {
    return this.#issue('list', directory, () => this.#disk.volume.list(directory));
  }

  open(path: string, mode: OpenMode): Promise<OpenFile> {
    return this.#disk.issue(this.process, this.#opening(path, mode, false));
  }

  openSync(path: string, mode: OpenMode): OpenFile {
    return this.#disk.issueNow(this.process, this.#opening(path, mode, true));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#issue('rename', to, () => this.#disk.volume.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#issue('remove', path, () => void this.#disk.volume.remove(path));
  }

  syncDirectory(directory: string): Promise<void> {
    const through = this.#disk.volume.changeCount(directory);
    return this.#issue('syncDirectory', directory, () => {
      this.#disk.volume.list(directory);
      if (this.#disk.syncLies !== true) this.#disk.volume.syncDirectory(directory, through);
    });
  }

  lockDirectory(directory: string): Promise<DirectoryLock> {
    return this.#issue('lockDirectory', directory, () => {
      const { volume, locks } = this.#disk;
      volume.list(directory);
      const key = volume.normalized(directory);
      const holder = locks.get(key);
      if (holder !== undefined) {
        throw new HoldfastError('DIRECTORY_LOCKED', `directory is in use pid=${holder.pid}`, {
          details: { directory, pid: holder.pid },
        });
      }
      locks.set(key, this.process);
      return new SimulatedLock(locks, key, this.process);
    });
  }

  #opening(path: string, mode: OpenMode, blocking: boolean): DiskOperation<OpenFile> {
    return {
      call: { kind: 'open', path, bytes: 0, position: 0, blocking },
      execute: () => {
        const { volume } = this.#disk;
        const file = mode === 'create' ? volume.create(path) : volume.find(path);
        return new SimulatedOpenFile(this.#disk, this.process, path, file, mode !== 'read');
      },
    };
  }

  #issue<T>(kind: DiskCallKind, path: string, execute: () => T): Promise<T> {
    const call: DiskCall = { kind, path, bytes: 0, position: 0, blocking: false };
    return this.#disk.issue(this.process, { call, execute });
  }
}

class SimulatedLock implements DirectoryLock {
  readonly #locks: Map<string, SimulatedProcess>;
  readonly #key: string;
  readonly #process: SimulatedProcess;
  #isReleased = false;

  constructor(locks: Map<string, SimulatedProcess>, key: string, process: SimulatedProcess) {
    this.#locks = locks;
    this.#key = key;
    this.#process = process;
  }

  async release(): Promise<void> {
    // The crash freed it already, and somebody else may hold it now.
    if (!this.#process.isAlive) throw processDied();
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#locks.delete(this.#key);
  }
}

class SimulatedOpenFile implements OpenFile {
  readonly #disk: SimulatedDisk;
  readonly #process: SimulatedProcess;
  readonly #path: string;
  readonly #isWritable: boolean;
  readonly file: SimulatedFile;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(
    disk: SimulatedDisk,
    process: SimulatedProcess,
    path: string,
    file: SimulatedFile,
    isWritable: boolean,
  ) {
    this.#disk = disk;
    this.#process = process;
    this.#path = path;
    this.#isWritable = isWritable;
    this.file = file;
    process.openFiles.add(this);
  }

  async size(): Promise<number> {
    return await this.#issue({
      call: this.#call('size'),
      execute: () => this.file.size,
    });
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return await this.#issue(this.#reading(into, position, false));
  }

  readSync(into: Uint8Array, position: number): number {
    return this.#disk.issueNow(this.#process, this.#reading(into, position, true));
  }

  async write(from: Uint8Array, position: number): Promise<void> {
    await this.#issue(this.#writing(from, position, false));
  }

  writeSync(from: Uint8Array, position: number): void {
    this.#disk.issueNow(this.#process, this.#writing(from, position, true));
  }

  async datasync(): Promise<void> {
    const through = this.file.writeCount;
    await this.#issue({
      call: this.#call('datasync'),
      execute: () => {
        if (!this.#disk.syncLies) this.file.sync(through);
      },
      leave: (effect) => {
        // A killed process's pages stay dirty; only a device error loses them.
        const isDone = effect === 'interrupted' && this.#disk.random.chance(0.5);
        if (effect === 'all' || isDone) this.file.sync(through);
        if (effect === 'some' || effect === 'random') this.file.failSync(this.#disk.random);
      },
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAfter([...this.#underWay]);
    return this.#closing;
  }

  async #closeAfter(underWay: Promise<unknown>[]): Promise<void> {
    await Promise.allSettled(underWay);
    await this.#disk.issue(this.#process, {
      call: this.#call('close'),
      execute: () => void this.#process.openFiles.delete(this),
      // A descriptor is gone even if closing it reports an error.
      leave: () => void this.#process.openFiles.delete(this),
    });
  }

  #reading(into: Uint8Array, position: number, blocking: boolean): DiskOperation<number> {
    return {
      call: this.#call('read', into.length, position, blocking),
      execute: () => {
        if (this.file.isUnreadable(position, into.length)) throw new NativeError('EIO', this.#path);
        return this.file.read(into, position);
      },
    };
  }

  /**
   * The bytes are taken when the write is carried out: a buffer changed while in flight is the
   * caller's bug.
   */
  #writing(from: Uint8Array, position: number, blocking: boolean): DiskOperation<void> {
    return {
      call: this.#call('write', from.length, position, blocking),
      execute: () => {
        if (!this.#isWritable) throw new NativeError('EBADF', this.#path);
        const room = this.#roomFor(from.length, position);
        this.file.write(from.subarray(0, room), position);
        if (room < from.length) throw new NativeError('ENOSPC', this.#path);
      },
      leave: (effect) => {
        if (!this.#isWritable) return;
        const written = Math.min(
          this.#part(effect, from.length),
          this.#roomFor(from.length, position),
        );
        this.file.write(from.subarray(0, written), position);
      },
      stray: (onto) => {
        const { random, volume } = this.#disk;
        if (from.length === 0) return;
        const meant = this.file.writeAstray(from, position, random.below(from.length));
        // A file that has been removed meanwhile takes the sector with it.
        if (onto === undefined || !volume.has(onto.path)) return;
        volume.find(onto.path).overwriteSector(onto.sector, meant);
      },
    };
  }

  /** How many of `length` bytes at `position` the disk can take. */
  #roomFor(length: number, position: number): number {
    const { capacityBytes } = this.#disk;
    const growth = position + length - this.file.size;
    if (growth <= 0 || capacityBytes === Number.POSITIVE_INFINITY) return length;
    const missing = growth - (capacityBytes - this.#disk.bytesUsed);
    return missing <= 0 ? length : Math.max(0, length - missing);
  }

  #part(effect: LeftEffect, length: number): number {
    const { random } = this.#disk;
    if (effect === 'none' || length === 0) return 0;
    if (effect === 'all') return length;
    if (effect === 'some') return length === 1 ? 0 : 1 + random.below(length - 1);
    return [0, random.below(length + 1), length][random.below(3)]!;
  }

  #call(kind: DiskCallKind, bytes = 0, position = 0, blocking = false): DiskCall {
    assert(position >= 0 && Number.isSafeInteger(position), 'positions are whole and not negative');
    if (this.#closing !== undefined && kind !== 'close') {
      throw translated(new NativeError('EBADF', this.#path));
    }
    return { kind, path: this.#path, bytes, position, blocking };
  }

  async #issue<T>(operation: DiskOperation<T>): Promise<T> {
    const result = this.#disk.issue(this.#process, operation);
    this.#underWay.add(result);
    try {
      return await result;
    } finally {
      this.#underWay.delete(result);
    }
  }
}
