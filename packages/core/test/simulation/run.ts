/** The command `npm run sim`. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PROFILES } from '../history-profiles.ts';
import { HELP, parseOptions, type SimulationOptions } from './options.ts';
import {
  type Job,
  type JobResult,
  renderResult,
  type SimulationResult,
  simulate,
  sumOf,
} from './simulation.ts';

const PROGRESS_MS = 500;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const names = Object.keys(PROFILES);
  let options: SimulationOptions;
  try {
    options = parseOptions(words, names);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\nnpm run sim -- --help tells what there is.\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${HELP}\nProfiles:\n${names.map((name) => `  ${name}\n`).join('')}`);
    return 0;
  }
  const startedMs = performance.now();
  const secondsSoFar = (): number => (performance.now() - startedMs) / 1_000;
  const { minutes = Number.POSITIVE_INFINITY } = options;
  const isTimeUp = (): boolean => secondsSoFar() >= minutes * 60;

  const workers = Array.from({ length: availableParallelism() }, startWorker);
  const progress = progressLine(secondsSoFar);
  const result = await simulate(options, workers.map(playerOn), isTimeUp, progress.show);
  progress.clear();
  await Promise.all(workers.map((worker) => worker.terminate()));

  const seconds = secondsSoFar();
  process.stdout.write(
    `${options.json ? asJson(options, result, seconds) : renderResult(result, seconds)}\n`,
  );
  if (result.failure === undefined) return 0;
  process.stderr.write(`\n${result.failure}\n`);
  return 1;
}

function startWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url));
}

function playerOn(worker: Worker): (job: Job) => Promise<JobResult> {
  return async (job) => {
    worker.postMessage(job);
    // Rejects with the error of a thread that ends by one.
    const [result] = (await once(worker, 'message')) as [JobResult];
    return result;
  };
}

/** One line on a terminal that is written over; nothing in a log. */
function progressLine(secondsSoFar: () => number): {
  show(result: SimulationResult): void;
  clear(): void;
} {
  const { stderr } = process;
  let shownMs = 0;
  const clear = (): void => {
    if (stderr.isTTY) stderr.write('\r\u001b[K');
  };
  const show = ({ profiles }: SimulationResult): void => {
    if (!stderr.isTTY || performance.now() - shownMs < PROGRESS_MS) return;
    shownMs = performance.now();
    const { histories, crashes } = sumOf(profiles);
    const perSecond = Math.round(histories / secondsSoFar());
    clear();
    stderr.write(`${histories} histories, ${crashes} crashes, ${perSecond} histories/s`);
  };
  return { show, clear };
}

function asJson(options: SimulationOptions, result: SimulationResult, seconds: number): string {
  const { firstSeed, runs } = options;
  const { profiles, failure = null } = result;
  return JSON.stringify(
    { firstSeed, runs, seconds, ...sumOf(profiles), profiles, failure },
    null,
    2,
  );
}
