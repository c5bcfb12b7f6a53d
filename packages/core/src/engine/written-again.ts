import { NEVER } from '../expiry/expiry.ts';
import type { NewRecord } from './new-record.ts';
import {
  isTagged,
  keyEnd,
  recordCreatedAtMs,
  recordEncoding,
  valueEnd,
  valueStart,
} from './record.ts';
import type { Found } from './record-table.ts';
import { markTags } from './stale-mark.ts';
import { stampOf } from './stamp.ts';

const NO_BYTES = new Uint8Array(0);

/**
 * Makes `record` the found one with another deadline: the same value and tags, kept for as long
 * past the deadline as before. Returns until when it is kept. `record.value` is the found one's
 * memory: it has to be appended in the same turn.
 */
export function fillAgain(record: NewRecord, found: Found, deadlineMs: number): number {
  const { memory, offset, segment } = found;
  const { words, bytes } = memory;
  const start = keyEnd(words, offset);
  record.isTagged = isTagged(words, offset);
  record.tags = NO_BYTES;
  record.encoding = recordEncoding(words, offset);
  record.value = bytes;
  record.valueStart = start;
  record.valueBytes = valueEnd(words, offset) - start;
  record.createdAtMs = recordCreatedAtMs(words, offset, segment.timeBaseMs);
  if (!record.isTagged) return deadlineMs;
  const { expiresAtMs, keptUntilMs } = stampOf(found);
  if (expiresAtMs === keptUntilMs) return deadlineMs;
  record.valueStart = valueStart(words, offset);
  const tags = bytes.slice(start, record.valueStart);
  record.tags = markTags(tags, deadlineMs === NEVER ? undefined : deadlineMs);
  record.isTagged = record.tags.length > 0;
  record.valueBytes += record.tags.length - tags.length;
  return deadlineMs + keptUntilMs - expiresAtMs;
}
