import { HoldfastError } from '../errors.ts';
import type { GroupCommit } from './group-commit.ts';
import type { MainFiles } from './main-files.ts';
import type { MainLog } from './main-log.ts';
import type { ReadCache } from './read-cache.ts';
import type { RecordTable } from './record-table.ts';
import type { Segment } from './segment.ts';
import { compareFileIds } from './segment-header.ts';
import type { SegmentTable } from './segment-table.ts';
import type { EngineSettings } from './settings.ts';
import type { YoungLog } from './young-log.ts';

export interface MemoryLimitOptions {
  readonly young: YoungLog;
  readonly main: MainLog;
  readonly segments: SegmentTable;
  readonly table: RecordTable;
  readonly readCache: ReadCache;
  /** `undefined` for a store in memory only: there the cleaner keeps the limit. */
  readonly commit: GroupCommit | undefined;
  readonly mainFiles: MainFiles | undefined;
  readonly settings: EngineSettings;
}

/** Takes memory from segments that are on the disk, oldest first, until the rest is in bounds. */
export class MemoryLimit {
  readonly #options: MemoryLimitOptions;

  constructor(options: MemoryLimitOptions) {
    this.#options = options;
  }

  /** As far as it takes no write. */
  freeWritten(): void {
    const { commit, segments } = this.#options;
    if (commit === undefined || !this.#isOver) return;
    for (const segment of this.#oldestFirst()) {
      if (!this.#isOver) return;
      if (isFreeable(segment) && segment.isWritten) segments.dropMemory(segment);
    }
  }

  enforce(): void {
    const { commit, segments, main } = this.#options;
    this.freeWritten();
    if (commit === undefined) return;
    // Nobody has yielded for so long that nothing more is written: write here and now.
    while (this.#isOver) {
      const segment = commit.writeOldestNow();
      if (segment === undefined) break;
      segments.dropMemory(segment);
    }
    do {
      for (const segment of main.segments) {
        if (!this.#isOver) return;
        if (!isFreeable(segment)) continue;
        this.write(segment);
        if (segment.isWritten) segments.dropMemory(segment);
      }
    } while (this.#isOver && main.sealOldest());
  }

  /** True if so many bytes more would not be taken again at once. */
  hasRoomFor(bytes: number): boolean {
    const { segments, settings, table, readCache } = this.#options;
    const usedBytes = segments.pool.usedBytes + readCache.bytes + table.index.bytes;
    return usedBytes + bytes <= settings.memoryBytesMax;
  }

  /** Writes a sealed main segment, blocking, so that its memory can be freed. */
  write(segment: Segment): void {
    const { mainFiles, settings } = this.#options;
    try {
      mainFiles?.writeNow(segment);
    } catch (error) {
      // Not lost: the asynchronous path has these bytes too, and will fail likewise.
      settings.onError(HoldfastError.from(error));
    }
  }

  get #isOver(): boolean {
    return !this.hasRoomFor(0);
  }

  #oldestFirst(): Segment[] {
    const { young, main } = this.#options;
    const all = [...young.lane, ...main.segments];
    return all.sort((left, right) => compareFileIds(left.header.id, right.header.id));
  }
}

function isFreeable(segment: Segment): boolean {
  const { memory, isSealed, isWriting, isReclaiming } = segment;
  return memory !== undefined && isSealed && !isWriting && !isReclaiming;
}
