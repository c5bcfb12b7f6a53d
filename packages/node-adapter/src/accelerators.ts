import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Accelerators } from '@holdfast/core';

/**
 * Decodes in place, without the view and the object that `TextDecoder` needs: 0.15 µs against 0.31
 * for 20 bytes.
 */
const utf8Slice = (
  Buffer.prototype as unknown as {
    utf8Slice?: (this: Uint8Array, start: number, end: number) => string;
  }
).utf8Slice;

export const nodeAccelerators: Accelerators = {
  crc32: (bytes, seed) => crc32(bytes, seed),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  // Not documented by Node, though it has been there since its first years: without it core's own
  // decoder is used.
  ...(utf8Slice !== undefined && {
    decodeUtf8: (bytes: Uint8Array, start: number, end: number): string =>
      utf8Slice.call(bytes, start, end),
  }),
};
