import { type Duration, durationMs, InvalidArgumentError } from '@holdfast/core';

/**
 * Milliseconds of a duration that may be left out; throws `InvalidArgumentError` as `durationMs`
 * does.
 */
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
