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

/** A signal that may be left out. */
export function assertSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new InvalidArgumentError('signal must be an AbortSignal');
}

/** Text can be walked as well, letter by letter: one key where a list belongs is a mistake. */
export function assertList(items: Iterable<unknown>, where: string): void {
  const isList = typeof items === 'object' && items !== null && Symbol.iterator in items;
  if (!isList) throw new InvalidArgumentError(`${where} needs a list, got=${String(items)}`);
}
