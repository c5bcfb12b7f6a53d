/** The tags of a write, decoded as the rest of operation-decoder.ts is. */
import { TAG_NAME_BYTES_MAX, TAGS_MAX } from '@holdfast/core/client';
import type { Reader } from '../wire/message-reader.ts';
import { textOf } from './utf8-text.ts';

/** `tags` with the next one; no more of them than make it too many. */
export function readTag(
  reader: Reader,
  tags: string[] = [],
  countMax: number = TAGS_MAX,
): string[] {
  const bytes = reader.bytes();
  if (tags.length <= countMax) tags.push(textOf(bytes, TAG_NAME_BYTES_MAX));
  return tags;
}

/** Whether one of them is none, or they are too many. */
export function areInvalidTags(
  tags: readonly string[] | undefined,
  countMax: number = TAGS_MAX,
): boolean {
  return tags !== undefined && (tags.length > countMax || tags.includes(''));
}
