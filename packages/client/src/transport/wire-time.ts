import type { Duration, Duration__Output, Timestamp, Timestamp__Output } from '@holdfast/protos';

/** A `google.protobuf.Duration` ends at 10,000 years; what is longer is as good as never. */
export const WIRE_DURATION_MS_MAX = 315_576_000_000_000;

/** For whole milliseconds up to `WIRE_DURATION_MS_MAX`. */
export function wireDuration(ms: number): Duration {
  return { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 };
}

/** For whole Unix milliseconds, 0 or more. */
export function wireTimestamp(ms: number): Timestamp {
  return wireDuration(ms);
}

/** Milliseconds of a duration or a timestamp. */
export function millisecondsOf(time: Duration__Output | Timestamp__Output): number {
  return Number(time.seconds) * 1_000 + time.nanos / 1_000_000;
}
