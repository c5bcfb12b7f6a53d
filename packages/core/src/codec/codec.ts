/**
 * Values as bytes. A codec decides how a value is written; how it was written stands with it, so
 * every value is read back rightly whatever codec the cache is opened with later.
 *
 * `encode` leaves its result in `data[start, start + length)`, which the codec may use again for
 * the next value: the caller copies it in the same turn.
 */

import { Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE } from 'msgpackr/pack';
import { InvalidArgumentError } from '../errors.ts';
import {
  assertNames,
  HOLDS_MAP,
  HOLDS_OBJECT,
  inspectValue,
  isWellFormed,
} from './inspect-value.ts';
import { type ByteRange, plainPackr } from './plain-msgpack.ts';
import type { ShapeDictionary } from './shape-dictionary.ts';
import {
  ENCODING_BYTES,
  ENCODING_JSON,
  ENCODING_MSGPACK,
  ENCODING_RECORDS,
  ENCODING_SHAPES,
  ENCODING_TEXT,
} from './value-encoding.ts';

/** Which values a cache takes, and how it writes them. */
export interface Codec {
  /** For messages and settings. */
  readonly name: 'msgpack' | 'json' | 'bytes';
  /** @internal Without `shapes` every value stands for itself, to be read anywhere. */
  createEncoder(shapes?: ShapeDictionary): Encoder;
}

/** @internal */
export interface Encoder {
  data: Uint8Array;
  start: number;
  length: number;
  /** The value's encoding number; the bytes are in `data[start, start + length)`. */
  encode(value: unknown): number;
}

/**
 * Inline records tell objects from Maps; nothing is shared between values, so each stands for
 * itself.
 */
const recordPackr: Packr = new Packr({
  useRecords: true,
  moreTypes: true,
  maxSharedStructures: 0,
});

/**
 * The result stays in msgpackr's own buffer, between `start` and `end`, and the next one takes its
 * place.
 */
const IN_PLACE = REUSE_BUFFER_MODE | RESET_BUFFER_MODE;
type PackedInPlace = Uint8Array & Partial<ByteRange>;

const textEncoder = new TextEncoder();

/**
 * Below this a loop over the characters beats a call into the runtime.
 */
const LOOP_CHARACTERS_MAX = 40;

/**
 * The default. Strings as UTF-8, `Uint8Array` as it is, everything else as MessagePack: objects,
 * arrays, numbers, booleans, null, `bigint`, `Date`, `Map`, `Set`, typed arrays, `RegExp`, `Error`.
 * Class instances come back as plain objects. Functions and symbols are refused.
 */
export const msgpack: Codec = {
  name: 'msgpack',
  createEncoder: (shapes) => new MsgpackEncoder(shapes),
};

/**
 * JSON text, for stores that other programs read. What JSON drops or cannot hold is dropped or
 * refused.
 */
export const json: Codec = {
  name: 'json',
  createEncoder: () => new JsonEncoder(),
};

/** `Uint8Array` values only, stored as they are. */
export const bytes: Codec = {
  name: 'bytes',
  createEncoder: () => new BytesEncoder(),
};

/** Reads MessagePack with inline records. */
export function unpackRecords(data: Uint8Array, range: ByteRange): unknown {
  return recordPackr.unpack(data, range);
}

abstract class BufferedEncoder implements Encoder {
  data: Uint8Array = new Uint8Array(1024);
  start = 0;
  length = 0;

  abstract encode(value: unknown): number;

  protected encodeText(text: string): number {
    if (text.length <= LOOP_CHARACTERS_MAX && this.#encodeAscii(text)) return ENCODING_TEXT;
    // A lone surrogate has no UTF-8; JSON escapes it.
    if (!isWellFormed(text)) return this.encodeJson(text);
    if (this.data.length < text.length * 3) this.data = new Uint8Array(text.length * 3);
    this.length = textEncoder.encodeInto(text, this.data).written;
    return ENCODING_TEXT;
  }

  protected encodeBytes(value: Uint8Array): number {
    this.data = value;
    this.length = value.length;
    return ENCODING_BYTES;
  }

  protected encodeJson(value: unknown): number {
    const text = JSON.stringify(value);
    if (text === undefined) throw new InvalidArgumentError('this value has no JSON');
    this.data = textEncoder.encode(text);
    this.length = this.data.length;
    return ENCODING_JSON;
  }

  #encodeAscii(text: string): boolean {
    if (this.data.length < LOOP_CHARACTERS_MAX) this.data = new Uint8Array(1024);
    const { data } = this;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return false;
      data[index] = unit;
    }
    this.length = text.length;
    return true;
  }
}

class MsgpackEncoder extends BufferedEncoder {
  /** The buffer of `encodeText`, kept apart from what callers and msgpackr hand over. */
  #own: Uint8Array = this.data;
  /** What msgpackr wrote into last, and the same bytes. */
  #packed: Uint8Array = this.data;
  #view: Uint8Array = this.data;
  readonly #shapes: ShapeDictionary | undefined;

  constructor(shapes: ShapeDictionary | undefined) {
    super();
    this.#shapes = shapes;
  }

  override encode(value: unknown): number {
    this.start = 0;
    if (typeof value === 'string') {
      this.data = this.#own;
      const encoding = this.encodeText(value);
      if (encoding === ENCODING_TEXT) this.#own = this.data;
      return encoding;
    }
    if (value instanceof Uint8Array) return this.encodeBytes(value);
    const holds = inspectValue(value);
    const shapes = this.#shapes;
    if (holds === HOLDS_OBJECT && shapes?.isWorthwhile) {
      let packed = shapes.pack(value);
      if (!shapes.knewAll) {
        // A getter may write another value, to the same place.
        packed = new Uint8Array(packed.subarray(packed.start, packed.end));
        assertNames(value);
      }
      this.#take(packed);
      return shapes.count === 0 ? ENCODING_MSGPACK : ENCODING_SHAPES;
    }
    if (holds !== 0) assertNames(value);
    const holdsMap = (holds & HOLDS_MAP) !== 0;
    this.#take((holdsMap ? recordPackr : plainPackr).pack(value, IN_PLACE));
    return holdsMap ? ENCODING_RECORDS : ENCODING_MSGPACK;
  }

  /**
   * msgpackr hands over a Buffer that carries properties of its own: reading its bytes where others
   * are read as well is slow, of a plain view it is fast (a set of an object took 200 ns more).
   */
  #take(packed: PackedInPlace): void {
    if (packed !== this.#packed) {
      this.#packed = packed;
      this.#view = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
    }
    this.data = this.#view;
    this.start = packed.start ?? 0;
    this.length = (packed.end ?? packed.length) - this.start;
  }
}

class JsonEncoder extends BufferedEncoder {
  override encode(value: unknown): number {
    try {
      return this.encodeJson(value);
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw error;
      throw new InvalidArgumentError(`this value has no JSON: ${String(error)}`);
    }
  }
}

class BytesEncoder extends BufferedEncoder {
  override encode(value: unknown): number {
    if (value instanceof Uint8Array) return this.encodeBytes(value);
    throw new InvalidArgumentError(
      `with the bytes codec a value must be a Uint8Array, got=${typeof value}`,
    );
  }
}
