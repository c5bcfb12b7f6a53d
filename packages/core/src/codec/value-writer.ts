import type { EncodedValue } from '../backend/cache-backend.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import type { Encoder } from './encoder.ts';
import { compressedEncoding, compressValue, type ValueCompression } from './value-compression.ts';
import { encodingNumber, isInternalEncoding } from './value-encoding.ts';

/**
 * Values on their way into records: encoded, within the limit, compressed if that makes them
 * smaller. The bytes are in `data[start, start + length)` until the next value is taken: to be
 * copied in the same turn.
 */
export class ValueWriter {
  data: Uint8Array = new Uint8Array(0);
  start = 0;
  length = 0;
  readonly #encoder: Encoder;
  readonly #valueBytesMax: number;
  readonly #compression: ValueCompression | undefined;

  constructor(options: {
    encoder: Encoder;
    valueBytesMax: number;
    compression: ValueCompression | undefined;
  }) {
    this.#encoder = options.encoder;
    this.#valueBytesMax = options.valueBytesMax;
    this.#compression = options.compression;
  }

  /**
   * Encodes a value and returns its encoding number. Throws `TOO_LARGE`, and what the encoder
   * throws; what the value itself runs (a getter, a `toJSON`) may use this writer.
   */
  encode(value: unknown): number {
    const encoder = this.#encoder;
    const encoding = encoder.encode(value);
    return this.#take(encoding, encoder.data, encoder.start, encoder.length);
  }

  /** Takes a value that a client has encoded. Throws `TOO_LARGE`, `INVALID_ARGUMENT`. */
  takeEncoded({ encoding, data }: EncodedValue): number {
    const number = encodingNumber(encoding);
    if (number < 0 || isInternalEncoding(number)) {
      throw new InvalidArgumentError(`unknown encoding=${String(encoding)}`);
    }
    return this.#take(number, data, 0, data.length);
  }

  #take(encoding: number, data: Uint8Array, start: number, length: number): number {
    const limit = this.#valueBytesMax;
    if (length > limit) {
      throw new HoldfastError('TOO_LARGE', `value too large bytes=${length} limit=${limit}`, {
        details: { bytes: length, limit },
      });
    }
    this.data = data;
    this.start = start;
    this.length = length;
    const compression = this.#compression;
    return compression === undefined || length < compression.bytesMin
      ? encoding
      : this.#compress(encoding, compression);
  }

  #compress(encoding: number, { name, compressor }: ValueCompression): number {
    const plain = this.data.subarray(this.start, this.start + this.length);
    const compressed = compressValue(plain, compressor);
    if (compressed === undefined) return encoding;
    this.data = compressed;
    this.start = 0;
    this.length = compressed.length;
    return compressedEncoding(encoding, name);
  }
}
