import { copyBytes } from '../engine/copy-bytes.ts';
import { type RecordMemory, recordEncoding, valueEnd, valueStart } from '../engine/record.ts';
import { HoldfastError } from '../errors.ts';
import type { Accelerators } from '../ports/accelerators.ts';
import type { Codec } from './codec.ts';
import { decodeCustom } from './custom-encoder.ts';
import { unpackPlain } from './plain-msgpack.ts';
import { unpackRecords } from './record-msgpack.ts';
import type { ShapeDictionary } from './shape-dictionary.ts';
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

/**
 * Reads values out of records. The bytes are copied first: decoders do not take shared memory, and
 * a value must not change with the memory it was read from.
 */
export class ValueDecoder {
  readonly #scratch: Uint8Array<ArrayBuffer> = new Uint8Array(SCRATCH_BYTES);
  readonly #scratchWords: Int32Array = new Int32Array(this.#scratch.buffer);
  readonly #decodeUtf8: (data: Uint8Array, start: number, end: number) => string;
  readonly #shapes: ShapeDictionary;
  readonly #codec: Codec | undefined;
  /** One object for all calls: reading a value allocates nothing but the value. */
  readonly #range = { start: 0, end: 0 };

  /** `codec` reads the values that one of its name wrote. */
  constructor(accelerators: Accelerators | undefined, shapes: ShapeDictionary, codec?: Codec) {
    this.#shapes = shapes;
    this.#codec = codec;
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
    if (encoding === ENCODING_CUSTOM) return decodeCustom(this.#codec, memory.bytes, start, end);
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
