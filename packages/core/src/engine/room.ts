/**
 * Makes room on a full disk by letting whole files go, coldest first, so that what waits to be
 * written can be. Nothing is copied out of them: there is no room for copies.
 *
 *     main    what holds nothing back: the dead first, then the oldest
 *             else the segments with the oldest records, so many that nothing older is left that
 *             one of them was hiding
 *     young   else the oldest file, if it hides nothing in main
 *
 * A file goes once the manifest does not count it any more; that is written over the old one and
 * takes no space. What is in it is evicted then.
 */

import { isExpired } from '../expiry/expiry.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Bounds } from './bounds.ts';
import type { Cleaner } from './cleaner.ts';
import type { GroupCommit } from './group-commit.ts';
import type { MainFiles } from './main-files.ts';
import type { MainLog } from './main-log.ts';
import { OldFiles } from './old-files.ts';
import type { Segment } from './segment.ts';
import type { SegmentTable } from './segment-table.ts';
import type { StoreClock } from './store-clock.ts';
import type { YoungLog } from './young-log.ts';

export interface RoomOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly young: YoungLog;
  readonly main: MainLog;
  readonly segments: SegmentTable;
  readonly mainFiles: MainFiles;
  readonly commit: GroupCommit;
  readonly cleaner: Cleaner;
  readonly clock: StoreClock;
  readonly bounds: Bounds;
  readonly segmentBytes: number;
}

export class Room {
  readonly #options: RoomOptions;
  readonly #oldFiles: OldFiles;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#oldFiles = new OldFiles(options.fileSystem, options.directory);
  }

  /**
   * False if no file may go. Rejects if the manifest cannot be written; then none has gone. The
   * lane is left alone while its end is on the way to other files: where it starts is not certain.
   */
  async make(isLaneMoving: boolean): Promise<boolean> {
    const { main, mainFiles, cleaner, bounds, segments } = this.#options;
    if (!bounds.mayEvict) return false;
    bounds.lower();
    const fromMain = this.#chooseMain();
    const leaving = fromMain.length > 0 || isLaneMoving ? fromMain : this.#oldestYoung();
    if (leaving.length === 0) return false;
    for (const segment of leaving) {
      // What comes to main from now on goes elsewhere.
      if (segment.isMain) main.seal(segment);
      segment.isReclaiming = true;
    }
    try {
      await mainFiles.letGo(leaving, this.#laneStart(leaving));
    } finally {
      for (const segment of leaving) segment.isReclaiming = false;
    }
    for (const segment of leaving) {
      segment.isGone = true;
      cleaner.evict(segment);
      this.#oldFiles.keep(segment);
      segments.dropMemory(segment);
    }
    await this.#oldFiles.drop();
    return true;
  }

  #chooseMain(): Segment[] {
    const { main, cleaner, commit } = this.#options;
    // Rule N7 of no-resurrection, and what a crash has left in two files.
    if (cleaner.hasEarlierYoung || main.segments.some(({ goesFirst }) => goesFirst)) return [];
    const all = [...commit.waiting.filter(({ isMain }) => isMain), ...main.segments];
    const harmless = all.filter((each) => isFree(each) && this.#hidesNothing(each));
    const dead = harmless.filter(({ liveCount }) => liveCount === 0);
    const chosen = this.#enough(dead.length > 0 ? dead : harmless);
    return chosen.length > 0 ? chosen : this.#eldestTogether(all);
  }

  /** The first of them, until they have a segment's bytes. */
  #enough(segments: readonly Segment[]): Segment[] {
    let bytes = 0;
    return segments.filter(({ head }) => {
      const isNeeded = bytes < this.#options.segmentBytes;
      bytes += head;
      return isNeeded;
    });
  }

  /**
   * The first file of the lane: one that waits to go, its live records copied, or the oldest that
   * is left. The newest one always stays.
   */
  #oldestYoung(): Segment[] {
    const { young, main, commit } = this.#options;
    const { waiting } = commit;
    const first = waiting[0] ?? (young.lane.length > 1 ? young.lane[0] : undefined);
    // What waits of main may be hidden by a clear in the lane.
    if (first === undefined || !isFree(first) || waiting.some(({ isMain }) => isMain)) return [];
    // A power cut must not take what came before a write that stays.
    if (!first.isSealed || !first.isDurable) return [];
    return main.segments.length === 0 || this.#hidesNothing(first) ? [first] : [];
  }

  /** Nothing older comes back when it goes. */
  #hidesNothing({ untilMs }: Segment): boolean {
    return isExpired(untilMs, this.#options.clock.nowMs());
  }

  /**
   * Those with the oldest values, so many that no value in the others is older than what one of
   * them may be hiding; none if one of them cannot go.
   */
  #eldestTogether(all: readonly Segment[]): Segment[] {
    const byAge = [...all].sort((left, right) => left.valueSequenceMin - right.valueSequenceMin);
    let hidingTo = 0;
    for (const [index, segment] of byAge.entries()) {
      if (segment.isReclaiming || segment.isWriting) return [];
      if (!this.#hidesNothing(segment)) hidingTo = Math.max(hidingTo, segment.sequenceMax);
      const next = byAge[index + 1];
      const isTogether = next !== undefined && next.valueSequenceMin < hidingTo;
      const eldest = byAge.slice(0, index + 1);
      if (!isTogether && eldest.some(isFree)) return eldest;
    }
    return [];
  }

  /** The first file of the lane that stays, if one of it goes. */
  #laneStart(leaving: readonly Segment[]): Segment | undefined {
    if (leaving.every(({ isMain }) => isMain)) return undefined;
    const { young, commit } = this.#options;
    const lane = [...commit.waiting.filter(({ isMain }) => !isMain), ...young.lane];
    return lane.find((segment) => !leaving.includes(segment));
  }
}

/** It takes space on the disk, and nobody is at work on it. */
function isFree({ file, isReclaiming, isWriting }: Segment): boolean {
  return file !== undefined && !isReclaiming && !isWriting;
}
