import type { HistoryOptions } from './history-options.ts';

const LINES_MAX = 100;

/** Thrown with everything needed to play the history again. */
export class HistoryFailure extends Error {
  constructor({ seed, profile }: HistoryOptions, log: readonly string[], error: Error) {
    const named = profile === undefined ? '' : ` --profile '${profile}'`;
    super(
      `${error.message}\n` +
        `SEED=${seed} replay: npm run sim -- --seed ${seed} --runs 1${named}\n` +
        `  ${log.slice(-LINES_MAX).join('\n  ')}\n${error.stack}`,
    );
  }
}

/** `property` is one of those that history.ts lists. */
export function fail(property: string, what: string): never {
  throw new Error(`${property}: ${what}`);
}
