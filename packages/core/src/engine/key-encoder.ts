/**
 * Turns keys into bytes and a 32-bit hash, without allocating: both stay in this object until the
 * next call.
 *
 * Text becomes UTF-8, with lone surrogates as three bytes each (the WTF-8 form), so that no two
 * strings share their bytes. A string therefore names the same key as its UTF-8 bytes.
 *
 * The hash is FNV-1a started from the store's secret seed and finished with MurmurHash3's mixer,
 * because the index takes its bucket from the low bits and its tag from the high ones. It only
 * narrows the search: the full key is always compared.
 *
 * A key of a namespace has the namespace's prefix before it (see namespace-prefix.ts), and is told
 * from another key with the same bytes by `isNamed`.
 */

import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { copyBytes } from './copy-bytes.ts';
import { NAMESPACE_PREFIX_BYTES_MAX } from './namespace-prefix.ts';

/** A string, or bytes. */
export type CacheKey = string | Uint8Array;

/** The longest key, in bytes of its UTF-8, what a namespace puts before it left out. */
export const KEY_BYTES_MAX = 65_536;

const NO_PREFIX = new Uint8Array(0);

export class KeyEncoder {
  /** The key's bytes, in `[0, length)`. */
  readonly bytes: Uint8Array = new Uint8Array(NAMESPACE_PREFIX_BYTES_MAX + KEY_BYTES_MAX);
  length = 0;
  hash = 0;
  isText = false;
  /** The bytes begin with a namespace. */
  isNamed = false;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** `prefix` is the key's namespace; empty for a key that is in none. */
  encode(key: CacheKey, prefix: Uint8Array = NO_PREFIX): void {
    const start = prefix.length;
    this.isNamed = start > 0;
    if (start > 0) this.bytes.set(prefix);
    if (typeof key === 'string') this.#encodeText(key, start);
    else if (key instanceof Uint8Array) this.#encodeBytes(key, start);
    else
      throw new InvalidArgumentError(`a key must be a string or a Uint8Array, got=${typeof key}`);
  }

  /** Hot: one pass writes the bytes and hashes them. */
  #encodeText(key: string, start: number): void {
    const bytes = this.bytes;
    const units = key.length;
    let hash = start === 0 ? this.#seed : this.#hashUpTo(bytes, 0, start);
    if (units > KEY_BYTES_MAX) throw tooLong(units);
    let length = start;
    for (let index = 0; index < units; index++) {
      const unit = key.charCodeAt(index);
      if (unit > 127) {
        this.#encodeWideText(key, start);
        return;
      }
      bytes[length++] = unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    this.length = length;
    this.hash = mix(hash);
    this.isText = true;
  }

  #encodeWideText(key: string, start: number): void {
    const bytes = this.bytes;
    const end = start + KEY_BYTES_MAX;
    let length = start;
    for (let index = 0; index < key.length; index++) {
      let point = key.charCodeAt(index);
      if ((point & 0xfc00) === 0xd800 && (key.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
        point = key.codePointAt(index++) as number;
      }
      if (length + 4 > end && length + utf8Size(point) > end) {
        throw tooLong(length - start + utf8Size(point));
      }
      if (point < 0x80) {
        bytes[length++] = point;
      } else if (point < 0x800) {
        bytes[length++] = 0xc0 | (point >> 6);
        bytes[length++] = 0x80 | (point & 0x3f);
      } else if (point < 0x10000) {
        bytes[length++] = 0xe0 | (point >> 12);
        bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
        bytes[length++] = 0x80 | (point & 0x3f);
      } else {
        bytes[length++] = 0xf0 | (point >> 18);
        bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
        bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
        bytes[length++] = 0x80 | (point & 0x3f);
      }
    }
    this.#finish(length, true);
  }

  #encodeBytes(key: Uint8Array, start: number): void {
    if (key.length > KEY_BYTES_MAX) throw tooLong(key.length);
    this.bytes.set(key, start);
    this.#finish(start + key.length, false);
  }

  /** Makes a key that lies in `source` the encoded one. */
  take(source: Uint8Array, start: number, length: number, isText: boolean, isNamed: boolean): void {
    copyBytes(source, start, length, this.bytes, 0);
    this.isNamed = isNamed;
    this.#finish(length, isText);
  }

  #finish(length: number, isText: boolean): void {
    this.length = length;
    this.isText = isText;
    this.hash = this.hashOf(this.bytes, 0, length);
  }

  /** The hash of a key that is bytes already. */
  hashOf(bytes: Uint8Array, start: number, end: number): number {
    return mix(this.#hashUpTo(bytes, start, end));
  }

  #hashUpTo(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return hash;
  }
}

/** Reads a text key back, lone surrogates included. */
export function decodeTextKey(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; ) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = first & (0x3f >> more);
    for (let index = 0; index < more; index++)
      point = (point << 6) | ((bytes[at++] as number) & 0x3f);
    text += String.fromCodePoint(point);
  }
  return text;
}

function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function utf8Size(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function tooLong(bytes: number): HoldfastError {
  return new HoldfastError('TOO_LARGE', `key too long limit=${KEY_BYTES_MAX}`, {
    details: { keyBytes: bytes, limit: KEY_BYTES_MAX },
  });
}
