/**
 * Hands out ranges of seeds to whoever plays them, adds up what happened, and stops at the first
 * failure or when time is up. Profiles take turns, so that each gets its share of a bounded time.
 */
import type { SimulationOptions } from './options.ts';

/** Some histories of one profile, with consecutive seeds. */
export interface Job {
  readonly profile: string;
  readonly firstSeed: number;
  readonly runs: number;
}

export interface JobResult {
  readonly histories: number;
  readonly crashes: number;
  readonly troubles: number;
  /** Why a history failed; the last of `histories` then. */
  readonly failure?: string;
}

export interface ProfileResult {
  readonly profile: string;
  histories: number;
  crashes: number;
  /** What went wrong with the disk besides crashes. */
  troubles: number;
}

export interface SimulationResult {
  readonly profiles: readonly ProfileResult[];
  readonly failure: string | undefined;
}

/** Small enough that no core idles for long at the end. */
const RUNS_PER_JOB = 25;

function* jobsOf({ firstSeed, runs, profiles }: SimulationOptions): Generator<Job> {
  for (let done = 0; done < runs; done += RUNS_PER_JOB) {
    for (const profile of profiles) {
      yield { profile, firstSeed: firstSeed + done, runs: Math.min(RUNS_PER_JOB, runs - done) };
    }
  }
}

export async function simulate(
  options: SimulationOptions,
  players: readonly ((job: Job) => Promise<JobResult>)[],
  isTimeUp: () => boolean,
  onProgress: (result: SimulationResult) => void = () => {},
): Promise<SimulationResult> {
  const profiles = options.profiles.map((profile) => ({
    profile,
    histories: 0,
    crashes: 0,
    troubles: 0,
  }));
  const byName = new Map(profiles.map((each) => [each.profile, each]));
  const jobs = jobsOf(options);
  let failure: string | undefined;
  const keepPlaying = async (play: (job: Job) => Promise<JobResult>): Promise<void> => {
    while (failure === undefined && !isTimeUp()) {
      const next = jobs.next();
      if (next.done) return;
      const result = await play(next.value);
      const total = byName.get(next.value.profile)!;
      total.histories += result.histories;
      total.crashes += result.crashes;
      total.troubles += result.troubles;
      failure ??= result.failure;
      onProgress({ profiles, failure });
    }
  };
  await Promise.all(players.map(keepPlaying));
  return { profiles, failure };
}

/** One line a profile, and the sum. */
export function renderResult({ profiles }: SimulationResult, seconds: number): string {
  const width = Math.max(...profiles.map(({ profile }) => profile.length), 'in all'.length);
  const line = (name: string, { histories, crashes, troubles }: Omit<ProfileResult, 'profile'>) =>
    `${name.padEnd(width)}  ${count(histories)} histories  ${count(crashes)} crashes` +
    (troubles > 0 ? `  ${count(troubles)} troubles` : '');
  const lines = profiles.map((each) => line(each.profile, each));
  return [...lines, `${line('in all', sumOf(profiles))}  ${seconds.toFixed(1)} s`].join('\n');
}

export function sumOf(profiles: readonly ProfileResult[]): Omit<ProfileResult, 'profile'> {
  const sum = { histories: 0, crashes: 0, troubles: 0 };
  for (const { histories, crashes, troubles } of profiles) {
    sum.histories += histories;
    sum.crashes += crashes;
    sum.troubles += troubles;
  }
  return sum;
}

function count(number: number): string {
  return number.toLocaleString('en').padStart(9);
}
