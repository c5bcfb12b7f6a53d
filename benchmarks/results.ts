import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Panel } from './charts/dot-plot.ts';
import { summarize, summarizeRatio } from './statistics.ts';

/** Enough to print the report again without measuring again. */
export interface BenchmarkResults {
  readonly tables: readonly BenchmarkTable[];
}

/** Where figures come from. Tables have one each: a run may measure some of them again. */
export interface Origin {
  readonly machine: string;
  /** What else the machine had to do: its load average when the run began. */
  readonly load: number;
  readonly commit: string;
  readonly command: string;
  readonly date: string;
}

export interface BenchmarkTable extends MeasuredTable {
  readonly origin: Origin;
}

export interface MeasuredTable {
  /** Names the markers in a document: `<!-- benchmark:NAME:start -->`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly BenchmarkColumn[];
  readonly rows: readonly BenchmarkRow[];
  /** The row the others are compared with, if it was measured. */
  readonly reference: string;
  readonly targets: readonly BenchmarkTarget[];
  /** What its plot shows, from top to bottom. */
  readonly panels: readonly Panel[];
  readonly rounds: number;
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

/** A figure that must be at most or at least so much. */
export interface BenchmarkTarget {
  readonly row: string;
  readonly column: string;
  readonly bound: 'at most' | 'at least';
  /** In the column's unit, or in multiples of the figure of `against` in the same round. */
  readonly limit: number;
  readonly against?: string;
  /**
   * On a machine where another figure is higher, a target may be met, but not missed: what else
   * goes on there may be why.
   */
  readonly onlyIf?: { readonly row: string; readonly column: string; readonly atMost: number };
}

export interface JudgedTarget {
  readonly target: BenchmarkTarget;
  /** The median, of ratios where there is an `against`; undefined when a row was not measured. */
  readonly measured: number | undefined;
  /** Undefined also where the machine is not fit to say that it is missed. */
  readonly met: boolean | undefined;
}

export function judgeTargets(table: MeasuredTable): JudgedTarget[] {
  return table.targets.map((target) => {
    const measured = measuredFor(table, target);
    if (measured === undefined) return { target, measured, met: undefined };
    const met = target.bound === 'at most' ? measured <= target.limit : measured >= target.limit;
    return { target, measured, met: met || isFit(table, target) ? met : undefined };
  });
}

function measuredFor(table: MeasuredTable, target: BenchmarkTarget): number | undefined {
  const samples = samplesOf(table, target.row, target.column);
  if (target.against === undefined) return medianOf(samples);
  return summarizeRatio(samples, samplesOf(table, target.against, target.column))?.median;
}

function isFit(table: MeasuredTable, { onlyIf }: BenchmarkTarget): boolean {
  if (onlyIf === undefined) return true;
  const condition = medianOf(samplesOf(table, onlyIf.row, onlyIf.column));
  return condition !== undefined && condition <= onlyIf.atMost;
}

function medianOf(samples: readonly number[]): number | undefined {
  return samples.length === 0 ? undefined : summarize(samples).median;
}

export function samplesOf(table: MeasuredTable, row: string, column: string): readonly number[] {
  return table.rows.find(({ name }) => name === row)?.samples[column] ?? [];
}

export function writeResults(path: string, results: BenchmarkResults): void {
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}

/** Those tables instead of their namesakes, the others as they were; in the order of `names`. */
export function replaceTables(
  earlier: BenchmarkResults,
  tables: readonly BenchmarkTable[],
  names: readonly string[],
): BenchmarkResults {
  const byName = new Map([...earlier.tables, ...tables].map((table) => [table.name, table]));
  return { tables: names.flatMap((name) => byName.get(name) ?? []) };
}

export function readResults(path: string): BenchmarkResults {
  return JSON.parse(readFileSync(path, 'utf8')) as BenchmarkResults;
}

export function currentLoad(): number {
  return loadavg()[0]!;
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
