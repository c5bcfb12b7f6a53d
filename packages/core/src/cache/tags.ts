import { encodeTags, tagId } from '../engine/floors.ts';
import { InvalidArgumentError } from '../errors.ts';
import { assertList } from './check-options.ts';

/** Of one value. */
export const TAGS_MAX = 16;
export const TAG_NAME_BYTES_MAX = 256;

const NO_TAGS = new Uint8Array(0);
const utf8 = new TextEncoder();

/** The ids of tags, each once. Throws `INVALID_ARGUMENT` for what are none. */
export function tagIds(tags: Iterable<string>): number[] {
  assertList(tags, 'tags');
  const ids = new Set<number>();
  for (const tag of tags) {
    const bytes = typeof tag === 'string' ? utf8.encode(tag) : NO_TAGS;
    if (bytes.length === 0 || bytes.length > TAG_NAME_BYTES_MAX) {
      throw new InvalidArgumentError(
        `tags must be strings of 1 to ${TAG_NAME_BYTES_MAX} bytes, got=${String(tag).slice(0, 300)}`,
      );
    }
    ids.add(tagId(bytes));
  }
  return [...ids];
}

/** A list of the caller's may change while something is awaited. */
export function ownTags(tags: Iterable<string>): readonly string[] {
  assertList(tags, 'tags');
  return [...tags];
}

/** The tags of a value as they stand before it; nothing if there are none. */
export function tagBytes(tags: Iterable<string>): Uint8Array {
  const ids = tagIds(tags);
  if (ids.length > TAGS_MAX) {
    throw new InvalidArgumentError(`a value has at most ${TAGS_MAX} tags, got=${ids.length}`);
  }
  return ids.length === 0 ? NO_TAGS : encodeTags(ids);
}
