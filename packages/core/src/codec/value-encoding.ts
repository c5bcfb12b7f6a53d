import type { ValueEncoding } from '../backend/cache-backend.ts';

/**
 * How a record says what its value's bytes are. The numbers are part of the file format. `records`
 * is MessagePack with msgpackr's record extension: only that keeps a `Map` apart from an object.
 * `shapes` is the same extension with the store's own dictionary of object shapes. `custom` is what
 * a codec of the user's wrote.
 */
export type StoredEncoding = ValueEncoding | 'records' | 'shapes' | 'custom';

const ENCODINGS: readonly StoredEncoding[] = [
  'bytes',
  'text',
  'json',
  'msgpack',
  'records',
  'shapes',
  'custom',
];

export const ENCODING_BYTES = 0;
export const ENCODING_TEXT = 1;
export const ENCODING_JSON = 2;
export const ENCODING_MSGPACK = 3;
export const ENCODING_RECORDS = 4;
export const ENCODING_SHAPES = 5;
export const ENCODING_CUSTOM = 6;

export function encodingName(encoding: number): StoredEncoding | undefined {
  return ENCODINGS[encoding];
}

export function encodingNumber(name: StoredEncoding): number {
  return ENCODINGS.indexOf(name);
}

/** True for values that need the shapes logged before them; `encoding` is as a record has it. */
export function refersToShapes(encoding: number): boolean {
  return (encoding & 15) === ENCODING_SHAPES;
}

/** True for an encoding that clients in any language read. */
export function isPublicEncoding(name: StoredEncoding | undefined): name is ValueEncoding {
  return name !== undefined && !isInternalEncoding(encodingNumber(name));
}

/** True for an encoding that only the store itself reads: to the outside it becomes plain. */
export function isInternalEncoding(encoding: number): boolean {
  return encoding >= ENCODING_RECORDS && encoding <= ENCODING_CUSTOM;
}
