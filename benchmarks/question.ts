import type { Panel } from './charts/dot-plot.ts';
import type { BenchmarkColumn, BenchmarkTarget } from './results.ts';

/** A table of the report, and how one cell's row of it is measured: see `workloads/`. */
export interface Question {
  /** Names the markers in documents, the plot, and what `--only` takes. */
  readonly name: string;
  readonly title: string;
  description(keyCount: number): string;
  readonly needsPeers: boolean;
  /** Rows, in order. Each is measured once a round, in a process of its own. */
  readonly contestants: readonly string[];
  readonly columns: readonly BenchmarkColumn[];
  /** The row the others are compared with. */
  readonly reference: string;
  readonly targets: readonly BenchmarkTarget[];
  readonly panels: readonly Panel[];
  /** Long ones are measured less often than `--rounds` says. */
  readonly roundsMax?: number;
  /** Runs in that process. Throws for a wrong answer. */
  measure(order: MeasurementOrder): Promise<Measurement>;
  /** Further processes that `measure` starts by name, such as one that is to be killed. */
  readonly phases?: Readonly<Record<string, (order: MeasurementOrder) => Promise<Measurement>>>;
}

export interface MeasurementOrder {
  readonly question: string;
  readonly contestant: string;
  readonly keyCount: number;
  readonly seed: number;
  /** Empty at the start; the parent removes it afterwards. */
  readonly directory: string;
  /** One of the question's `phases`; absent for `measure`. */
  readonly phase?: string;
}

export interface Measurement {
  /** What a reader must know to compare fairly. */
  readonly note: string;
  /** Column key → figure; `undefined` where the contestant has nothing to measure. */
  readonly figures: Readonly<Record<string, number | undefined>>;
}
