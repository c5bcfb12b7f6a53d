/**
 * Compressed values. A record's encoding number has two halves: bits 0–3 say what the value's bytes
 * are (value-encoding.ts), bits 4–7 how these are compressed. A compressed value is
 *
 *     offset  size  field
 *          0     4  length  of the bytes before they were compressed, little-endian
 *          4        what the algorithm made of them
 *
 * The length bounds what is decompressed, and what comes out has to be exactly as long: some
 * decompressors take a stream that was cut off for a whole one.
 */

import { HoldfastError } from '../errors.ts';
import type { CompressionName, Compressor, Compressors } from '../ports/compression.ts';

export const COMPRESSION_NONE = 0;
export const COMPRESSION_GZIP = 1;
export const COMPRESSION_DEFLATE = 2;
export const COMPRESSION_BROTLI = 3;
export const COMPRESSION_ZSTD = 4;

const NAMES: readonly (CompressionName | undefined)[] = [
  undefined,
  'gzip',
  'deflate',
  'brotli',
  'zstd',
];

const COMPRESSION_SHIFT = 4;
const ENCODING_MASK = 15;
const LENGTH_BYTES = 4;

/** How new values are compressed. */
export interface ValueCompression {
  readonly name: CompressionName;
  readonly compressor: Compressor;
  /** Smaller values stay as they are. */
  readonly bytesMin: number;
}

export function isCompressed(encoding: number): boolean {
  return encoding > ENCODING_MASK;
}

/** What the bytes are once they are decompressed. */
export function plainEncoding(encoding: number): number {
  return encoding & ENCODING_MASK;
}

export function compressedEncoding(encoding: number, name: CompressionName): number {
  return encoding | (NAMES.indexOf(name) << COMPRESSION_SHIFT);
}

/** The number itself for an algorithm that this version does not know. */
export function compressionName(encoding: number): CompressionName | number {
  const number = encoding >> COMPRESSION_SHIFT;
  return NAMES[number] ?? number;
}

/** `undefined` if it would not be shorter. */
export function compressValue(bytes: Uint8Array, compressor: Compressor): Uint8Array | undefined {
  const stream = compressor.compress(bytes);
  const length = LENGTH_BYTES + stream.length;
  if (length >= bytes.length) return undefined;
  const compressed = new Uint8Array(length);
  new DataView(compressed.buffer).setUint32(0, bytes.length, true);
  compressed.set(stream, LENGTH_BYTES);
  return compressed;
}

/** Memory of its own. Throws `CORRUPT`, for more than `bytesMax` as well. */
export function decompressValue(
  encoding: number,
  compressed: Uint8Array,
  compressors: Compressors,
  bytesMax: number,
): Uint8Array {
  const number = encoding >> COMPRESSION_SHIFT;
  const name = NAMES[number];
  const compressor = name && compressors[name];
  if (compressor === undefined) {
    const message = `this runtime lacks the value's compression=${name ?? number}`;
    throw new HoldfastError('CORRUPT', message, { details: { compression: name ?? number } });
  }
  if (compressed.length <= LENGTH_BYTES) throw corrupt(name, undefined);
  const length = new DataView(compressed.buffer, compressed.byteOffset).getUint32(0, true);
  if (length > bytesMax) {
    const message = `a compressed value over valueBytesMax bytes=${length} limit=${bytesMax}`;
    throw new HoldfastError('CORRUPT', message, { details: { bytes: length, limit: bytesMax } });
  }
  let plain: Uint8Array;
  try {
    plain = compressor.decompress(compressed.subarray(LENGTH_BYTES), length);
  } catch (cause) {
    throw corrupt(name, cause);
  }
  if (plain.length !== length) throw corrupt(name, undefined);
  // Compressors give views of larger memory, and subclasses of Uint8Array.
  return new Uint8Array(plain);
}

function corrupt(name: CompressionName | undefined, cause: unknown): HoldfastError {
  return new HoldfastError('CORRUPT', `the value cannot be decompressed compression=${name}`, {
    details: { compression: name },
    ...(cause !== undefined && { cause }),
  });
}
