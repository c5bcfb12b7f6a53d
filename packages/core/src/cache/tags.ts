import { encodeTags, tagId } from '../engine/floors.ts';
import { InvalidArgumentError } from '../errors.ts';
import { assertList } from './check-options.ts';

/** Of one value. */
export const TAGS_MAX = 16;
export const TAG_NAME_BYTES_MAX = 256;

const NO_BYTES = new Uint8Array(0);
const utf8 = new TextEncoder();

/**
 * The ids of tags, each once. Throws `INVALID_ARGUMENT` for what are none. `start` is what those of
 * a namespace begin with: they are its own.
 */
export function tagIds(tags: Iterable<string>, start: Uint8Array = NO_BYTES): number[] {
  assertList(tags, 'tags');
  const ids = new Set<number>();
  for (const tag of tags) {
    const bytes = typeof tag === 'string' ? utf8.encode(tag) : NO_BYTES;
    if (bytes.length === 0 || bytes.length > TAG_NAME_BYTES_MAX) {
      throw new InvalidArgumentError(
        `tags must be strings of 1 to ${TAG_NAME_BYTES_MAX} bytes, got=${String(tag).slice(0, 300)}`,
      );
    }
    ids.add(tagId(start.length === 0 ? bytes : joined(start, bytes)));
  }
  return [...ids];
}

function joined(start: Uint8Array, end: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(start.length + end.length);
  bytes.set(start);
  bytes.set(end, start.length);
  return bytes;
}

/** A list of the caller's may change while something is awaited. */
export function ownTags(tags: Iterable<string>): readonly string[] {
  assertList(tags, 'tags');
  return [...tags];
}

/** The tags of a value as they stand before it; nothing if there are none. */
export function tagBytes(
  tags: Iterable<string>,
  start: Uint8Array = NO_BYTES,
  before: readonly number[] = [],
): Uint8Array {
  const ids = tagIds(tags, start);
  if (ids.length > TAGS_MAX) {
    throw new InvalidArgumentError(`a value has at most ${TAGS_MAX} tags, got=${ids.length}`);
  }
  const all = [...before, ...ids];
  return all.length === 0 ? NO_BYTES : encodeTags(all);
}
