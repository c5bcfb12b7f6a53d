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
 * 3. After a failed sync, or a failed write other than for want of space, that file is not trusted:
 *    what is not durable is written to other files, and its waiters go on waiting.
 * 4. After three failures in a row nothing is written any more: the store is poisoned, every waiter
 *    is told, and memory goes on serving reads.
 * 5. A full disk is made room on; only if that cannot be done, those who wait are told. A write
 *    that found no space is tried again with the same bytes; whoever waited for it was told
 *    NO_SPACE.
 */

import { assert } from '../assert.ts';
import type { Durability } from '../backend/cache-backend.ts';
import { HoldfastError } from '../errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { type Batch, becomeDurable, refuse } from './batch.ts';
import { Deferred, rejected } from './deferred.ts';
import { FileRemovals, type FileRemovalsOptions } from './file-removals.ts';
import type { IoCounters } from './io-counters.ts';
import { LaneRewrite } from './lane-rewrite.ts';
import { poisonedBy } from './poison.ts';
import type { Segment } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { SegmentWrites } from './segment-writes.ts';

export interface GroupCommitOptions extends FileRemovalsOptions {
  readonly clock: Clock;
  readonly counters: IoCounters;
  readonly writes: SegmentWrites;
  readonly flushIntervalMs: number;
  readonly syncIntervalMs: number;
  readonly onError: (error: HoldfastError) => void;
}

/**
 * A batch this large is written without waiting for more: it bounds the checksums one turn
 * computes.
 */
const BATCH_BYTES_MAX = 256 * 1024;
const RETRY_MS = 1_000;

/** A disk that has failed so often without a success in between will not recover by itself. */
const FAILURES_MAX = 3;

/** A lane of more segments has a manifest, so that a full disk can let some of them go. */
const ALONE_MAX = 2;

const DONE: Promise<void> = Promise.resolve();

export class GroupCommit {
  /** Why nothing is accepted now: poisoned for good, or no space until a retry succeeds. */
  refusal: HoldfastError | undefined;
  /** Called when the disk is full; false if nothing can be done about it. */
  makeRoom: (isLaneMoving: boolean) => Promise<boolean> = async () => false;
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
  readonly #removals: FileRemovals;
  readonly #rewrite: LaneRewrite;
  /** What is not durable has to be written to other files. */
  #isDistrusted = false;
  /** Since anything went well. */
  #failures = 0;
  #isStopped = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#removals = new FileRemovals(options);
    this.#rewrite = new LaneRewrite(options);
  }

  get isPoisoned(): boolean {
    return this.refusal !== undefined && this.refusal.code !== 'NO_SPACE';
  }

  /** Segments that have left, and whose files wait to go, in their order. */
  get waiting(): readonly Segment[] {
    return this.#removals.segments;
  }

  /** While files of segments that have left the lane could still be found by another opening. */
  get isRemoving(): boolean {
    return !this.#removals.isEmpty;
  }

  /**
   * To be called after every append. Resolves when everything appended so far has reached
   * `durability`.
   */
  appended(durability: Durability): Promise<void> {
    if (durability === 'buffered') {
      if (this.#options.log.pendingBytes >= BATCH_BYTES_MAX) this.#demand(false);
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
    if (this.refusal !== undefined) return rejected(this.refusal);
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
    const { log, writes } = this.#options;
    if (this.refusal !== undefined || this.#isDistrusted) return undefined;
    log.closeBatch();
    const segment = log.lane.find((each) => each.isToBeWritten);
    if (segment === undefined) return undefined;
    try {
      writes.writeNow(segment);
    } catch (error) {
      // Not lost: the asynchronous path has these batches too, and tells their waiters.
      const failure = HoldfastError.from(error);
      if (failure.code !== 'NO_SPACE') this.#isDistrusted = true;
      this.#options.onError(failure);
      this.#demand(false);
      return undefined;
    }
    return segment;
  }

  /** Writes and syncs everything, then stops the timers. */
  async close(): Promise<void> {
    // A full disk gets its last chance now rather than when the timer says so.
    if (!this.isPoisoned) this.refusal = undefined;
    this.#retryTimer?.cancel();
    this.#retryTimer = undefined;
    try {
      await this.reach('synced');
    } finally {
      this.stop();
      await this.idle();
      await this.#removals.close(
        this.refusal ?? new HoldfastError('CLOSED', 'the store was closed before'),
      );
    }
  }

  stop(): void {
    this.#isStopped = true;
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
    const done = this.#removals.add(segments);
    if (this.refusal !== undefined && this.isPoisoned) this.#removals.reject(this.refusal);
    else this.#demand(true);
    return done;
  }

  /**
   * As `remove`, for everything there is: removals that wait already wait for the same. What they
   * were made for is among what goes now.
   */
  removeEverything(segments: readonly Segment[]): Promise<void> {
    this.#removals.postpone();
    return this.remove(segments);
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
    const { mainFiles } = this.#options;
    while (this.#hasWork() && !this.isPoisoned) {
      // A sync asked for during the write is for batches that this round does not write.
      const syncs = this.#wantsSync;
      this.#wantsSync = false;
      try {
        if (this.#isDistrusted) await this.#rewriteAll();
        if (this.#wantsWrite) await this.#writeAll();
        if (syncs) await this.#syncAll();
        if (this.#options.log.lane.length > ALONE_MAX) await mainFiles.ensureManifest();
        if (await this.#removals.run()) {
          this.#wantsWrite = true;
          this.#wantsSync = true;
        }
        // There is space again: only NO_SPACE comes this far.
        this.refusal = undefined;
        this.#failures = 0;
      } catch (error) {
        this.#wantsWrite = true;
        if (syncs) this.#wantsSync = true;
        if (!(await this.#mayTryAgain(HoldfastError.from(error)))) return;
      }
    }
  }

  async #rewriteAll(): Promise<void> {
    this.#unwritten.push(...this.#options.log.takeBatches());
    const batches = [...this.#unsynced, ...this.#unwritten];
    this.#unsynced = [];
    this.#unwritten = batches;
    if (batches.length > 0) await this.#rewrite.run(batches);
    this.#unwritten = this.#unwritten.slice(batches.length);
    this.#isDistrusted = false;
    this.#durable(batches);
  }

  async #writeAll(): Promise<void> {
    this.#wantsWrite = false;
    this.#flushTimer?.cancel();
    this.#flushTimer = undefined;
    const { log } = this.#options;
    this.#unwritten.push(...log.takeBatches());
    while (this.#unwritten.length > 0) {
      const { segment } = this.#unwritten[0] as Batch;
      const others = this.#unwritten.findIndex((batch) => batch.segment !== segment);
      const count = others === -1 ? this.#unwritten.length : others;
      await this.#write(segment, (this.#unwritten[count - 1] as Batch).end);
      for (const batch of this.#unwritten.splice(0, count)) {
        batch.state = 'written';
        batch.written?.resolve();
        this.#unsynced.push(batch);
      }
    }
    if (!this.#isStopped) this.#syncTimer ??= this.#startSyncTimer();
  }

  #startSyncTimer(): Timer {
    const { clock, syncIntervalMs } = this.#options;
    return clock.startTimer(syncIntervalMs, 'background', () => {
      this.#syncTimer = undefined;
      this.#demand(true);
    });
  }

  async #write(segment: Segment, end: number): Promise<void> {
    try {
      await this.#options.writes.write(segment, end);
    } catch (error) {
      // What found no space can be written again where it was to go.
      if (HoldfastError.from(error).code !== 'NO_SPACE') this.#isDistrusted = true;
      throw error;
    }
  }

  async #syncAll(): Promise<void> {
    this.#syncTimer?.cancel();
    this.#syncTimer = undefined;
    const batches = this.#unsynced;
    if (batches.length === 0) return;
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
      this.#isDistrusted = true;
      throw error;
    }
    this.#durable(batches);
  }

  #durable(batches: readonly Batch[]): void {
    const last = batches.at(-1);
    if (last === undefined) return;
    this.#options.log.durable = { number: last.segment.header.id.number, offset: last.end };
    for (const batch of batches) becomeDurable(batch);
  }

  async #sync(segment: Segment, batches: readonly Batch[]): Promise<void> {
    const end = batches.findLast((batch) => batch.segment === segment)?.end ?? 0;
    assert(end > SEGMENT_HEADER_BYTES, 'a batch ends inside the header');
    assert(segment.file !== undefined, 'a written batch has no file');
    await segment.file.datasync();
    this.#options.counters.syncs++;
    segment.durableTo = Math.max(segment.durableTo, end);
  }

  /** False if everybody who waits was told instead. */
  async #mayTryAgain(error: HoldfastError): Promise<boolean> {
    if (error.code === 'NO_SPACE' && !this.#isStopped && (await this.#makeRoom())) return true;
    if (error.code !== 'NO_SPACE' && ++this.#failures < FAILURES_MAX) {
      this.#options.onError(error);
      return true;
    }
    this.#fail(error);
    return false;
  }

  async #makeRoom(): Promise<boolean> {
    const { onError } = this.#options;
    try {
      // Only what is durable may go, or have something go for it; that takes no space.
      if (!this.#isDistrusted) {
        await this.#syncAll();
        const count = this.waiting.length;
        await this.#removals.run();
        if (this.waiting.length < count) return true;
      }
    } catch (error) {
      const failure = HoldfastError.from(error);
      if (failure.code !== 'NO_SPACE') onError(failure);
    }
    return this.makeRoom(this.#isDistrusted).catch((error: unknown) => {
      // Without it the disk is as full as before.
      onError(HoldfastError.from(error));
      return false;
    });
  }

  #fail(error: HoldfastError): void {
    this.refusal = error.code === 'NO_SPACE' ? error : poisonedBy(error);
    // Batches still in the log as well: after a poisoning nothing will ever take them from there.
    const waiting = [...this.#unwritten, ...this.#unsynced, ...this.#options.log.pendingBatches()];
    for (const batch of waiting) refuse(batch, this.refusal);
    if (this.isPoisoned) this.#removals.reject(this.refusal);
    this.#options.onError(this.refusal);
    // A removal may fail after the closing has stopped: nobody is there to try again.
    if (this.isPoisoned || this.#isStopped) return;
    this.#retryTimer = this.#options.clock.startTimer(RETRY_MS, 'background', () => {
      this.#retryTimer = undefined;
      this.#demand(false);
    });
  }
}
