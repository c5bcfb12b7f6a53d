import { InvalidArgumentError } from '../errors.ts';

/** A misspelt option would be a promise silently not kept: anything unknown is refused. */
export function assertKnownOptions(
  options: object,
  known: ReadonlySet<string>,
  where: string,
): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError(`${where}: options must be an object, got=${String(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw new InvalidArgumentError(`${where}: unknown option=${name}`);
  }
}
