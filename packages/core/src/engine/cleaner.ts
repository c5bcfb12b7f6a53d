/**
 * Keeps the store within its bounds: says which segment is reclaimed next, and how.
 *
 *     a main segment has expired       it goes as a whole
 *     half of young, or of a main      its live records are copied to main
 *       segment, is dead
 *     bytes near the limit             the oldest of young or main goes; what was read since it was
 *                                      written is copied to main, the rest is evicted
 *
 * Young is the small queue of S3-FIFO (Yang et al., SOSP 2023): while it has more than a tenth of
 * the bytes it gives way first, then main does. Of young only the oldest segment ever goes.
 *
 * A reclaim is done in slices, so that no turn is long; over the limit it is finished at once.
 */

import { isExpired } from '../expiry/expiry.ts';
import { EXPIRY_TICK_MS } from '../expiry/expiry-counter.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Bounds } from './bounds.ts';
import type { Crc32 } from './crc32.ts';
import type { Floors } from './floors.ts';
import { Ghosts } from './ghosts.ts';
import type { GroupCommit } from './group-commit.ts';
import type { KeyEncoder } from './key-encoder.ts';
import type { KeyPrefix } from './key-prefix.ts';
import type { MainLog } from './main-log.ts';
import type { MemoryLimit } from './memory-limit.ts';
import { type Readable, readableOf } from './readable.ts';
import { type Keeping, Reclaim, type ReclaimCounters, type ReclaimTools } from './reclaim.ts';
import type { RecordTable } from './record-table.ts';
import type { RemovalListener } from './removal-listener.ts';
import { rivalOf } from './rival.ts';
import type { Segment } from './segment.ts';
import type { SegmentTable } from './segment-table.ts';
import type { EngineSettings } from './settings.ts';
import type { StoreClock } from './store-clock.ts';
import type { YoungLog } from './young-log.ts';

/** Cleaning starts when this share of the records is dead, and not below this many segments. */
const DEAD_SHARE_MAX = 0.5;
const CLEAN_SEGMENTS_MIN = 2;

/** So many segments more than bytes would fill are merged: openings leave short ones behind. */
const PIECES_MAX = 16;
const MERGES_PER_INTERVAL = 64;

/** What young may have of the limit while main has anything to give: the small queue of S3-FIFO. */
const YOUNG_SHARE = 0.1;

/** Records looked at in one turn, and how long: it is the time while the code is not compiled. */
const SLICE_RECORDS = 1_024;
const SLICE_MS = 1;
/** Between two looks at the limit and the time. */
const STEP_RECORDS = 256;

/** Segments that go as a whole in one turn. */
const DROPS_MAX = 16;

export interface CleanerOptions {
  readonly young: YoungLog;
  readonly main: MainLog;
  readonly segments: SegmentTable;
  readonly table: RecordTable;
  /** One of its own: cleaning may happen while another one holds a caller's key. */
  readonly keys: KeyEncoder;
  readonly keyPrefix: KeyPrefix;
  readonly clock: StoreClock;
  readonly timers: Clock;
  readonly commit: GroupCommit | undefined;
  readonly memoryLimit: MemoryLimit;
  readonly bounds: Bounds;
  readonly settings: EngineSettings;
  readonly segmentBytes: number;
  readonly crc32: Crc32;
  readonly floors: Floors;
}

export class Cleaner {
  readonly counters: ReclaimCounters = {
    evictions: 0,
    evictionsUnread: 0,
    expirations: 0,
    relocations: 0,
  };
  /** Segments that are to go next, whatever is in them, in this order (see `compact`). */
  wanted: Segment[] = [];
  /** Told of every record that goes by itself; `undefined` = nobody listens. */
  removalListener: RemovalListener | undefined;
  readonly #options: CleanerOptions;
  #ghosts: Ghosts | undefined;
  #reclaim: Reclaim | undefined;
  #nextSlice: Timer | undefined;
  #isCleaning = false;
  #mergesLeft = MERGES_PER_INTERVAL;

  constructor(options: CleanerOptions) {
    this.#options = options;
  }

  /** The keys evicted last; `undefined` before anything was. */
  get ghosts(): Ghosts | undefined {
    return this.#ghosts;
  }

  /** To be called once a cleanup interval. */
  cleanRegularly(): void {
    this.#mergesLeft = MERGES_PER_INTERVAL;
    this.#options.bounds.raise();
    this.clean();
  }

  /** To be called whenever a segment was opened. */
  clean(): void {
    if (this.#isCleaning) return;
    this.#isCleaning = true;
    try {
      this.#options.main.sealStale();
      const isDone = this.#dropDead() && this.#slice();
      this.#options.memoryLimit.enforce();
      this.#options.table.sweep(this.#reclaim !== undefined);
      // Last: a timer that is due by the time this returns may be served in the same turn.
      if (!isDone) this.#continueSoon();
    } finally {
      this.#isCleaning = false;
    }
  }

  /** Gives up what is under way: everything it is about is about to go. */
  cancel(): void {
    if (this.#reclaim !== undefined) this.#reclaim.segment.isReclaiming = false;
    this.#reclaim = undefined;
    this.wanted = [];
  }

  /** Drops the main segments that have nothing from that sequence on: all in them is gone. */
  dropMainBelow(sequence: number): void {
    const { main, table, clock } = this.#options;
    for (const segment of main.segments.filter(({ sequenceMax }) => sequenceMax < sequence)) {
      table.leave(segment, false, clock.nowMs());
      this.#remove(segment);
    }
  }

  stop(): void {
    this.#nextSlice?.cancel();
    this.cancel();
  }

  /** False if there is more to do than one turn should take. */
  #slice(): boolean {
    const { timers, bounds } = this.#options;
    const endMs = timers.monotonicMs() + SLICE_MS;
    let left = SLICE_RECORDS;
    while (this.#reclaim !== undefined || this.#begin()) {
      const isLong = left <= 0 || timers.monotonicMs() >= endMs;
      if (isLong && !bounds.isFarOver) return false;
      if (this.#reclaim?.step(STEP_RECORDS)) this.#finish(this.#reclaim);
      left -= STEP_RECORDS;
    }
    return true;
  }

  #continueSoon(): void {
    this.#nextSlice ??= this.#options.timers.startTimer(0, 'background', () => {
      this.#nextSlice = undefined;
      this.clean();
    });
  }

  /** Starts with the next segment there is a reason for; false if there is none. */
  #begin(): boolean {
    if (this.#options.commit?.isPoisoned) return false;
    const { young, main } = this.#options;
    const first = main.segments.find(({ goesFirst }) => goesFirst);
    if (first !== undefined) return this.#isReclaimable(first) && this.#start(first, 'all');
    const wanted = this.#nextWanted();
    if (wanted !== undefined) return this.#start(wanted, 'all');
    const oldest = this.#oldestYoung();
    const leftOver = this.hasEarlierYoung ? oldest : undefined;
    const nowMs = this.#options.clock.nowMs();
    const dead = [...(oldest === undefined ? [] : [oldest]), ...main.segments].find(
      (each) => isDead(each, nowMs) && this.#isReclaimable(each),
    );
    if (dead !== undefined) return this.#start(dead, 'all');
    if (this.#options.bounds.isTight) {
      const youngMax = this.#options.bounds.limit * YOUNG_SHARE;
      const victim = leftOver === undefined ? this.#oldestMain() : undefined;
      if (oldest !== undefined && (young.bytes > youngMax || victim === undefined)) {
        return this.#beginYoung(oldest, 'hot');
      }
      return victim !== undefined && this.#start(victim, 'hot');
    }
    const isDue = (each: Segment): boolean =>
      each.isOutdated || this.#isMostlyDead() || this.#mayMerge(young.lane);
    if (oldest !== undefined && isDue(oldest)) return this.#beginYoung(oldest, 'all');
    const sealed = main.segments.filter((segment) => this.#isReclaimable(segment));
    const victim =
      sealed.find((segment) => segment.isOutdated || this.#isHalfDead(segment)) ??
      (this.#mayMerge(sealed) ? smallestOf(sealed) : undefined);
    if (victim === undefined) return false;
    return leftOver === undefined ? this.#start(victim, 'all') : this.#beginYoung(leftOver, 'all');
  }

  #nextWanted(): Segment | undefined {
    const { slots } = this.#options.segments;
    this.wanted = this.wanted.filter((each) => slots[each.tableSlot] === each);
    const next = this.wanted[0];
    if (next === undefined || !this.#isReclaimable(next)) return undefined;
    return next.isMain || next === this.#oldestYoung() ? next : undefined;
  }

  #beginYoung(oldest: Segment, keeping: Keeping): boolean {
    const { commit } = this.#options;
    if (commit !== undefined && !oldest.isWritten && !oldest.isWriting) {
      // A program that sets without ever yielding must not outgrow its limits while one write is
      // under way. What nobody writes is written here, so that its memory is free as well.
      if (!this.#options.bounds.isOver || commit.writeOldestNow() === undefined) return false;
    }
    return this.#start(oldest, keeping);
  }

  #start(segment: Segment, keeping: Keeping): boolean {
    const { crc32, settings, main, clock } = this.#options;
    const readable = readableOf(segment, crc32, settings.onError);
    const rival = rivalOf(segment, readable, main, clock.nowMs());
    if (rival === undefined) return this.#startWith(segment, keeping, readable);
    return this.#startWith(rival, 'all', readableOf(rival, crc32, settings.onError));
  }

  #startWith(segment: Segment, keeping: Keeping, readable: Readable): boolean {
    segment.isReclaiming = true;
    this.#reclaim = new Reclaim(this.#tools(), segment, keeping, readable);
    return true;
  }

  #tools(): ReclaimTools {
    const { table, keys, keyPrefix, clock, main, floors } = this.#options;
    return {
      ...{ table, keys, keyPrefix, clock, main, floors },
      counters: this.counters,
      ghosts: () => this.#makeGhosts(),
      listener: this.removalListener,
    };
  }

  /** Evicts all of a segment whose file does not count any more, if it is still there. */
  evict(segment: Segment): void {
    const { young, main, crc32, settings } = this.#options;
    if (segment !== young.lane[0] && !main.segments.includes(segment)) return;
    const readable = readableOf(segment, crc32, settings.onError);
    const reclaim = new Reclaim(this.#tools(), segment, 'none', readable);
    while (!reclaim.step(STEP_RECORDS));
    if (segment.isMain) main.remove(segment);
    else young.removeOldest();
  }

  #makeGhosts(): Ghosts {
    this.#ghosts ??= new Ghosts(this.#options.table.liveCount);
    return this.#ghosts;
  }

  /**
   * True while young files of an earlier opening are left: a crash may have come between copying
   * their records to main, or leaving tombstones for them there, and unlinking them (rule N7).
   */
  get hasEarlierYoung(): boolean {
    const { young } = this.#options;
    const oldest = young.lane[0];
    return oldest !== undefined && oldest.header.id.epoch < young.epoch;
  }

  #finish({ segment }: Reclaim): void {
    this.#reclaim = undefined;
    segment.isReclaiming = false;
    this.#remove(segment);
  }

  #remove(segment: Segment): void {
    const { young, main, commit } = this.#options;
    if (segment.isMain) {
      // It has to be written all the same (see `MainFiles`): now, and its memory is free.
      if (commit !== undefined) this.#options.memoryLimit.write(segment);
      main.remove(segment);
    } else young.removeOldest();
    // A failed removal has poisoned the store and was reported; the file is found again at the next
    // opening.
    commit?.remove([segment]).catch(() => {});
  }

  /**
   * Segments that hold nothing anybody needs go without a look at their records; false if there are
   * more of them than one turn should take.
   */
  #dropDead(): boolean {
    const { main, commit, bounds } = this.#options;
    if (commit?.isPoisoned) return true;
    const nowMs = this.#options.clock.nowMs();
    let left = DROPS_MAX;
    for (;;) {
      const oldest = this.#oldestYoung();
      if (oldest === undefined || !this.#isDroppable(oldest, nowMs)) break;
      if (left-- <= 0 && !bounds.isFarOver) return false;
      this.#dropWhole(oldest);
    }
    // A tombstone may end before the record it holds back, where a crash has left that behind.
    if (main.segments.some(({ goesFirst }) => goesFirst)) return true;
    for (const segment of main.segments.filter((each) => this.#isDroppable(each, nowMs))) {
      if (left-- <= 0 && !bounds.isFarOver) return false;
      this.#dropWhole(segment);
    }
    return true;
  }

  /** Who listens has to be told of each record: then even dead segments are gone through. */
  #isDroppable(segment: Segment, nowMs: number): boolean {
    const isSilent = this.removalListener === undefined || segment.liveCount === 0;
    return isSilent && isDead(segment, nowMs) && this.#isReclaimable(segment);
  }

  #dropWhole(segment: Segment): void {
    this.counters.expirations += segment.liveCount;
    this.#options.table.leave(segment, true, this.#options.clock.nowMs());
    this.#remove(segment);
  }

  /** The oldest young segment, if it may go. */
  #oldestYoung(): Segment | undefined {
    const { lane } = this.#options.young;
    const oldest = lane[0];
    // The newest file stays: a lane that is gone altogether would look like one that was lost.
    if (this.#options.commit !== undefined && lane.length === 1) return undefined;
    return oldest?.isSealed && !oldest.isReclaiming ? oldest : undefined;
  }

  /** The oldest main segment that may go, and would leave less than it takes. */
  #oldestMain(): Segment | undefined {
    const { main } = this.#options;
    const find = (): Segment | undefined =>
      main.segments.find(
        (each) => this.#isReclaimable(each) && this.#neededTombstones(each) < each.recordCount,
      );
    return find() ?? (main.sealOldest() ? find() : undefined);
  }

  /** What it holds is where it belongs; the file of another one may be unlinked for it. */
  #isReclaimable(segment: Segment): boolean {
    if (!segment.isSealed || segment.isReclaiming) return false;
    // Of a main segment that is not durable yet the sources are still there.
    return segment.isMain ? !segment.isWriting : this.#isStored(segment);
  }

  #isStored(segment: Segment): boolean {
    return this.#options.commit === undefined || segment.isWritten;
  }

  /** Most of its records are dead, and not tombstones that are still needed. */
  #isHalfDead(segment: Segment): boolean {
    const { recordCount, liveCount } = segment;
    const dead = recordCount - liveCount - this.#neededTombstones(segment);
    return dead > recordCount * DEAD_SHARE_MAX;
  }

  /** Tombstones that something older in main may still have to be hidden by: they go nowhere. */
  #neededTombstones({ tombstoneCount, untilMs, sequenceMax }: Segment): number {
    const { main, clock } = this.#options;
    if (tombstoneCount === 0 || isExpired(untilMs, clock.nowMs())) return 0;
    return main.valueSequenceMin() < sequenceMax ? tombstoneCount : 0;
  }

  #isMostlyDead(): boolean {
    const { young, table } = this.#options;
    const { lane, bytes } = young;
    if (lane.length <= CLEAN_SEGMENTS_MIN) return false;
    let live = 0;
    for (const segment of lane) live += segment.liveBytes;
    const expired = Math.min(table.expiry.expiredBytes(this.#options.clock.nowMs()), live);
    return bytes - live + expired > bytes * DEAD_SHARE_MAX;
  }

  /** They are too many for their bytes. Where memory is short merging may not make them fewer. */
  #mayMerge(segments: readonly Segment[]): boolean {
    if (this.#options.commit === undefined || this.#mergesLeft === 0) return false;
    let bytes = 0;
    for (const segment of segments) bytes += segment.head;
    if (segments.length <= PIECES_MAX + (2 * bytes) / this.#options.segmentBytes) return false;
    this.#mergesLeft--;
    return true;
  }
}

function smallestOf(segments: readonly Segment[]): Segment {
  return segments.reduce((least, each) => (each.head < least.head ? each : least));
}

/** Nobody will ask for anything in it, and nothing older comes back when it goes (rule N4). */
function isDead({ liveCount, lastExpiryMs, untilMs }: Segment, nowMs: number): boolean {
  const isForgotten = liveCount === 0 || isExpired(lastExpiryMs + EXPIRY_TICK_MS, nowMs);
  return isForgotten && isExpired(untilMs, nowMs);
}
