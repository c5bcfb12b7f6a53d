import { parseArgs } from 'node:util';

export const HELP = `Plays the failures that the locks have to pass (docs/locks.md), and says which they do not.

  npm run failure-kit -- [options]

  --address ADDRESS  a server that is running: host:port, unix:/path. Failures that need a server
                     of their own, or a simulated machine, are skipped, each with the reason.
                     Without it a server is started for all others, too
  --only N,N         only these numbers
  --json             print the result as JSON
  --help             this text, and the failures

Ends with 0 if everything that was played was passed, 1 if something was not, 2 for an option that
is not understood, 3 if the server does not answer.

A failure takes locks named failure-kit-…, and many sessions, for up to a minute: play them beside
nothing that matters.
`;

export interface KitOptions {
  readonly address: string | undefined;
  readonly only: ReadonlySet<number> | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws a `TypeError` that names the option for anything it does not understand. */
export function parseOptions(words: readonly string[], numbers: readonly number[]): KitOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      address: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',').map(Number);
  const unknown = only?.find((number) => !numbers.includes(number));
  if (unknown !== undefined) throw new TypeError(`--only: there is no failure ${unknown}`);
  return {
    address: values.address?.replace(/^http:\/\/([^/]*)\/?$/, '$1'),
    only: only === undefined ? undefined : new Set(only),
    json: values.json,
    help: values.help,
  };
}
