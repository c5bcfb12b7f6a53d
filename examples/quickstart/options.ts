import { parseArgs } from 'node:util';

export const HELP = `Shows Holdfast at work on real files, and checks what it shows.

  npm run quickstart -- [options]

  --files N          how many files to load, spread over all there are (default 6,000)
  --from PATH        where the files are (default node_modules)
  --directory PATH   keep the store there, a new or empty folder (default temporary)
  --help             this text

Exits with 0 if every check passes, 1 if one fails, 2 if an option is wrong.
`;

export interface QuickstartOptions {
  readonly filesMax: number;
  /** `undefined`: the repository's `node_modules`. */
  readonly sourceFolder: string | undefined;
  /** `undefined`: a temporary folder, removed at the end. */
  readonly directory: string | undefined;
  readonly help: boolean;
}

/** The command line is wrong, and its message says where. */
export class UsageError extends Error {}

/** Throws a `UsageError` for anything it does not understand. */
export function parseOptions(words: readonly string[]): QuickstartOptions {
  const values = parse(words);
  const filesMax = Number(values.files);
  if (!Number.isSafeInteger(filesMax) || filesMax < 1 || filesMax > 100_000) {
    throw new UsageError(`--files must be a whole number from 1 to 100000, got=${values.files}`);
  }
  return {
    filesMax,
    sourceFolder: values.from,
    directory: values.directory,
    help: values.help,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        files: { type: 'string', default: '6000' },
        from: { type: 'string' },
        directory: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
