import type { RecoveryReport } from './recovery-report.ts';
import type { Outdated } from './recovery-target.ts';

/** What an engine that was recovered starts with. */
export interface Recovered {
  readonly report: RecoveryReport;
  /** The highest one in the store. */
  readonly sequence: number;
  /** Main segments with nothing from here on hold only what is gone. */
  readonly mainFloor: number;
  /** Everything with tags below it may have been invalidated by what is lost; 0 for nothing. */
  readonly lostFloor: number;
  readonly outdated: readonly Outdated[];
  /** The manifest names main files that are not there, or not whole. */
  readonly hasLosses: boolean;
}
