import { join } from 'node:path';
import { grpcSuite } from './grpc-suite.ts';
import { HELP, parseOptions } from './options.ts';
import { CONTESTANT_NAMES } from './peers/index.ts';
import { installPeers } from './peers/installed.ts';
import { renderTable, writeIntoDocument } from './report.ts';
import {
  type BenchmarkResults,
  describeCommit,
  describeMachine,
  judgeTargets,
  writeResults,
} from './results.ts';
import { storeSuite } from './store-suite.ts';
import type { Suite } from './suite.ts';
import { WORKLOADS } from './workloads/index.ts';

const SUITES: readonly Suite[] = [...WORKLOADS.map(storeSuite), grpcSuite];
// The compiled file is two folders deep.
const ROOT = join(import.meta.dirname, '..', '..');

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.list) {
    process.stdout.write(
      `${[...SUITES.map(({ name }) => name), ...CONTESTANT_NAMES].join('\n')}\n`,
    );
    return 0;
  }
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const { suites, contestants } = choose(options.only);
  if (suites.some((suite) => suite.needsPeers)) installPeers(log);

  const tables = [];
  for (const suite of suites) {
    const { rounds, keyCount } = options;
    tables.push(await suite.run({ rounds, keyCount, contestants, log }));
  }
  const results: BenchmarkResults = {
    machine: describeMachine(),
    commit: describeCommit(),
    command: commandLine(words),
    date: new Date().toISOString().slice(0, 10),
    rounds: options.rounds,
    tables,
  };
  writeResults(options.jsonPath ?? join(ROOT, 'benchmarks', 'results.json'), results);
  for (const table of tables) process.stdout.write(`${renderTable(table, results)}\n\n`);
  if (options.readme) {
    const written = writeIntoDocument(join(ROOT, 'README.md'), results);
    log(`README.md: ${written.length === 0 ? 'has no markers for these' : written.join(', ')}`);
  }
  const isMissed = tables.flatMap(judgeTargets).some(({ met }) => met !== true);
  return options.check && isMissed ? 1 : 0;
}

/** What to type to measure this again. */
function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (/[\s'"]/.test(word) ? JSON.stringify(word) : word));
  return ['npm run bench', ...(words.length === 0 ? [] : ['--', ...quoted])].join(' ');
}

function choose(only: readonly string[]): { suites: readonly Suite[]; contestants: string[] } {
  const suites = SUITES.filter(({ name }) => only.includes(name));
  const contestants = CONTESTANT_NAMES.filter((name) => only.includes(name));
  const unknown = only.filter(
    (name) => !SUITES.some((suite) => suite.name === name) && !CONTESTANT_NAMES.includes(name),
  );
  if (unknown.length > 0) throw new TypeError(`--only does not know: ${unknown.join(', ')}`);
  return { suites: suites.length === 0 ? SUITES : suites, contestants };
}
