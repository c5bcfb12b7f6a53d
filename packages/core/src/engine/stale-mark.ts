/**
 * A value may be kept for longer than it is shown: to be given while a new one is loaded, or when
 * none can be. Its record expires when it is no longer kept; the deadline, up to which everybody
 * sees it, is the last of its tags:
 *
 *     bits 0–52  Unix milliseconds · 53–62 zero · 63 one, which no tag's id has
 *
 * So all that is about files and reclaiming knows one time only, the later one, and whatever shows
 * values has to look at the mark of those that have tags.
 */

import { isExpired } from '../expiry/expiry.ts';
import { writeTag } from './floors.ts';
import { keyEnd, TAG_BYTES, tagCount } from './record.ts';
import type { Found } from './record-table.ts';

const MARK = 0x80;

/** The deadline of a record that has tags, if it is kept for longer; otherwise `undefined`. */
export function markedDeadlineMs({
  memory,
  offset,
}: Pick<Found, 'memory' | 'offset'>): number | undefined {
  const { words, bytes } = memory;
  return readMark(bytes, keyEnd(words, offset) + 1 + (tagCount(words, offset) - 1) * TAG_BYTES);
}

/** True if the deadline of a record with tags has passed, though it is still kept. */
export function isStale(found: Found, nowMs: number): boolean {
  const deadlineMs = markedDeadlineMs(found);
  return deadlineMs !== undefined && isExpired(deadlineMs, nowMs);
}

/**
 * `tags`, as they stand before a value or empty, with another mark; without one if `deadlineMs` is
 * `undefined`.
 */
export function markTags(tags: Uint8Array, deadlineMs: number | undefined): Uint8Array {
  const isMarked = tags.length > 0 && readMark(tags, tags.length - TAG_BYTES) !== undefined;
  const count = Math.floor(tags.length / TAG_BYTES) - (isMarked ? 1 : 0);
  const marked = count + (deadlineMs === undefined ? 0 : 1);
  if (marked === 0) return new Uint8Array(0);
  const bytes = new Uint8Array(1 + marked * TAG_BYTES);
  bytes.set(tags.subarray(0, 1 + count * TAG_BYTES));
  bytes[0] = marked;
  if (deadlineMs !== undefined) {
    const at = bytes.length - TAG_BYTES;
    writeTag(deadlineMs, bytes, at);
    bytes[at + TAG_BYTES - 1] = MARK;
  }
  return bytes;
}

function readMark(bytes: Uint8Array, at: number): number | undefined {
  const high = at + TAG_BYTES - 1;
  if (((bytes[high] as number) & MARK) === 0) return undefined;
  let deadlineMs = 0;
  for (let index = high - 1; index >= at; index--) {
    deadlineMs = deadlineMs * 256 + (bytes[index] as number);
  }
  return deadlineMs;
}
