import { type Duration, InvalidArgumentError } from '@holdfast/core';
import { durationMs } from '@holdfast/core/client';

/** Throws `InvalidArgumentError` unless `options` is an object with no other fields than these. */
export function checkKnownOptions(options: object, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError(`options must be an object, got=${String(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new InvalidArgumentError(`unknown option ${name}, known=${names.join(' ')}`);
    }
  }
}

/** Milliseconds of a duration that may be left out; throws `InvalidArgumentError` as `durationMs` does. */
export function optionalMs(duration: Duration | undefined, name: string): number | undefined {
  return duration === undefined ? undefined : durationMs(duration, name);
}

/** A signal that may be left out; throws `InvalidArgumentError` for anything that is not one. */
export function optionalSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidArgumentError('signal must be an AbortSignal');
  }
  return signal;
}
