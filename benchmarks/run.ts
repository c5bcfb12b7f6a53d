import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPlot } from './charts/dot-plot.ts';
import { grpcSuite } from './grpc-suite.ts';
import { lockSuites } from './lock-suites.ts';
import { type BenchmarkOptions, HELP, parseOptions } from './options.ts';
import { installPeers } from './peers/installed.ts';
import { questionSuite } from './question-suite.ts';
import { renderBars, renderTable, writeIntoDocument } from './report.ts';
import {
  type BenchmarkResults,
  type BenchmarkTable,
  currentLoad,
  describeCommit,
  describeMachine,
  judgeTargets,
  type Origin,
  readResults,
  replaceTables,
  writeResults,
} from './results.ts';
import type { Suite } from './suite.ts';
import { QUESTIONS } from './workloads/index.ts';

const SUITES: readonly Suite[] = [...QUESTIONS.map(questionSuite), grpcSuite, ...lockSuites];
const SUITE_NAMES = SUITES.map(({ name }) => name);
const CONTESTANT_NAMES = [...new Set(SUITES.flatMap(({ contestants }) => contestants))];
// The compiled file is two folders deep.
const ROOT = join(import.meta.dirname, '..', '..');
const RESULTS = join(ROOT, 'benchmarks', 'results.json');

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.list) {
    process.stdout.write(`${[...SUITE_NAMES, ...CONTESTANT_NAMES].join('\n')}\n`);
    return 0;
  }
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const results =
    options.renderPath === undefined
      ? await measureAll(words, options, log)
      : readResults(options.renderPath);
  for (const table of results.tables) {
    process.stdout.write(`${renderTable(table)}\n\n`);
  }
  process.stdout.write(`${renderBars(results)}\n`);
  if (options.readme) publish(results, log);
  // What was not measured is not met either; what this machine cannot judge is neither.
  const isMissed = results.tables
    .flatMap(judgeTargets)
    .some(({ met, measured }) => met === false || measured === undefined);
  return options.check && isMissed ? 1 : 0;
}

async function measureAll(
  words: readonly string[],
  { only, rounds, keyCount, jsonPath = RESULTS }: BenchmarkOptions,
  log: (line: string) => void,
): Promise<BenchmarkResults> {
  const { suites, contestants } = choose(only);
  if (suites.some((suite) => suite.needsPeers)) installPeers(log);
  // What stands now is what is measured, whatever is committed meanwhile.
  const origin: Origin = {
    machine: describeMachine(),
    load: currentLoad(),
    commit: describeCommit(),
    command: commandLine(words),
    date: new Date().toISOString().slice(0, 10),
  };
  const tables: BenchmarkTable[] = [];
  for (const suite of suites) {
    tables.push({ ...(await suite.run({ rounds, keyCount, contestants, log })), origin });
  }
  writeResults(jsonPath, replaceTables(earlierResults(jsonPath), tables, SUITE_NAMES));
  return { tables };
}

/** A run of some questions keeps what an earlier one measured of the others. */
function earlierResults(path: string): BenchmarkResults {
  return existsSync(path) ? readResults(path) : { tables: [] };
}

/** Plots first, then the documents that show them. */
function publish(results: BenchmarkResults, log: (line: string) => void): void {
  const isWhole = results.tables.length === SUITES.length;
  for (const table of results.tables) {
    const plot = renderPlot(table);
    if (plot === undefined) continue;
    writeFileSync(join(ROOT, 'benchmarks', 'plots', `${table.name}.svg`), plot);
  }
  for (const [document, up] of [
    ['README.md', '.'],
    ['docs/benchmarks.md', '..'],
    ['docs/locks.md', '..'],
  ] as const) {
    const form = { plots: `${up}/benchmarks/plots`, tables: `${up}/docs/benchmarks.md`, isWhole };
    const written = writeIntoDocument(join(ROOT, document), results, form);
    log(`${document}: ${written.length === 0 ? 'has no markers for these' : written.join(', ')}`);
  }
}

/** What to type to measure this again. */
function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (/[\s'"]/.test(word) ? JSON.stringify(word) : word));
  return ['npm run bench', ...(words.length === 0 ? [] : ['--', ...quoted])].join(' ');
}

/** Suites by their names; with contestants alone, the suites that know one of them. */
function choose(only: readonly string[]): { suites: readonly Suite[]; contestants: string[] } {
  const named = SUITES.filter(({ name }) => only.includes(name));
  const contestants = CONTESTANT_NAMES.filter((name) => only.includes(name));
  const unknown = only.filter(
    (name) => !SUITES.some((suite) => suite.name === name) && !CONTESTANT_NAMES.includes(name),
  );
  if (unknown.length > 0) throw new TypeError(`--only does not know: ${unknown.join(', ')}`);
  if (named.length > 0 || contestants.length === 0) {
    return { suites: named.length > 0 ? named : SUITES, contestants };
  }
  const knowing = SUITES.filter((suite) =>
    suite.contestants.some((name) => contestants.includes(name)),
  );
  return { suites: knowing, contestants };
}
