/**
 * Brings what segments have in memory to their files: in the round of who keeps their order
 * (GroupCommit, MainFiles), or now, blocking, where nothing else would free memory in time. Two
 * writes of one segment are never under way at once.
 */

import type { FileSystem } from '../ports/file-system.ts';
import type { IoCounters } from './io-counters.ts';
import type { Segment } from './segment.ts';

export interface SegmentWritesOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly counters: IoCounters;
}

export class SegmentWrites {
  readonly #options: SegmentWritesOptions;

  constructor(options: SegmentWritesOptions) {
    this.#options = options;
  }

  /** Writes what is not yet written, up to `end`. */
  async write(segment: Segment, end: number): Promise<void> {
    const { writtenTo } = segment;
    // `writeNow` has been here, and the memory may be another segment's by now.
    if (end <= writtenTo) return;
    const { counters, fileSystem } = this.#options;
    segment.isWriting = true;
    try {
      segment.file ??= await fileSystem.open(this.#path(segment), 'create');
      await segment.file.write(segment.bytesToWrite(end), writtenTo);
      counters.writes++;
      counters.bytesWritten += end - writtenTo;
      segment.writtenTo = end;
    } finally {
      segment.isWriting = false;
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

  #path(segment: Segment): string {
    return `${this.#options.directory}/${segment.fileName}`;
  }
}
