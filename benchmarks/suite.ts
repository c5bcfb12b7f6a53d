import type { MeasuredTable } from './results.ts';

export interface SuiteContext {
  readonly rounds: number;
  readonly keyCount: number;
  /** Contestants to measure; empty = all. */
  readonly contestants: readonly string[];
  readonly log: (line: string) => void;
}

/** One table of the report, and how it is measured. */
export interface Suite {
  readonly name: string;
  /** Whether it needs the packages of `peers-install/`. */
  readonly needsPeers: boolean;
  /** Names that `--only` takes to measure some rows of it; empty where it is all or nothing. */
  readonly contestants: readonly string[];
  run(context: SuiteContext): Promise<MeasuredTable>;
}
