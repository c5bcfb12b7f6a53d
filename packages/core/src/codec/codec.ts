import { InvalidArgumentError } from '../errors.ts';
import { CustomEncoder } from './custom-encoder.ts';
import { BytesEncoder, type Encoder } from './encoder.ts';
import { assertNames, inspectValue } from './inspect-value.ts';
import { JsonEncoder } from './json-encoder.ts';
import { MsgpackEncoder } from './msgpack-encoder.ts';
import { recordPackr } from './record-msgpack.ts';
import type { ShapeDictionary } from './shape-dictionary.ts';

/**
 * Values as bytes. A cache writes new values with its codec; how a value was written stands with
 * it, so values of all built-in codecs are read whatever the cache is opened with, and those of a
 * codec of your own by a codec of that name.
 */
export interface Codec {
  /**
   * Stands before each value, 1 to 32 printable ASCII characters, and says who can read it: change
   * it when the bytes change their meaning. Not that of a built-in codec.
   */
  readonly name: string;
  /**
   * Bytes for any value but `undefined`; they are copied at once. What it throws is the cause of an
   * `INVALID_ARGUMENT` of the call, and nothing is stored.
   */
  encode(value: unknown): Uint8Array;
  /**
   * The value again, never `undefined`, from a copy of the bytes that is yours. What it throws is
   * the cause of a `CORRUPT` of the call.
   */
  decode(bytes: Uint8Array): unknown;
}

export type CodecName = 'msgpack' | 'json' | 'bytes';

/**
 * The default. Strings as UTF-8, `Uint8Array` as it is, everything else as MessagePack: objects,
 * arrays, numbers, booleans, null, `bigint`, `Date`, `Map`, `Set`, typed arrays, `RegExp`, `Error`.
 * Class instances come back as plain objects. Functions and symbols are refused. In a cache,
 * objects share their shapes; here each value stands for itself.
 */
export const msgpack: Codec = {
  name: 'msgpack',
  encode(value) {
    if (inspectValue(value) !== 0) assertNames(value);
    return new Uint8Array(recordPackr.pack(value));
  },
  // Bytes inside the value come back as Uint8Array, also from a Buffer.
  decode: (data) => recordPackr.unpack(new Uint8Array(data)),
};

/**
 * JSON text, for stores that other programs read. Refuses what JSON would lose: bigints, NaN and
 * infinities, `undefined` but as a property, functions, symbols, cycles, Maps, Sets, bytes and the
 * like. Properties that are `undefined` are left out, -0 becomes 0, instances of classes plain
 * objects, and what has a `toJSON`, as dates do, what that gives.
 */
export const json: Codec = {
  name: 'json',
  encode: (value) => encodeOnce(new JsonEncoder(), value),
  decode: (data) => JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(data)),
};

/** `Uint8Array` values only, stored as they are. */
export const bytes: Codec = {
  name: 'bytes',
  encode: (value) => encodeOnce(new BytesEncoder(), value),
  decode: (data) => data,
};

const BUILT_IN: ReadonlyMap<string, Codec> = new Map(
  [msgpack, json, bytes].map((codec) => [codec.name, codec]),
);

const NAME = /^[\x21-\x7e]{1,32}$/;

/** The codec that the option `codec` means. */
export function codecOption(option: Codec | CodecName): Codec {
  if (typeof option === 'string') {
    const builtIn = BUILT_IN.get(option);
    if (builtIn !== undefined) return builtIn;
    const names = [...BUILT_IN.keys()].join(', ');
    throw new InvalidArgumentError(`codec must be one of ${names}, or an object, got=${option}`);
  }
  const isCodec =
    typeof option === 'object' &&
    typeof option?.encode === 'function' &&
    typeof option.decode === 'function';
  if (!isCodec) {
    throw new InvalidArgumentError('codec must be a name, or an object with encode and decode');
  }
  if (typeof option.name !== 'string' || !NAME.test(option.name)) {
    throw new InvalidArgumentError("a codec's name must be 1 to 32 printable ASCII characters");
  }
  const builtIn = BUILT_IN.get(option.name);
  if (builtIn === undefined || builtIn === option) return option;
  throw new InvalidArgumentError(`a built-in codec has this name already codec=${option.name}`);
}

/** Writes values as a codec does, and if it is msgpack with the store's shapes. */
export function createEncoder(codec: Codec, shapes: ShapeDictionary): Encoder {
  if (codec === msgpack) return new MsgpackEncoder(shapes);
  if (codec === json) return new JsonEncoder();
  return codec === bytes ? new BytesEncoder() : new CustomEncoder(codec);
}

function encodeOnce(encoder: Encoder, value: unknown): Uint8Array {
  encoder.encode(value);
  return new Uint8Array(encoder.data.subarray(encoder.start, encoder.start + encoder.length));
}
