import type { OpenFile } from '../ports/file-system.ts';
import type { StoreFiles } from './read-mark.ts';
import { readSegment } from './read-segment.ts';
import type { RecordMemory } from './record.ts';
import type { RecoveryTarget } from './recovery-target.ts';
import { SEGMENT_HEADER_BYTES, type SegmentHeader } from './segment-header.ts';

/** A file that is to be read up to `length`. */
export interface FileToRead {
  readonly name: string;
  readonly length: number;
  /** That of the file, by its first bytes; `undefined` for a file that is not the one meant. */
  header(start: Uint8Array): SegmentHeader | undefined;
}

export interface SegmentRead {
  readonly handle: OpenFile;
  readonly memory: RecordMemory;
  /** `undefined` if it is another file than the one meant: then nothing is decrypted. */
  readonly header: SegmentHeader | undefined;
  /** How much of it is there, at most what was asked for. */
  readonly length: number;
}

/** Reads segments' files whole, the next one while the last one is gone through. */
export class SegmentReads {
  readonly #files: StoreFiles;
  readonly #target: RecoveryTarget;
  #next: { readonly name: string; readonly reading: Promise<SegmentRead> } | undefined;

  constructor(options: StoreFiles & { readonly target: RecoveryTarget }) {
    this.#files = options;
    this.#target = options.target;
  }

  /** To be called before the segment is adopted that the read is for: memory may run short. */
  async take(file: FileToRead, next: FileToRead | undefined): Promise<SegmentRead> {
    const read = await (this.#next?.name === file.name ? this.#next.reading : this.#read(file));
    this.#next = undefined;
    if (next !== undefined) {
      const reading = this.#read(next);
      this.#next = { name: next.name, reading };
      // Whoever takes it is told; if nobody does, it does not matter.
      reading.catch(() => {});
    }
    return read;
  }

  /** Gives back what was read, and nobody has taken. */
  async drop(): Promise<void> {
    const read = await this.#next?.reading.catch(() => undefined);
    this.#next = undefined;
    if (read !== undefined) await this.giveBack(read);
  }

  /** What nobody has a use for. */
  async giveBack({ memory, handle }: SegmentRead): Promise<void> {
    this.#target.release(memory);
    await handle.close();
  }

  async #read(file: FileToRead): Promise<SegmentRead> {
    const { fileSystem, directory, keyring } = this.#files;
    const { name, length: wanted } = file;
    const memory = this.#target.allocate(Math.max(wanted, SEGMENT_HEADER_BYTES));
    // Blocking, for some microseconds: so the read is under way before the caller goes through the
    // file before, for milliseconds without yielding.
    const handle = fileSystem.openSync(`${directory}/${name}`, 'read');
    const length = await readSegment(handle, name, memory, wanted);
    try {
      const header = file.header(memory.bytes.slice(0, Math.min(length, SEGMENT_HEADER_BYTES)));
      if (header !== undefined) keyring.cipherOf(header)?.decryptAll(memory, length);
      return { handle, memory, header, length };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}
