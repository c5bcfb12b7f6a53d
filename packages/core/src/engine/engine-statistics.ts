import type { RecoveryReport } from './recovery-report.ts';

/** What an engine has done since it was opened, and how it stands. */
export interface EngineStatistics {
  readonly entries: number;
  readonly segments: number;
  readonly bytesLive: number;
  readonly bytesDead: number;
  readonly bytesYoung: number;
  readonly bytesMain: number;
  readonly bytesWritten: number;
  readonly writes: number;
  readonly syncs: number;
  readonly evictions: number;
  readonly expirations: number;
  readonly relocations: number;
  readonly damagedRecords: number;
  readonly recovery: RecoveryReport | undefined;
}
