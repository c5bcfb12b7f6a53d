import { copyBytes } from '../engine/copy-bytes.ts';
import { type RecordMemory, recordEncoding, valueEnd, valueStart } from '../engine/record.ts';
import { HoldfastError } from '../errors.ts';
import type { Accelerators } from '../ports/accelerators.ts';
import type { Compressors } from '../ports/compression.ts';
import type { Codec } from './codec.ts';
import { decodeCustom } from './custom-encoder.ts';
import { unpackPlain } from './plain-msgpack.ts';
import { unpackRecords } from './record-msgpack.ts';
import type { ShapeDictionary } from './shape-dictionary.ts';
import { decompressValue, isCompressed, plainEncoding } from './value-compression.ts';
import {
  ENCODING_BYTES,
  ENCODING_CUSTOM,
  ENCODING_JSON,
  ENCODING_MSGPACK,
  ENCODING_RECORDS,
  ENCODING_SHAPES,
  ENCODING_TEXT,
} from './value-encoding.ts';

/** A larger value gets a buffer of its own, so that the one kept stays small. */
const SCRATCH_BYTES = 64 * 1024;

/** Up to this size a loop over words beats making a view. */
const LOOP_BYTES_MAX = 256;

export interface ValueDecoderOptions {
  /** Reads the values that a codec of its name wrote. */
  readonly codec?: Codec;
  readonly compressors?: Compressors | undefined;
  /** No compressed value may be larger. */
  readonly valueBytesMax?: number;
}

/**
 * Reads values out of records. The bytes are copied first: decoders do not take shared memory, and
 * a value must not change with the memory it was read from.
 */
export class ValueDecoder {
  readonly #scratch: Uint8Array<ArrayBuffer> = new Uint8Array(SCRATCH_BYTES);
  readonly #scratchWords: Int32Array = new Int32Array(this.#scratch.buffer);
  readonly #decodeUtf8: (data: Uint8Array, start: number, end: number) => string;
  readonly #shapes: ShapeDictionary;
  readonly #options: ValueDecoderOptions;
  /** One object for all calls: reading a value allocates nothing but the value. */
  readonly #range = { start: 0, end: 0 };

  constructor(
    accelerators: Accelerators | undefined,
    shapes: ShapeDictionary,
    options: ValueDecoderOptions = {},
  ) {
    this.#shapes = shapes;
    this.#options = options;
    const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
    this.#decodeUtf8 =
      accelerators?.decodeUtf8 ??
      ((data, start, end) => textDecoder.decode(data.subarray(start, end)));
  }

  /** The value of the record at `offset`, as `decode`. */
  decodeRecord(memory: RecordMemory, offset: number): unknown {
    const { words } = memory;
    const start = valueStart(words, offset);
    return this.decode(recordEncoding(words, offset), memory, start, valueEnd(words, offset));
  }

  /** A fresh value. Throws `CORRUPT` for bytes that are not what their encoding says. */
  decode(encoding: number, memory: RecordMemory, start: number, end: number): unknown {
    const length = end - start;
    if (encoding > ENCODING_SHAPES) return this.#decodeRare(encoding, memory, start, end);
    if (encoding !== ENCODING_BYTES && length <= LOOP_BYTES_MAX) {
      const first = start >> 2;
      const words = (end + 3) >> 2;
      const scratch = this.#scratchWords;
      for (let word = first; word < words; word++) {
        scratch[word - first] = memory.words[word] as number;
      }
      return this.#read(encoding, this.#scratch, start & 3, (start & 3) + length);
    }
    if (encoding === ENCODING_BYTES || length > SCRATCH_BYTES) {
      const copy = new Uint8Array(length);
      copyBytes(memory.bytes, start, length, copy, 0);
      return encoding === ENCODING_BYTES ? copy : this.#read(encoding, copy, 0, length);
    }
    copyBytes(memory.bytes, start, length, this.#scratch, 0);
    return this.#read(encoding, this.#scratch, 0, length);
  }

  /** The bytes of a compressed value, before they were compressed: memory of its own. */
  decompress(encoding: number, memory: RecordMemory, start: number, end: number): Uint8Array {
    const compressed = new Uint8Array(end - start);
    copyBytes(memory.bytes, start, compressed.length, compressed, 0);
    const { compressors = {}, valueBytesMax = 0 } = this.#options;
    return decompressValue(encoding, compressed, compressors, valueBytesMax);
  }

  /** As `decode`, for bytes that are nobody else's. */
  decodeOwn(encoding: number, data: Uint8Array): unknown {
    if (encoding === ENCODING_BYTES) return data;
    if (encoding !== ENCODING_CUSTOM) return this.#read(encoding, data, 0, data.length);
    return decodeCustom(this.#options.codec, data, 0, data.length);
  }

  #decodeRare(encoding: number, memory: RecordMemory, start: number, end: number): unknown {
    if (isCompressed(encoding)) {
      const data = this.decompress(encoding, memory, start, end);
      return this.decodeOwn(plainEncoding(encoding), data);
    }
    if (encoding === ENCODING_CUSTOM) {
      return decodeCustom(this.#options.codec, memory.bytes, start, end);
    }
    throw new HoldfastError('CORRUPT', `unknown encoding=${encoding}`);
  }

  #read(encoding: number, data: Uint8Array, start: number, end: number): unknown {
    const range = this.#range;
    range.start = start;
    range.end = end;
    try {
      if (encoding === ENCODING_TEXT) return this.#decodeUtf8(data, start, end);
      // msgpackr takes an end of 0 for no end at all, and would read whatever lies there.
      if (start === end) throw new Error('no bytes');
      if (encoding === ENCODING_SHAPES) return this.#shapes.unpack(data, range);
      if (encoding === ENCODING_MSGPACK) return unpackPlain(data, range);
      if (encoding === ENCODING_RECORDS) return unpackRecords(data, range);
      if (encoding === ENCODING_JSON) return JSON.parse(this.#decodeUtf8(data, start, end));
    } catch (error) {
      const message = `the stored bytes are not of their encoding encoding=${encoding}`;
      throw new HoldfastError('CORRUPT', message, { cause: error });
    }
    throw new HoldfastError('CORRUPT', `unknown encoding=${encoding}`);
  }
}
