import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { summarizeRatio } from './statistics.ts';

/** Everything one run measured: enough to print the report again without measuring again. */
export interface BenchmarkResults {
  readonly machine: string;
  readonly commit: string;
  readonly command: string;
  readonly date: string;
  readonly rounds: number;
  readonly tables: readonly BenchmarkTable[];
}

export interface BenchmarkTable {
  /** Names the markers in a document: `<!-- benchmark:NAME:start -->`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly BenchmarkColumn[];
  readonly rows: readonly BenchmarkRow[];
  /** The row the others are compared with, if it was measured. */
  readonly reference: string;
  readonly targets: readonly BenchmarkTarget[];
}

export interface BenchmarkColumn {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** Whether the report also says this column as a multiple of the reference row's. */
  readonly compared: boolean;
}

export interface BenchmarkRow {
  readonly name: string;
  readonly note: string;
  /** Column key → one figure a round. A row need not have every column. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /**
   * Why there is nothing: a peer that would not install, or a wrong answer. For the log; it may
   * hold paths.
   */
  readonly failure?: string;
}

/** "row ÷ against, in this column" must be at most or at least a bound. */
export interface BenchmarkTarget {
  readonly row: string;
  readonly column: string;
  readonly against: string;
  readonly bound: 'at most' | 'at least';
  readonly ratio: number;
}

export interface JudgedTarget {
  readonly target: BenchmarkTarget;
  /** The median ratio; undefined when one of the two rows was not measured. */
  readonly measured: number | undefined;
  readonly met: boolean | undefined;
}

export function judgeTargets(table: BenchmarkTable): JudgedTarget[] {
  return table.targets.map((target) => {
    const measured = summarizeRatio(
      samplesOf(table, target.row, target.column),
      samplesOf(table, target.against, target.column),
    )?.median;
    if (measured === undefined) return { target, measured, met: undefined };
    const met = target.bound === 'at most' ? measured <= target.ratio : measured >= target.ratio;
    return { target, measured, met };
  });
}

export function samplesOf(table: BenchmarkTable, row: string, column: string): readonly number[] {
  return table.rows.find(({ name }) => name === row)?.samples[column] ?? [];
}

export function writeResults(path: string, results: BenchmarkResults): void {
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}

export function readResults(path: string): BenchmarkResults {
  return JSON.parse(readFileSync(path, 'utf8')) as BenchmarkResults;
}

export function describeMachine(): string {
  const [first] = cpus();
  const model = first?.model.trim() || process.arch;
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${model}, ${gibibytes} GiB, ${process.platform}, Node ${process.versions.node}`;
}

/**
 * The short commit, marked when files it holds were changed since; `unknown` outside a repository.
 */
export function describeCommit(): string {
  const git = (...words: string[]): string =>
    execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short=10', 'HEAD') + (isChanged ? ' with local changes' : '');
  } catch {
    // No git or no repository: the figures are as good, only their origin is less exact.
    return 'unknown';
  }
}
