/**
 * What is wrong with a client's message before it is decoded: proto-loader makes objects of all
 * that comes, and drops the fields it does not know.
 */
import { SESSION_MESSAGE_BYTES_MAX } from '../server/limits.ts';
import { messageEnd, type Reader, readerOf, skipField } from '../wire/message-reader.ts';

/** The numbers kept for conditions to come, by the tag of the message in SessionRequest. */
const CONDITIONS: ReadonlyMap<number, readonly number[]> = new Map([
  [0x0a, [5]],
  [0x12, [3, 4, 5, 7, 8]],
]);

/**
 * Throws for a message that is too long, and for a `Hello` or `Acquire` with a condition that a
 * newer client relies on: without it, it would be granted what it did not ask for.
 */
export function assertSessionMessage(bytes: Buffer): void {
  if (bytes.length > SESSION_MESSAGE_BYTES_MAX) {
    throw new RangeError(`a session's message may have ${SESSION_MESSAGE_BYTES_MAX} bytes`);
  }
  const reader = readerOf(bytes);
  while (reader.pos < bytes.length) {
    const tag = reader.uint32();
    const conditions = CONDITIONS.get(tag);
    if (conditions === undefined) skipField(reader, tag);
    else assertNone(reader, messageEnd(reader, bytes.length), conditions);
  }
}

function assertNone(reader: Reader, end: number, conditions: readonly number[]): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (conditions.includes(tag >>> 3)) {
      throw new RangeError(`a condition not known here, field=${tag >>> 3}`);
    }
    skipField(reader, tag);
  }
}
