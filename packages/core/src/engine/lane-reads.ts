import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { Keyring } from './keyring.ts';
import type { LaneFile } from './lane-listing.ts';
import { readSegment } from './read-segment.ts';
import type { RecordMemory } from './record.ts';
import type { RecoveryTarget } from './recovery-target.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

export interface LaneRead {
  readonly handle: OpenFile;
  readonly memory: RecordMemory;
}

/** Reads the lane's files whole, the next one while the last one is gone through. */
export class LaneReads {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #keyring: Keyring;
  readonly #target: RecoveryTarget;
  #next: { readonly file: LaneFile; readonly reading: Promise<LaneRead> } | undefined;

  constructor(options: {
    fileSystem: FileSystem;
    directory: string;
    keyring: Keyring;
    target: RecoveryTarget;
  }) {
    this.#fileSystem = options.fileSystem;
    this.#directory = options.directory;
    this.#keyring = options.keyring;
    this.#target = options.target;
  }

  /** To be called before the segment is adopted that the read is for: memory may run short. */
  async take(file: LaneFile, next: LaneFile | undefined): Promise<LaneRead> {
    const { handle, memory } = await (this.#next?.file === file
      ? this.#next.reading
      : this.#read(file));
    this.#next = undefined;
    if (next !== undefined) {
      const reading = this.#read(next);
      this.#next = { file: next, reading };
      // Whoever takes it is told; if nobody does, it does not matter.
      reading.catch(() => {});
    }
    return { handle, memory };
  }

  /** Gives back what was read, and nobody has taken. */
  async drop(): Promise<void> {
    const read = await this.#next?.reading.catch(() => undefined);
    this.#next = undefined;
    if (read === undefined) return;
    this.#target.release(read.memory);
    await read.handle.close();
  }

  async #read(file: LaneFile): Promise<LaneRead> {
    const memory = this.#target.allocate(Math.max(file.size, SEGMENT_HEADER_BYTES));
    const handle = await this.#fileSystem.open(`${this.#directory}/${file.name}`, 'read');
    const cipher = this.#keyring.cipherOf(file.header);
    await readSegment(handle, file.name, memory, file.size, cipher);
    return { handle, memory };
  }
}
