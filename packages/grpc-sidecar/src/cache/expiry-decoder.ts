/** Times of a write, decoded as the rest of operation-decoder.ts is. */
import {
  assertAtEnd,
  messageEnd,
  type Reader,
  readInt64,
  skipField,
} from '../wire/message-reader.ts';

/** 10,000 years, where protobuf's Duration ends. */
const DURATION_SECONDS_MAX = 315_576_000_000;
/** The end of the year 9999, where protobuf's Timestamp ends. */
const TIMESTAMP_SECONDS_MAX = 253_402_300_799;

/** What a member of the `expiry` oneof says. */
export interface Expiry {
  readonly field: string;
  readonly isInvalid: boolean;
  readonly ttlMs?: number;
  readonly expiresAtMs?: number;
}

export function readExpiry(reader: Reader, tag: 0x1a | 0x22 | 0x28, outerEnd: number): Expiry {
  if (tag === 0x28) {
    const field = 'never_expires';
    return { field, isInvalid: !reader.bool(), ttlMs: Number.POSITIVE_INFINITY };
  }
  const end = messageEnd(reader, outerEnd);
  if (tag === 0x1a) {
    const ttlMs = readDurationMs(reader, end);
    return { field: 'ttl', isInvalid: !(ttlMs > 0), ttlMs };
  }
  const { seconds, nanos } = readSecondsAndNanos(reader, end);
  const milliseconds = millisecondsOf(seconds, nanos);
  const isInRange = seconds >= 0 && milliseconds >= 0 && seconds <= TIMESTAMP_SECONDS_MAX;
  return { field: 'expires_at', isInvalid: !isInRange, expiresAtMs: milliseconds };
}

/** In whole milliseconds, rounded up; `NaN` for what is none, or is more than 10,000 years. */
export function readDurationMs(reader: Reader, end: number): number {
  const { seconds, nanos } = readSecondsAndNanos(reader, end);
  return seconds > DURATION_SECONDS_MAX ? Number.NaN : millisecondsOf(seconds, nanos);
}

function millisecondsOf(seconds: number, nanos: number): number {
  const isFraction = nanos >= 0 && nanos <= 999_999_999;
  return isFraction ? seconds * 1_000 + Math.ceil(nanos / 1_000_000) : Number.NaN;
}

/** Duration and Timestamp have the same fields. */
function readSecondsAndNanos(reader: Reader, end: number): { seconds: number; nanos: number } {
  let seconds = 0;
  let nanos = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x08) seconds = readInt64(reader);
    else if (tag === 0x10) nanos = reader.int32();
    else skipField(reader, tag);
  }
  assertAtEnd(reader, end);
  return { seconds, nanos };
}
