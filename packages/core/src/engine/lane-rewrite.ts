/**
 * Writes the end of the young lane again, to other files, after a write or a sync of it has failed.
 * Everything from the first segment that is not durable on moves, since files name the one before.
 *
 *     before   [1: durable] [2: durable │ not trusted] [3: not trusted]
 *     after    [1: durable] ◄─ [4: all of 2] ◄─ [5: all of 3]            2 and 3 are unlinked
 *
 * Invariants
 * 1. The header of the first new file is written last, when all the rest is durable. Without it,
 *    nothing of the new files counts; with it, links skip the old ones. So there is no moment at
 *    which a killed process, or a power cut, has neither.
 * 2. Old files are unlinked after that. What a failed attempt has left never counts.
 */

import { assert } from '../assert.ts';
import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { Batch } from './batch.ts';
import type { IoCounters } from './io-counters.ts';
import { OldFiles } from './old-files.ts';
import type { Segment } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { YoungLog } from './young-log.ts';

export interface LaneRewriteOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly log: YoungLog;
  readonly counters: IoCounters;
}

/** A segment, and where its last batch ends that moves with it. */
type Moving = Map<Segment, number>;

export class LaneRewrite {
  readonly #options: LaneRewriteOptions;
  readonly #oldFiles: OldFiles;

  constructor(options: LaneRewriteOptions) {
    this.#options = options;
    this.#oldFiles = new OldFiles(options.fileSystem, options.directory);
  }

  /**
   * Makes batches durable in new files: all that are not, in their order. If that fails, it can be
   * called again.
   */
  async run(batches: readonly Batch[]): Promise<void> {
    const moving: Moving = new Map(batches.map(({ segment, end }) => [segment, end]));
    const segments = [...moving.keys()];
    // All in the turn in which the batches were taken: a later segment follows the new files.
    for (const segment of segments) this.#options.log.restoreMemory(segment);
    for (const segment of segments) this.#oldFiles.keep(segment);
    this.#options.log.renew(segments);
    for (const segment of segments) segment.isWriting = true;
    try {
      await this.#write(moving);
    } catch (error) {
      await this.#oldFiles.abandon(segments);
      throw error;
    } finally {
      for (const segment of segments) segment.isWriting = false;
    }
    for (const [segment, end] of moving) {
      segment.writtenTo = end;
      segment.durableTo = end;
      segment.isNamed = true;
    }
    await this.#oldFiles.drop();
  }

  async #write(moving: Moving): Promise<void> {
    const { fileSystem, directory } = this.#options;
    let first: { readonly file: OpenFile; readonly header: Uint8Array } | undefined;
    for (const [segment, end] of moving) {
      assert(segment.file === undefined, 'a segment that moves still has its old file');
      const file = await fileSystem.open(`${directory}/${segment.fileName}`, 'create');
      segment.file = file;
      const start = first === undefined ? SEGMENT_HEADER_BYTES : 0;
      first ??= { file, header: segment.bytesOnDisk(0, SEGMENT_HEADER_BYTES) };
      await this.#put(file, segment.bytesOnDisk(start, end), start);
      await this.#sync(file);
      this.#options.counters.rewrites++;
    }
    await fileSystem.syncDirectory(directory);
    assert(first !== undefined, 'a lane is rewritten for nothing');
    await this.#put(first.file, first.header, 0);
    await this.#sync(first.file);
  }

  async #put(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
    await file.write(bytes, position);
    this.#options.counters.writes++;
    this.#options.counters.bytesWritten += bytes.length;
  }

  async #sync(file: OpenFile): Promise<void> {
    await file.datasync();
    this.#options.counters.syncs++;
  }
}
