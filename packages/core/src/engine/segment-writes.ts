/**
 * Brings what segments have in memory to their files.
 *
 *     in its turn    open ─► write ─► next        GroupCommit and MainFiles, one after the other
 *     beside         open, write ─┐               started by a caller that has not yielded for so
 *                                 └► its turn     long that its turn does not come; several at once
 *     now            open, write                  blocking: nothing else would free memory in time
 *
 * Invariants
 * 1. Two writes of one segment are never under way at once.
 * 2. How a write beside has ended is told to whose turn it then is, and not before.
 */

import type { FileSystem } from '../ports/file-system.ts';
import type { IoCounters } from './io-counters.ts';
import type { Segment } from './segment.ts';

export interface SegmentWritesOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly counters: IoCounters;
  /** Segments written beside keep their memory until then: so much of it, at most. */
  readonly besideBytesMax: number;
}

export class SegmentWrites {
  readonly #options: SegmentWritesOptions;
  /** Those that have failed are kept until their turn. */
  readonly #beside = new Map<Segment, Promise<void>>();
  #besideBytes = 0;
  #newestSeen: Segment | undefined;

  constructor(options: SegmentWritesOptions) {
    this.#options = options;
  }

  /** Writes what is not yet written, up to `end`. */
  async write(segment: Segment, end: number): Promise<void> {
    const beside = this.#beside.get(segment);
    if (beside !== undefined) {
      this.#beside.delete(segment);
      await beside;
    }
    // Another has been here, and the memory may be another segment's by now.
    if (end > segment.writtenTo) await this.#put(segment, end, false);
  }

  /** Starts to write the sealed segments of a lane, as far as that bound allows. Hot. */
  writeBeside(lane: readonly Segment[]): void {
    const newest = lane.at(-1);
    if (newest === this.#newestSeen) return;
    this.#newestSeen = newest;
    for (const segment of lane) {
      if (segment.isToBeWritten && !this.#startBeside(segment)) return;
    }
  }

  #startBeside(segment: Segment): boolean {
    const bytes = segment.head - segment.writtenTo;
    if (this.#besideBytes + bytes > this.#options.besideBytesMax) return false;
    this.#besideBytes += bytes;
    const writing = this.#put(segment, segment.head, true).finally(() => {
      this.#besideBytes -= bytes;
    });
    this.#beside.set(segment, writing);
    writing.then(
      () => this.#beside.delete(segment),
      () => {},
    );
    return true;
  }

  /** Resolves when nothing is written beside; how it has ended counts no more. */
  async forgetBeside(): Promise<void> {
    while (this.#beside.size > 0) {
      const writes = [...this.#beside.values()];
      this.#beside.clear();
      await Promise.allSettled(writes);
    }
  }

  /** Writes all of a sealed segment, blocking. */
  writeNow(segment: Segment): void {
    const { counters, fileSystem } = this.#options;
    const { writtenTo, head } = segment;
    segment.file ??= fileSystem.openSync(this.#path(segment), 'create');
    segment.file.writeSync(segment.bytesToWrite(head), writtenTo);
    counters.writes++;
    counters.stalls++;
    counters.bytesWritten += head - writtenTo;
    segment.writtenTo = head;
  }

  async #put(segment: Segment, end: number, isBeside: boolean): Promise<void> {
    const { counters, fileSystem } = this.#options;
    const { writtenTo } = segment;
    segment.isWriting = true;
    try {
      // A caller that does not yield would not see another open.
      segment.file ??= isBeside
        ? fileSystem.openSync(this.#path(segment), 'create')
        : await fileSystem.open(this.#path(segment), 'create');
      await segment.file.write(segment.bytesToWrite(end), writtenTo);
      counters.writes++;
      counters.bytesWritten += end - writtenTo;
      segment.writtenTo = end;
    } finally {
      segment.isWriting = false;
    }
  }

  #path(segment: Segment): string {
    return `${this.#options.directory}/${segment.fileName}`;
  }
}
