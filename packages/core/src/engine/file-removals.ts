/**
 * Unlinks the files of segments that are gone, in the order in which they were to go.
 *
 *     asked for ─► everything appended before is durable ─► main and its manifest are ─► unlinked
 *
 * Invariants
 * 1. A file goes only after whatever took the place of what was in it is durable.
 * 2. A file of the lane goes only once a synced FRAME says that it had been durable: recovery tells
 *    by that a file that was removed from one that a power cut took.
 */

import type { HoldfastError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Batch } from './batch.ts';
import { Deferred } from './deferred.ts';
import { comparePositions, type LogPosition } from './frame.ts';
import type { MainFiles } from './main-files.ts';
import type { MainLog } from './main-log.ts';
import { closeFiles, type Segment } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { SegmentTable } from './segment-table.ts';
import type { YoungLog } from './young-log.ts';

export interface FileRemovalsOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly log: YoungLog;
  readonly main: MainLog;
  readonly segments: SegmentTable;
  readonly mainFiles: MainFiles;
}

interface Removal {
  readonly segments: readonly Segment[];
  /** The newest batch when it was asked for: that one has to be durable first. */
  after: Batch | undefined;
  readonly done: Deferred;
}

export class FileRemovals {
  /** The durable mark of the newest synced FRAME; `undefined` before there is one in this epoch. */
  syncedMark: LogPosition | undefined;
  readonly #options: FileRemovalsOptions;
  #waiting: Removal[] = [];

  constructor(options: FileRemovalsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves when the files are gone and the directory is synced. */
  add(segments: readonly Segment[]): Promise<void> {
    const done = new Deferred();
    this.#waiting.push({ segments, after: this.#options.log.newestBatch, done });
    return done.promise;
  }

  /** Whatever waits to go waits for everything appended so far as well. */
  postpone(): void {
    for (const removal of this.#waiting) removal.after = this.#options.log.newestBatch;
  }

  /** Does what is due. True if the rest needs another write and sync to become so. */
  async run(): Promise<boolean> {
    if (this.isEmpty) return false;
    const { log, main, mainFiles } = this.#options;
    // A power cut must not take a write whose copy stays.
    if (!main.areSourcesDurable) return true;
    const firstNotDue = this.#waiting.findIndex((removal) => !this.#isDue(removal));
    const due = firstNotDue === -1 ? [...this.#waiting] : this.#waiting.slice(0, firstNotDue);
    // What was copied out of them has to be there first, and has to count.
    if (due.length > 0) await mainFiles.commit(() => this.#mainStaying(due));
    for (const segment of due.flatMap(({ segments }) => segments)) await this.#unlink(segment);
    for (const { done } of due) done.resolve();
    this.#waiting = this.#waiting.slice(due.length);
    const next = this.#waiting[0];
    if (next === undefined) return false;
    if (next.after === undefined || next.after.state === 'durable') log.vouch();
    return true;
  }

  /** None of what waits will be done, for that reason. */
  reject(error: HoldfastError): void {
    for (const { done } of this.#waiting) done.reject(error);
  }

  async close(error: HoldfastError): Promise<void> {
    this.reject(error);
    for (const { segments } of this.#waiting) await closeFiles(segments);
  }

  async #unlink(segment: Segment): Promise<void> {
    const { fileSystem, directory, segments } = this.#options;
    const { file } = segment;
    segment.file = undefined;
    await file?.close();
    // A main segment may go before it was ever written.
    if (file !== undefined || !segment.isMain) {
      await fileSystem.remove(`${directory}/${segment.fileName}`);
      // One by one: a power cut that keeps an older file of the lane and takes a newer one would
      // look like damage.
      await fileSystem.syncDirectory(directory);
    }
    segments.dropMemory(segment);
  }

  /** Main segments whose records may still be needed until something else is durable. */
  #mainStaying(due: readonly Removal[]): Segment[] {
    const others = this.#waiting.filter((removal) => !due.includes(removal));
    return others.flatMap(({ segments }) => segments).filter(({ isMain }) => isMain);
  }

  #isDue({ segments, after }: Removal): boolean {
    if (after !== undefined && after.state !== 'durable') return false;
    return segments.every((segment) => segment.isMain || this.#isVouchedFor(segment));
  }

  #isVouchedFor({ header: { id } }: Segment): boolean {
    if (this.syncedMark === undefined) return false;
    if (id.epoch < this.#options.log.epoch) return true;
    const records = { number: id.number, offset: SEGMENT_HEADER_BYTES };
    return comparePositions(this.syncedMark, records) > 0;
  }
}
