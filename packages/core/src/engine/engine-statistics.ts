import type { HoldfastErrorCode } from '../errors.ts';
import type { EngineParts } from './engine-parts.ts';
import { purgeInvalidated } from './floors.ts';
import type { RecoveryReport } from './recovery-report.ts';
import type { Segment } from './segment.ts';

/** What one generation takes: all its segments, in memory or not. */
export interface GenerationStatistics {
  readonly segments: number;
  /** Of records that have not been replaced, deleted or cleaned up; some may have expired. */
  readonly bytesLive: number;
  /** Everything else. */
  readonly bytesDead: number;
}

/** What an engine has done since it was opened, and how it stands. */
export interface EngineStatistics {
  readonly entries: number;
  readonly young: GenerationStatistics;
  readonly main: GenerationStatistics;
  readonly segments: number;
  readonly bytesLive: number;
  readonly bytesDead: number;
  /** Of all records with a value that were written, copies left out. */
  readonly bytesAppended: number;
  readonly bytesWritten: number;
  readonly writes: number;
  readonly syncs: number;
  readonly stalls: number;
  readonly rewrites: number;
  readonly refusal: HoldfastErrorCode | undefined;
  readonly evictions: number;
  readonly evictionsUnread: number;
  readonly expirations: number;
  readonly relocations: number;
  readonly damagedRecords: number;
  readonly recovery: RecoveryReport | undefined;
}

export function statisticsOf(
  { table, clock, log, main, counters, cleaner, commit }: EngineParts,
  bytesAppended: number,
  recovery: RecoveryReport | undefined,
): EngineStatistics {
  const nowMs = clock.nowMs();
  const bytesLive = Math.max(table.liveBytes - table.expiry.expiredBytes(nowMs), 0);
  return {
    entries: table.sizeAt(nowMs),
    segments: log.lane.length + main.segments.length,
    bytesLive,
    bytesDead: log.bytes + main.bytes - bytesLive,
    young: generationOf(log.lane, log.bytes),
    main: generationOf(main.segments, main.bytes),
    bytesAppended,
    ...counters,
    ...cleaner.counters,
    damagedRecords: table.damagedRecords + (recovery?.damagedRecords ?? 0),
    refusal: commit?.refusal?.code,
    recovery,
  };
}

/**
 * Live records: of the namespace with that id, of those in none if it is `undefined`, or of all.
 * Expired ones leave this count within 64 ms of their deadline. The first call after an
 * invalidation looks at every record of the segments that have tags.
 */
export function sizeOf(
  { table, clock, floors }: EngineParts,
  namespace: number | undefined | 'all',
): number {
  purgeInvalidated({ table, floors });
  const nowMs = clock.nowMs();
  if (typeof namespace === 'number') return table.tagged.sizeAt(namespace, nowMs);
  const size = table.sizeAt(nowMs);
  return namespace === 'all' ? size : Math.max(size - table.tagged.namedAt(nowMs), 0);
}

function generationOf(segments: readonly Segment[], bytes: number): GenerationStatistics {
  let bytesLive = 0;
  for (const segment of segments) bytesLive += segment.liveBytes;
  return { segments: segments.length, bytesLive, bytesDead: Math.max(bytes - bytesLive, 0) };
}
