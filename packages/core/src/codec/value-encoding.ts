import type { ValueEncoding } from '../backend/cache-backend.ts';

/**
 * How a record says what its value's bytes are. The numbers are part of the file format. `records`
 * is MessagePack with msgpackr's record extension: only that keeps a `Map` apart from an object.
 */
export type StoredEncoding = ValueEncoding | 'records';

const ENCODINGS: readonly StoredEncoding[] = ['bytes', 'text', 'json', 'msgpack', 'records'];

export const ENCODING_BYTES = 0;
export const ENCODING_TEXT = 1;
export const ENCODING_JSON = 2;
export const ENCODING_MSGPACK = 3;
export const ENCODING_RECORDS = 4;

export function encodingName(encoding: number): StoredEncoding | undefined {
  return ENCODINGS[encoding];
}

export function encodingNumber(name: StoredEncoding): number {
  return ENCODINGS.indexOf(name);
}
