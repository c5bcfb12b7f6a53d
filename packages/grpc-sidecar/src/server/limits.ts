/**
 * What requests may not exceed. Part of the interface: `GetServerInfo` tells them, cache.proto and
 * lock.proto name them.
 */

export const KEY_BYTES_MAX = 65_536;
export const BATCH_OPERATIONS_MAX = 10_000;
/** Of one InvalidateTags. */
export const INVALIDATED_TAGS_MAX = 1_000;

/**
 * Of one pipeline: executed at once, and their messages' bytes. Beyond, the server stops reading.
 */
export const PIPELINE_BATCHES_MAX = 32;
export const PIPELINE_BYTES_MAX = 33_554_432;

/**
 * Messages that wait for a session's client to read. Beyond, the stream ends; the session lives on.
 */
export const SESSION_MESSAGES_MAX = 1_024;
/** Beyond this many of them, news of a queue and of a late keep-alive is dropped. */
export const SESSION_ADVICE_MAX = 64;
/** Of one message of a client about locks; far more than any of use has. */
export const LOCK_MESSAGE_BYTES_MAX = 65_536;
/** Until a stream says Hello. */
export const HELLO_TIMEOUT_MS = 10_000;
export const CLIENT_NAME_BYTES_MAX = 256;
export const METADATA_ENTRIES_MAX = 32;
export const METADATA_KEY_BYTES_MAX = 64;
export const METADATA_VALUE_BYTES_MAX = 256;
/** With the name 4,096, which is what the lock table takes. */
export const METADATA_BYTES_MAX = 3_840;
/** `Hello.session_ttl`, if absent. */
export const SESSION_TTL_MS_DEFAULT = 15_000;

/** Calls of GetOrLease that are open, and how long one of them may load. */
export const FILL_CALLS_MAX = 20_000;
export const FILL_TTL_MS_DEFAULT = 300_000;
/** Of values on their way to those who waited for a load, all together. */
export const FILL_BYTES_MAX = 33_554_432;

/** Streams of WatchLocks, and the changes that wait for the client of each. */
export const LOCK_WATCHERS_MAX = 64;
export const LOCK_CHANGES_MAX = 1_024;
/** Of a list: locks or sessions. */
export const PAGE_SIZE_MAX = 1_000;
export const PAGE_SIZE_DEFAULT = 100;

/** What one message holds beside values: keys, statuses, framing. */
const MESSAGE_RESERVE_BYTES = 4_194_304;
const MESSAGE_BYTES_MIN = 33_554_432;

/** Bytes of one message: room for the largest value, and never less than 32 MiB. */
export function messageBytesMax(valueBytesMax: number): number {
  return Math.max(MESSAGE_BYTES_MIN, valueBytesMax + 2 * MESSAGE_RESERVE_BYTES);
}

/** Bytes of values that one response carries. */
export function responseValueBytesMax(valueBytesMax: number): number {
  return messageBytesMax(valueBytesMax) - MESSAGE_RESERVE_BYTES;
}
