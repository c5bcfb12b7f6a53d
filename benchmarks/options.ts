import { parseArgs } from 'node:util';

export const HELP = `Measures Holdfast and its peers on the same work and prints tables.

  npm run bench -- [options]

  --quick         20,000 keys, 1 round: shows that it works, not how fast it is
  --rounds N      runs of each contestant, interleaved; the median is reported (default 3)
  --keys N        keys per run (default 200,000)
  --only A,B      only these suites or contestants
  --json FILE     where the figures go (default benchmarks/results.json)
  --readme        then draw the plots, and write into README.md and docs/benchmarks.md
  --render FILE   measure nothing: print (and publish) the figures of an earlier run
  --check         exit with 1 if a target is missed
  --list          print the names that --only takes
  --help          this text
`;

export interface BenchmarkOptions {
  readonly rounds: number;
  readonly keyCount: number;
  readonly only: readonly string[];
  readonly jsonPath: string | undefined;
  readonly renderPath: string | undefined;
  readonly readme: boolean;
  readonly check: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Throws a `TypeError` that names the option for anything it does not understand. */
export function parseOptions(words: readonly string[]): BenchmarkOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      keys: { type: 'string' },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      render: { type: 'string' },
      readme: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    rounds: count('--rounds', values.rounds ?? (values.quick ? '1' : '3'), 1_000),
    keyCount: count('--keys', values.keys ?? (values.quick ? '20000' : '200000'), 10_000_000),
    only: values.only
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    jsonPath: values.json,
    renderPath: values.render,
    readme: values.readme,
    check: values.check,
    list: values.list,
    help: values.help,
  };
}

function count(option: string, text: string, max: number): number {
  const number = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new TypeError(`${option} must be a whole number from 1 to ${max}, not ${text}`);
  }
  return number;
}
