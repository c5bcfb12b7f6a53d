// Goal: bytes that are no value of their encoding are CORRUPT, and never somebody else's value.
// Method: records of no bytes and of wrong ones, after a value that filled the decoder's buffer.
// Not covered: values that are right (the cache's conformance suite).
import { expect, test } from 'vitest';
import { packPlain } from './plain-msgpack.ts';
import { ShapeDictionary } from './shape-dictionary.ts';
import { ValueDecoder } from './value-decoder.ts';
import {
  ENCODING_JSON,
  ENCODING_MSGPACK,
  ENCODING_RECORDS,
  ENCODING_SHAPES,
} from './value-encoding.ts';

const BUFFER_BYTES = 64 * 1024;

function memoryOf(bytes: Uint8Array): { bytes: Uint8Array; words: Int32Array } {
  const copy = new Uint8Array(BUFFER_BYTES);
  copy.set(bytes);
  return { bytes: copy, words: new Int32Array(copy.buffer) };
}

test.each([
  ['msgpack', ENCODING_MSGPACK],
  ['records', ENCODING_RECORDS],
  ['shapes', ENCODING_SHAPES],
  ['json', ENCODING_JSON],
  ['an unknown encoding', 15],
])('no bytes of %s are CORRUPT, whatever was read before', (_name, encoding) => {
  const decoder = new ValueDecoder(undefined, new ShapeDictionary());
  const secret = packPlain('x'.repeat(BUFFER_BYTES - 3));
  expect(secret.length).toBe(BUFFER_BYTES);
  const memory = memoryOf(secret);
  expect(decoder.decode(ENCODING_MSGPACK, memory, 0, BUFFER_BYTES)).toHaveLength(BUFFER_BYTES - 3);
  for (const start of [0, 1, 8]) {
    const reading = (): unknown => decoder.decode(encoding, memory, start, start);
    expect(reading).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  }
});
