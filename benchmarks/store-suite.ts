/**
 * Measures every contestant on one workload: each round runs each contestant once, in a process of
 * its own, so that none inherits another's heap, compiled code or open files, and a slow minute of
 * the machine hits all of them.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContestantOrder, ContestantReport } from './contestant-process.ts';
import { CONTESTANT_NAMES, HOLDFAST } from './peers/index.ts';
import type { BenchmarkColumn, BenchmarkRow, BenchmarkTarget } from './results.ts';
import type { Suite, SuiteContext } from './suite.ts';
import type { Workload } from './workloads/workload.ts';

const CHILD_MS_MAX = 300_000;
const REFERENCE = 'lmdb';

const COLUMNS: readonly BenchmarkColumn[] = [
  { key: 'set', title: 'set', unit: 'ns', compared: true },
  { key: 'setInTurns', title: 'set in turns', unit: 'ns', compared: true },
  { key: 'get', title: 'get', unit: 'ns', compared: true },
  { key: 'sync', title: 'until on the disk', unit: 'ms', compared: false },
  { key: 'diskBytes', title: 'disk', unit: 'B/key', compared: false },
];

const TARGETS: readonly BenchmarkTarget[] = [
  { row: HOLDFAST, column: 'set', against: REFERENCE, bound: 'at most', ratio: 0.8 },
  { row: HOLDFAST, column: 'setInTurns', against: REFERENCE, bound: 'at most', ratio: 0.8 },
  { row: HOLDFAST, column: 'get', against: REFERENCE, bound: 'at most', ratio: 0.6 },
];

export function storeSuite(workload: Workload): Suite {
  return {
    name: workload.name,
    needsPeers: true,
    async run(context) {
      const names = CONTESTANT_NAMES.filter(
        (name) => context.contestants.length === 0 || context.contestants.includes(name),
      );
      return {
        name: workload.name,
        title: workload.title,
        description:
          `${context.keyCount.toLocaleString('en')} keys of 13 bytes, ${workload.description}, ` +
          'random order. **set**: one loop in a new process that awaits nothing but the last; the time ends when ' +
          'the operating system has it. **set in turns**: a thousand at a time, as a server sets, each thousand ' +
          'awaited; into a new store, after everything else',
        columns: COLUMNS,
        rows: await measure(workload, names, context),
        reference: REFERENCE,
        targets: TARGETS,
      };
    },
  };
}

async function measure(
  workload: Workload,
  names: readonly string[],
  context: SuiteContext,
): Promise<BenchmarkRow[]> {
  const reports = new Map<string, ContestantReport[]>(names.map((name) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 0; round < context.rounds; round++) {
    for (const name of names) {
      if (failures.has(name)) continue;
      const order = { contestant: name, workload: workload.name, keyCount: context.keyCount };
      try {
        const report = await runContestant({ ...order, seed: round + 1 });
        reports.get(name)!.push(report);
        context.log(progressLine(workload.name, round, context.rounds, name, report));
      } catch (error) {
        failures.set(name, (error as Error).message);
        context.log(`${workload.name}: ${name} left out: ${(error as Error).message}`);
      }
    }
  }
  return names.map((name) => toRow(name, reports.get(name)!, failures.get(name)));
}

function progressLine(
  workload: string,
  round: number,
  rounds: number,
  name: string,
  { set, setInTurns, get }: ContestantReport,
): string {
  const figures = `set ${Math.round(set)} ns, in turns ${Math.round(setInTurns)} ns, get ${Math.round(get)} ns`;
  return `${workload} ${round + 1}/${rounds} ${name}: ${figures}`;
}

function toRow(
  name: string,
  reports: readonly ContestantReport[],
  failure: string | undefined,
): BenchmarkRow {
  const note = reports[0]?.note ?? '';
  if (failure !== undefined) return { name, note, samples: {}, failure };
  const samples: Record<string, number[]> = {
    set: reports.map(({ set }) => set),
    setInTurns: reports.map(({ setInTurns }) => setInTurns),
    get: reports.map(({ get }) => get),
  };
  if (reports.every(({ sync }) => sync !== undefined)) {
    samples.sync = reports.map(({ sync }) => sync!);
  }
  if (reports.every(({ diskBytes }) => diskBytes > 0)) {
    samples.diskBytes = reports.map(({ diskBytes }) => diskBytes);
  }
  return { name, note, samples };
}

async function runContestant(order: Omit<ContestantOrder, 'directory'>): Promise<ContestantReport> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-benchmark-'));
  try {
    return await runChild({ ...order, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function runChild(order: ContestantOrder): Promise<ContestantReport> {
  return new Promise((resolve, reject) => {
    const child = fork(childPath(), [], {
      execArgv: ['--expose-gc'],
      timeout: CHILD_MS_MAX,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    let report: ContestantReport | undefined;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4_000);
    });
    child.on('message', (message) => {
      report = message as ContestantReport;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (report !== undefined && code === 0) resolve(report);
      else reject(new Error(firstError(complaints) ?? `ended with ${signal ?? code}`));
    });
    child.send(order);
  });
}

/** The line of a stack trace that says what went wrong. */
function firstError(complaints: string): string | undefined {
  return complaints.match(/^\s*(?:\w*Error\b.*)$/m)?.[0].trim();
}

/** Tests import this file as a source; what Node 20 can run is the compiled one. */
function childPath(): string {
  const name = 'contestant-process.js';
  const beside = join(import.meta.dirname, name);
  return existsSync(beside) ? beside : join(import.meta.dirname, 'dist', name);
}
