/** A thread that plays the histories it is sent, one job after another. */
import { parentPort } from 'node:worker_threads';
import { HistoryFailure } from '../history-failure.ts';
import { playProfile } from '../history-profiles.ts';
import type { Job, JobResult } from './simulation.ts';

parentPort!.on('message', (job: Job) => {
  // Anything but a failed history is a bug of the simulation's own, and ends the thread.
  void playJob(job).then((result) => parentPort!.postMessage(result));
});

async function playJob({ profile, firstSeed, runs }: Job): Promise<JobResult> {
  const result = { histories: 0, crashes: 0, troubles: 0 };
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    result.histories++;
    try {
      const counts = await playProfile(profile, seed);
      result.crashes += counts.crashes;
      result.troubles += counts.troubles;
    } catch (error) {
      if (!(error instanceof HistoryFailure)) throw error;
      return { ...result, failure: error.message };
    }
  }
  return result;
}
