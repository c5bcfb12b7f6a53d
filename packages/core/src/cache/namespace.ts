import { encodeTags, tagId } from '../engine/floors.ts';
import {
  decodeNamespacePrefix,
  encodeNamespacePrefix,
  NAMESPACE_DEPTH_MAX,
  NAMESPACE_NAME_BYTES_MAX,
} from '../engine/namespace-prefix.ts';
import { InvalidArgumentError } from '../errors.ts';
import { namespaceSpace } from '../locks/key-name.ts';
import { tagBytes, tagIds } from './tags.ts';

/** No UTF-8 has it: what begins with it is the tag of no value but a namespace's. */
const NAMESPACE_BYTE = 0xff;

const NO_BYTES = new Uint8Array(0);
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * What keys belong to: a namespace, or none. Its values have a tag of its own, and one of each
 * namespace that it is in, so that clearing one of them is the invalidation of a tag.
 */
export class Namespace {
  /** Its name, after those of the namespaces it is in; empty for none. */
  readonly names: readonly string[];
  /** What its keys begin with. */
  readonly prefix: Uint8Array;
  /** The ids of the tags that all its values have: its own, then from the inside out. */
  readonly ids: readonly number[];
  /** What the names of its keys' locks and loads begin with. */
  readonly space: string;
  /** These tags, as they stand before a value; `undefined` for none. */
  readonly tags: Uint8Array | undefined;
  readonly #tagStart: Uint8Array;

  private constructor(names: readonly string[], encoded: readonly Uint8Array[], ids: number[]) {
    this.names = names;
    this.space = namespaceSpace(names);
    this.prefix = names.length === 0 ? NO_BYTES : encodeNamespacePrefix(encoded);
    this.#tagStart = names.length === 0 ? NO_BYTES : Uint8Array.of(NAMESPACE_BYTE, ...this.prefix);
    this.ids = names.length === 0 ? ids : [tagId(this.#tagStart), ...ids];
    this.tags = names.length === 0 ? undefined : encodeTags(this.ids);
  }

  /** Keys that are in no namespace. */
  static readonly NONE: Namespace = new Namespace([], [], []);

  /** The namespace of that name in this one. Throws `INVALID_ARGUMENT` for what is no name. */
  within(name: string): Namespace {
    const own = typeof name === 'string' ? utf8.encode(name) : NO_BYTES;
    if (
      own.length === 0 ||
      own.length > NAMESPACE_NAME_BYTES_MAX ||
      fromUtf8.decode(own) !== name
    ) {
      throw new InvalidArgumentError(
        `a namespace must be a string of 1 to ${NAMESPACE_NAME_BYTES_MAX} bytes of UTF-8, got=${String(name).slice(0, 300)}`,
      );
    }
    if (this.names.length === NAMESPACE_DEPTH_MAX) {
      throw new InvalidArgumentError(`namespaces are at most ${NAMESPACE_DEPTH_MAX} deep`);
    }
    const names = [...this.names, name];
    return new Namespace(
      names,
      names.map((each) => utf8.encode(each)),
      [...this.ids],
    );
  }

  /** The ids of tags that are this namespace's, each once. Throws for what are none. */
  tagIds(tags: Iterable<string>): number[] {
    return tagIds(tags, this.#tagStart);
  }

  /** The tags of one of its values, as they stand before it. */
  tagBytes(tags: Iterable<string>): Uint8Array {
    return tagBytes(tags, this.#tagStart, this.ids);
  }
}

/** Of a key that begins with a namespace: that one's space, and the key itself. */
export function splitKey(key: Uint8Array): { readonly space: string; readonly key: Uint8Array } {
  const { names, keyStart } = decodeNamespacePrefix(key);
  const space = namespaceSpace(names.map((name) => fromUtf8.decode(name)));
  return { space, key: key.slice(keyStart) };
}
