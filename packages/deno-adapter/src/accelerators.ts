import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Accelerators } from '@holdfast/core';

const utf8Slice = (
  Buffer.prototype as unknown as {
    utf8Slice: (this: Uint8Array, start: number, end: number) => string;
  }
).utf8Slice;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * From here on `TextDecoder` wins: at 20 bytes it takes 0.31 µs against 0.16, at 1000 bytes 0.23
 * against 1.24.
 */
const DECODER_BYTES_MIN = 100;

export const denoAccelerators: Accelerators = {
  crc32: (bytes, seed) => crc32(bytes, seed),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  decodeUtf8: (bytes, start, end) =>
    end - start < DECODER_BYTES_MIN
      ? utf8Slice.call(bytes, start, end)
      : decoder.decode(bytes.subarray(start, end)),
};
