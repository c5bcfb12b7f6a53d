import { parseArgs } from 'node:util';

export const HELP = `Plays simulated histories of the engine, on all cores, until one fails.

  npm run sim -- [options]

  --seed N         the first seed (default 1)
  --runs M         histories of each profile, one seed each (default 500; with --minutes: no limit)
  --profile NAME   only this profile; a part of its name is enough
  --minutes T      stop after T minutes, whatever is left
  --json           print the result as JSON
  --help           this text, and the profiles

Ends with 0 if every history went well, 1 if one did not (it is printed, with how to play it
again), 2 for an option that is not understood.
`;

const SEEDS_MAX = 2 ** 31;
const MINUTES_MAX = 7 * 24 * 60;

export interface SimulationOptions {
  readonly firstSeed: number;
  /** Of each profile. */
  readonly runs: number;
  readonly profiles: readonly string[];
  readonly minutes: number | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws a `TypeError` that names the option for anything it does not understand. */
export function parseOptions(
  words: readonly string[],
  profiles: readonly string[],
): SimulationOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string' },
      profile: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const firstSeed = number('--seed', values.seed, SEEDS_MAX, isWhole);
  const runsMax = SEEDS_MAX - firstSeed + 1;
  const runs = values.runs ?? (values.minutes === undefined ? '500' : String(runsMax));
  return {
    firstSeed,
    runs: number('--runs', runs, runsMax, isWhole),
    profiles: values.profile === undefined ? profiles : [find(values.profile, profiles)],
    minutes:
      values.minutes === undefined
        ? undefined
        : number('--minutes', values.minutes, MINUTES_MAX, isPositive),
    json: values.json,
    help: values.help,
  };
}

interface Kind {
  readonly what: string;
  accepts(number: number): boolean;
}

const isWhole: Kind = {
  what: 'a whole number from 1',
  accepts: (number) => Number.isInteger(number) && number >= 1,
};
const isPositive: Kind = { what: 'a number above 0', accepts: (number) => number > 0 };

function number(option: string, text: string, max: number, kind: Kind): number {
  const value = text.trim() === '' ? Number.NaN : Number(text.replaceAll(/[_,]/g, ''));
  if (kind.accepts(value) && value <= max) return value;
  throw new TypeError(`${option} must be ${kind.what} to ${max}, not ${JSON.stringify(text)}`);
}

function find(part: string, profiles: readonly string[]): string {
  if (profiles.includes(part)) return part;
  const found = profiles.filter((name) => part !== '' && name.includes(part));
  if (found.length === 1) return found[0]!;
  const reason = found.length === 0 ? 'names no profile' : 'names several profiles';
  const names = (found.length === 0 ? profiles : found).map((name) => `\n  ${name}`).join('');
  throw new TypeError(`--profile ${JSON.stringify(part)} ${reason}; there are:${names}`);
}
