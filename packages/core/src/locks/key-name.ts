/**
 * The name a key's lock has in the table: text for all keys, so that a string names the same lock
 * as its bytes. Strings are their own names and cost nothing. Bytes that some string has become
 * that string; those that none has (bad UTF-8) get a name behind a mark, as do the keys of
 * namespaces, and the few strings that begin with the mark get a second one.
 */
import { type CacheKey, KEY_BYTES_MAX } from '../engine/key-encoder.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';

const MARK = '\uffff';
const MARK_UNIT = 0xffff;

/**
 * Throws `INVALID_ARGUMENT` for what is no key and `TOO_LARGE` for one over 64 KiB. `space` is that
 * of the key's namespace.
 */
export function keyLockName(key: CacheKey, space = ''): string {
  return space === '' ? nameOf(key) : space + nameOf(key);
}

/** Before the names of all keys of a namespace, and of no other: the mark, how many, and which. */
export function namespaceSpace(names: readonly string[]): string {
  const each = names.map((name) => `${name.length}:${name}`);
  return names.length === 0 ? '' : `${MARK}n${names.length}:${each.join('')}`;
}

function nameOf(key: CacheKey): string {
  if (typeof key === 'string') {
    // A UTF-16 unit is at most three bytes: only long keys need counting.
    if (key.length * 3 > KEY_BYTES_MAX) assertKeySize(textSize(key));
    return key.charCodeAt(0) === MARK_UNIT ? MARK + key : key;
  }
  if (!(key instanceof Uint8Array)) {
    throw new InvalidArgumentError(`a key must be a string or a Uint8Array, got=${typeof key}`);
  }
  assertKeySize(key.length);
  const text = textOf(key);
  if (text !== undefined) return text.charCodeAt(0) === MARK_UNIT ? MARK + text : text;
  let name = `${MARK}b`;
  for (const byte of key) name += String.fromCharCode(byte);
  return name;
}

/** What a lease says it is for: the key, or as much of it as is text. */
export function keyDisplayName(key: CacheKey): string {
  return typeof key === 'string' ? key : (textOf(key) ?? new TextDecoder().decode(key));
}

function assertKeySize(bytes: number): void {
  if (bytes <= KEY_BYTES_MAX) return;
  throw new HoldfastError('TOO_LARGE', `key too long limit=${KEY_BYTES_MAX}`, {
    details: { keyBytes: bytes, limit: KEY_BYTES_MAX },
  });
}

/** Bytes of `text` in UTF-8, lone surrogates as three each, as the engine stores them. */
function textSize(text: string): number {
  let size = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) as number;
    if (point >= 0x10000) index += 1;
    size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return size;
}

/** The one string with these bytes, `undefined` if there is none. */
function textOf(bytes: Uint8Array): string | undefined {
  let text = '';
  let wasHighSurrogate = false;
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index++] as number;
    const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (more < 0) return undefined;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let count = 0; count < more; count++) {
      const next = bytes[index++] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    if (more === 2 && point < 0x800) return undefined;
    if (more === 3 && (point < 0x10000 || point > 0x10ffff || first > 0xf4)) return undefined;
    // A pair of surrogates has four bytes: no string has these six.
    if (wasHighSurrogate && (point & 0xfffffc00) === 0xdc00) return undefined;
    wasHighSurrogate = (point & 0xfffffc00) === 0xd800;
    text += String.fromCodePoint(point);
  }
  return text;
}
