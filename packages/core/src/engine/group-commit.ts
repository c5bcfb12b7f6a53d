/**
 * Writes and syncs the young log, one batch at a time, for all who wait.
 *
 *     set ─► open batch ─► closed (FRAME) ─► written ─► durable
 *                 │ sets made meanwhile         │           │
 *                 └ join the next batch         resolve     resolve
 *                                               'written'   'synced'
 *
 * Invariants
 * 1. Batches are written and become durable in order: a promise kept means every earlier one is.
 * 2. A durable batch's file is synced up to its end, and its name by a directory sync.
 * 3. After a failed sync, or a failed write other than for want of space, nothing is written any
 *    more: the store is poisoned, every waiter is told, and memory goes on serving reads.
 * 4. A write that found no space is tried again with the same bytes; whoever waited for it was told
 *    NO_SPACE.
 */

import { assert } from '../assert.ts';
import type { Durability } from '../backend/cache-backend.ts';
import { HoldfastError } from '../errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import { Deferred } from './deferred.ts';
import type { RecordMemory } from './record.ts';
import type { Segment } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { Batch, YoungLog } from './young-log.ts';

export interface GroupCommitOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly log: YoungLog;
  readonly flushIntervalMs: number;
  readonly syncIntervalMs: number;
  readonly onError: (error: HoldfastError) => void;
}

/** Files to unlink once everything appended before is durable. */
interface Removal {
  readonly segments: readonly Segment[];
  /** The newest batch when it was asked for: that one has to be durable first. */
  readonly after: Batch | undefined;
  readonly done: Deferred;
}

/**
 * A batch this large is written without waiting for more: it bounds the checksums one turn
 * computes.
 */
const BATCH_BYTES_MAX = 256 * 1024;
const RETRY_MS = 1_000;

const DONE: Promise<void> = Promise.resolve();

export class GroupCommit {
  /** Why nothing is accepted now: poisoned for good, or no space until a retry succeeds. */
  refusal: HoldfastError | undefined;
  bytesWritten = 0;
  writes = 0;
  syncs = 0;
  readonly #options: GroupCommitOptions;
  #flushTimer: Timer | undefined;
  #syncTimer: Timer | undefined;
  #retryTimer: Timer | undefined;
  #wantsWrite = false;
  #wantsSync = false;
  #running: Promise<void> | undefined;
  /** Taken from the log, in order; those not yet written, then those not yet durable. */
  #unwritten: Batch[] = [];
  #unsynced: Batch[] = [];
  #removals: Removal[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  get isPoisoned(): boolean {
    return this.refusal !== undefined && this.refusal.code !== 'NO_SPACE';
  }

  /**
   * To be called after every append. Resolves when everything appended so far has reached
   * `durability`.
   */
  appended(durability: Durability): Promise<void> {
    if (durability === 'buffered') {
      if (this.#options.log.openBatchBytes >= BATCH_BYTES_MAX) this.#demand(false);
      else this.#flushTimer ??= this.#startFlushTimer();
      return DONE;
    }
    return this.reach(durability);
  }

  /** Resolves when everything appended before has reached `durability`. */
  reach(durability: 'written' | 'synced'): Promise<void> {
    const batch = this.#options.log.newestBatch;
    if (batch === undefined || batch.state === 'durable') return DONE;
    if (durability === 'written' && batch.state === 'written') return DONE;
    if (this.refusal !== undefined && this.isPoisoned) return rejected(this.refusal);
    this.#demand(durability === 'synced');
    if (durability === 'synced') {
      batch.synced ??= new Deferred();
      return batch.synced.promise;
    }
    batch.written ??= new Deferred();
    return batch.written.promise;
  }

  /**
   * Writes the sealed segments from the oldest on, blocking, until one of them could lose its
   * memory: for a caller that fills memory without ever yielding. Returns that segment.
   */
  writeOldestNow(): Segment | undefined {
    const { log, fileSystem, directory } = this.#options;
    if (this.refusal !== undefined) return undefined;
    log.closeBatch();
    const segment = log.lane.find(
      (each) => each.isSealed && each.memory !== undefined && !each.isWritten && !each.isOpening,
    );
    if (segment === undefined) return undefined;
    try {
      segment.file ??= fileSystem.openSync(`${directory}/${segment.fileName}`, 'create');
      const { bytes } = segment.memory as RecordMemory;
      segment.file.writeSync(bytes.subarray(segment.writtenTo, segment.head), segment.writtenTo);
      this.bytesWritten += segment.head - segment.writtenTo;
      segment.writtenTo = segment.head;
    } catch (error) {
      // Not lost: the asynchronous path has these batches too, will fail likewise, and tells their
      // waiters.
      this.#options.onError(HoldfastError.from(error));
      return undefined;
    }
    return segment;
  }

  /** Writes and syncs everything, then stops the timers. */
  async close(): Promise<void> {
    try {
      await this.reach('synced');
    } finally {
      this.stop();
      await this.#running;
    }
  }

  stop(): void {
    this.#flushTimer?.cancel();
    this.#syncTimer?.cancel();
    this.#retryTimer?.cancel();
  }

  /** Resolves when no I/O is under way. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /**
   * Unlinks the files of segments that have left the lane, after everything appended so far is
   * durable: copies and the reason why they may go. Resolves when the directory is synced.
   */
  remove(segments: readonly Segment[]): Promise<void> {
    if (this.refusal !== undefined && this.isPoisoned) return rejected(this.refusal);
    const done = new Deferred();
    this.#removals.push({ segments, after: this.#options.log.newestBatch, done });
    this.#demand(true);
    return done.promise;
  }

  #startFlushTimer(): Timer {
    const { clock, flushIntervalMs } = this.#options;
    // In the foreground: a program that sets and ends has its data written first.
    return clock.startTimer(flushIntervalMs, 'foreground', () => {
      this.#flushTimer = undefined;
      this.#demand(false);
    });
  }

  #demand(sync: boolean): void {
    this.#wantsWrite = true;
    if (sync) this.#wantsSync = true;
    if (this.#running !== undefined || this.#retryTimer !== undefined) return;
    // One turn later, so that sets made together share the batch.
    this.#running = DONE.then(() => this.#run()).finally(() => {
      this.#running = undefined;
      if (this.#hasWork() && this.refusal === undefined) this.#demand(false);
    });
  }

  #hasWork(): boolean {
    return this.#wantsWrite || this.#wantsSync;
  }

  async #run(): Promise<void> {
    while (this.#hasWork() && !this.isPoisoned) {
      try {
        if (this.#wantsWrite) await this.#writeAll();
        if (this.#wantsSync) await this.#syncAll();
        await this.#removeReady();
      } catch (error) {
        this.#fail(HoldfastError.from(error));
        if (!this.isPoisoned) return;
      }
    }
  }

  async #writeAll(): Promise<void> {
    this.#wantsWrite = false;
    this.#flushTimer?.cancel();
    this.#flushTimer = undefined;
    const { log } = this.#options;
    log.closeBatch();
    this.#unwritten.push(...log.closed);
    log.closed = [];
    while (this.#unwritten.length > 0) {
      const { segment } = this.#unwritten[0] as Batch;
      const others = this.#unwritten.findIndex((batch) => batch.segment !== segment);
      const count = others === -1 ? this.#unwritten.length : others;
      await this.#write(segment, (this.#unwritten[count - 1] as Batch).end);
      this.refusal = undefined;
      for (const batch of this.#unwritten.splice(0, count)) {
        batch.state = 'written';
        batch.written?.resolve();
        this.#unsynced.push(batch);
      }
    }
    this.#syncTimer ??= this.#startSyncTimer();
  }

  #startSyncTimer(): Timer {
    const { clock, syncIntervalMs } = this.#options;
    return clock.startTimer(syncIntervalMs, 'background', () => {
      this.#syncTimer = undefined;
      this.#demand(true);
    });
  }

  async #write(segment: Segment, end: number): Promise<void> {
    const { memory, writtenTo } = segment;
    // Everything up to `end` may have been written by `writeOldestNow` meanwhile.
    if (end <= writtenTo || memory === undefined) return;
    const file = await this.#open(segment);
    await file.write(memory.bytes.subarray(writtenTo, end), writtenTo);
    this.writes++;
    this.bytesWritten += end - writtenTo;
    segment.writtenTo = Math.max(segment.writtenTo, end);
  }

  async #open(segment: Segment): Promise<OpenFile> {
    if (segment.file !== undefined) return segment.file;
    const { fileSystem, directory } = this.#options;
    segment.isOpening = true;
    try {
      segment.file = await fileSystem.open(`${directory}/${segment.fileName}`, 'create');
    } finally {
      segment.isOpening = false;
    }
    return segment.file;
  }

  /** A sync asked for during a write was meant for batches that are still to be written. */
  #isSyncAwaited(): boolean {
    const pending = this.#options.log.pendingBatches();
    const isPending = (batch: Batch | undefined) => batch !== undefined && pending.includes(batch);
    return (
      pending.some((batch) => batch.synced !== undefined) ||
      this.#removals.some(({ after }) => isPending(after))
    );
  }

  async #syncAll(): Promise<void> {
    this.#wantsSync = this.#isSyncAwaited();
    this.#syncTimer?.cancel();
    this.#syncTimer = undefined;
    const batches = this.#unsynced;
    const last = batches[batches.length - 1];
    if (last === undefined) return;
    this.#unsynced = [];
    const segments = new Set(batches.map((batch) => batch.segment));
    try {
      for (const segment of segments) await this.#sync(segment, batches);
      if ([...segments].some((segment) => !segment.isNamed)) {
        await this.#options.fileSystem.syncDirectory(this.#options.directory);
        for (const segment of segments) segment.isNamed = true;
      }
    } catch (error) {
      this.#unsynced = batches.concat(this.#unsynced);
      throw poisonedBy(HoldfastError.from(error));
    }
    this.#options.log.durable = { number: last.segment.header.id.number, offset: last.end };
    for (const batch of batches) {
      batch.state = 'durable';
      batch.synced?.resolve();
    }
  }

  async #sync(segment: Segment, batches: readonly Batch[]): Promise<void> {
    const end = batches.findLast((batch) => batch.segment === segment)?.end ?? 0;
    assert(end > SEGMENT_HEADER_BYTES, 'a batch ends inside the header');
    // A segment that left the lane meanwhile has closed its file: nothing of it is needed any more.
    if (segment.file === undefined) return;
    await segment.file.datasync();
    this.syncs++;
    segment.durableTo = Math.max(segment.durableTo, end);
  }

  /** A removal asked for during the sync before this has to wait for the next one. */
  async #removeReady(): Promise<void> {
    const { fileSystem, directory } = this.#options;
    const isReady = ({ after }: Removal): boolean =>
      after === undefined || after.state === 'durable';
    const removals = this.#removals.filter(isReady);
    if (removals.length === 0) return;
    this.#removals = this.#removals.filter((removal) => !isReady(removal));
    try {
      for (const segment of removals.flatMap((removal) => removal.segments)) {
        const { file } = segment;
        segment.file = undefined;
        await file?.close();
        await fileSystem.remove(`${directory}/${segment.fileName}`);
      }
      await fileSystem.syncDirectory(directory);
    } catch (error) {
      for (const removal of removals) removal.done.reject(HoldfastError.from(error));
      throw error;
    }
    for (const removal of removals) removal.done.resolve();
  }

  #fail(error: HoldfastError): void {
    this.refusal = error.code === 'NO_SPACE' ? error : poisonedBy(error);
    // Batches still in the log as well: after a poisoning nothing will ever take them from there.
    const waiting = [...this.#unwritten, ...this.#unsynced, ...this.#options.log.pendingBatches()];
    for (const batch of waiting) {
      batch.written?.reject(this.refusal);
      batch.synced?.reject(this.refusal);
      batch.written = undefined;
      batch.synced = undefined;
    }
    for (const removal of this.#removals) removal.done.reject(this.refusal);
    this.#removals = [];
    this.#options.onError(this.refusal);
    if (this.isPoisoned) return;
    this.#retryTimer = this.#options.clock.startTimer(RETRY_MS, 'background', () => {
      this.#retryTimer = undefined;
      this.#demand(false);
    });
  }
}

function poisonedBy(error: HoldfastError): HoldfastError {
  if (error.code === 'READ_ONLY') return error;
  return new HoldfastError('READ_ONLY', 'the store stopped writing after a failure', {
    cause: error,
  });
}

function rejected(error: HoldfastError): Promise<never> {
  const promise = Promise.reject(error);
  // The caller may not be waiting; `onError` has heard of it.
  promise.catch(() => {});
  return promise;
}
