/**
 * Unlinks the files of segments that are gone, in the order in which they were to go.
 *
 *     asked for ─► everything appended before is durable ─► main and its manifest are ─► unlinked
 *
 * Invariants
 * 1. A file goes only after whatever took the place of what was in it is durable.
 * 2. A file goes only once the manifest does not count it any more: which of the unlinked files a
 *    power cut brings back does not matter then.
 */

import type { HoldfastError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Batch } from './batch.ts';
import { Deferred } from './deferred.ts';
import type { MainFiles } from './main-files.ts';
import type { MainLog } from './main-log.ts';
import { closeFiles, type Segment } from './segment.ts';
import { type FileId, NO_FILE } from './segment-header.ts';
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
  readonly #options: FileRemovalsOptions;
  #waiting: Removal[] = [];

  constructor(options: FileRemovalsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Segments that have left, and whose files still count, in the order in which they will go. */
  get segments(): readonly Segment[] {
    return this.#waiting.flatMap(({ segments }) => segments).filter(({ isGone }) => !isGone);
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
    const { log, main, mainFiles, fileSystem, directory } = this.#options;
    // A power cut must not take a write whose copy stays.
    if (!main.areSourcesDurable) return true;
    const firstNotDue = this.#waiting.findIndex(({ after }) => !isDurable(after));
    const due = firstNotDue === -1 ? [...this.#waiting] : this.#waiting.slice(0, firstNotDue);
    if (due.length === 0) return true;
    const leaving = due.flatMap(({ segments }) => segments);
    // What was copied out of them has to be there first, and has to count.
    const { number, offset: length } = log.durable;
    await mainFiles.commit(() => this.#mainStaying(due), {
      laneStart: this.#laneStart(due),
      laneDurable: { id: { epoch: number === 0 ? 0 : log.epoch, number }, length },
    });
    for (const segment of leaving) await this.#unlink(segment);
    await fileSystem.syncDirectory(directory);
    for (const { done } of due) done.resolve();
    this.#waiting = this.#waiting.slice(due.length);
    return !this.isEmpty;
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
    // A main segment may go before it was ever written; a name that is not there is fine.
    await fileSystem.remove(`${directory}/${segment.fileName}`);
    segments.dropMemory(segment);
  }

  /** The oldest young file that stays. */
  #laneStart(due: readonly Removal[]): FileId {
    const waiting = this.#staying(due).find(({ isMain }) => !isMain);
    return (waiting ?? this.#options.log.lane[0])?.header.id ?? NO_FILE;
  }

  /** Main segments whose records may still be needed until something else is durable. */
  #mainStaying(due: readonly Removal[]): Segment[] {
    return this.#staying(due).filter(({ isMain }) => isMain);
  }

  #staying(due: readonly Removal[]): Segment[] {
    const staying = this.#waiting.filter((each) => !due.includes(each));
    return staying.flatMap(({ segments }) => segments).filter(({ isGone }) => !isGone);
  }
}

function isDurable(batch: Batch | undefined): boolean {
  return batch === undefined || batch.state === 'durable';
}
