import type { Engine } from '../engine/engine.ts';
import type { GenerationStatistics } from '../engine/engine-statistics.ts';
import type { RecoveryReport } from '../engine/recovery-report.ts';
import type { HoldfastErrorCode } from '../errors.ts';
import type { MemoryUsage } from './entry.ts';
import type { Loads } from './loads.ts';

/** What a cache has done since it was opened, and how it stands. */
export interface CacheStats extends CallCounters {
  /** Live records dropped to stay within the limits. */
  readonly evictions: number;
  readonly evictionsByReason: {
    /** Nobody had read it since it was set, when the space was needed. */
    readonly unread: number;
    /** It had been read before, but not since it was last looked at for its space. */
    readonly cold: number;
  };
  /** Expired records cleaned up. */
  readonly expirations: number;
  /** Live values, those of all namespaces. */
  readonly size: number;
  readonly segments: number;
  /** Bytes of live records, and of everything else in the segments. */
  readonly bytesLive: number;
  readonly bytesDead: number;
  /** The young log: where every write goes first. */
  readonly young: GenerationStatistics;
  /** The segments for what proved worth keeping. */
  readonly main: GenerationStatistics;
  readonly diskBytes: number;
  /** Bytes written to files since opening, the number of writes and of syncs. */
  readonly bytesWritten: number;
  readonly writes: number;
  readonly syncs: number;
  /**
   * Bytes written to files for each byte of a record that was set: 1 would be the records alone.
   * 0 as long as nothing was set, and in memory only.
   */
  readonly writeAmplification: number;
  /** Writes to files that a caller had to wait for, blocking: memory was full. */
  readonly stalls: number;
  /** Files that were written again as other ones, because a write or a sync had failed. */
  readonly rewrites: number;
  /**
   * Why nothing can be written now: `READ_ONLY` for good, `NO_SPACE` until there is room;
   * `undefined` as long as all is well.
   */
  readonly refusal: HoldfastErrorCode | undefined;
  /** Records that could not be read though they had been durable. */
  readonly damagedRecords: number;
  /** What opening found; `undefined` for a cache in memory only. */
  readonly recovery: RecoveryReport | undefined;
}

/** Calls since the cache was opened, of all namespaces. A stale value given counts as a miss. */
export interface CallCounters {
  readonly hits: number;
  readonly misses: number;
  readonly sets: number;
  readonly deletes: number;
  /** Loaders of `getOrSet` that were called, and clients of a server that were told to load. */
  readonly loads: number;
}

export function cacheStats(engine: Engine, calls: CallCounters): CacheStats {
  // First of all: it takes what was invalidated out of the other numbers too.
  const { size } = engine;
  const {
    entries: _entries,
    relocations: _,
    evictionsUnread,
    bytesAppended,
    ...rest
  } = engine.statistics();
  const { evictions, bytesWritten } = rest;
  return {
    ...calls,
    size,
    diskBytes: engine.diskBytes,
    evictionsByReason: { unread: evictionsUnread, cold: evictions - evictionsUnread },
    writeAmplification: bytesAppended === 0 ? 0 : bytesWritten / bytesAppended,
    ...rest,
  };
}

export function memoryUsage(engine: Engine, { absenceBytes }: Loads): MemoryUsage {
  const { index, records, buffers: own } = engine.memoryBytes();
  const buffers = own + absenceBytes;
  return { index, records, buffers, total: index + records + buffers };
}
