import { InvalidArgumentError } from '@holdfast/core';
import type { Duration, Duration__Output } from '@holdfast/protos';

/** 10,000 years, where protobuf's Duration ends. */
const DURATION_SECONDS_MAX = 315_576_000_000;

/** Whole milliseconds, of those given. */
export function duration(milliseconds: number): Duration {
  const whole = Math.floor(milliseconds);
  const seconds = Math.floor(whole / 1_000);
  return { seconds, nanos: (whole - seconds * 1_000) * 1_000_000 };
}

/** Rounded up to a whole millisecond. Throws `INVALID_ARGUMENT` (`INVALID_TTL`). */
export function durationMs(
  value: Duration__Output | null,
  absentMs: number,
  field: string,
): number {
  if (value === null) return absentMs;
  const seconds = Number(value.seconds);
  const { nanos } = value;
  if (seconds >= 0 && seconds <= DURATION_SECONDS_MAX && nanos >= 0 && nanos <= 999_999_999) {
    return seconds * 1_000 + Math.ceil(nanos / 1_000_000);
  }
  throw new InvalidArgumentError(`${field} must be 0 or more, and at most 10,000 years`, {
    reason: 'INVALID_TTL',
    field,
  });
}
