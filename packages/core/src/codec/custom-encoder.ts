/**
 * Values that a codec of the user's writes. The codec's name stands before its bytes, so that no
 * other codec is ever asked to read them:
 *
 *     offset  size  field
 *          0     1  n       length of the name
 *          1     n  name    printable ASCII
 *        ...        what the codec made of the value
 */

import { copyBytes } from '../engine/copy-bytes.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import type { Codec } from './codec.ts';
import type { Encoder } from './encoder.ts';
import { refuseUndefined } from './inspect-value.ts';
import { ENCODING_CUSTOM } from './value-encoding.ts';

/** A larger value gets a buffer of its own, so that the one kept stays small. */
const BUFFER_BYTES = 64 * 1024;

export class CustomEncoder implements Encoder {
  data: Uint8Array;
  start = 0;
  length = 0;
  readonly #codec: Codec;
  readonly #buffer: Uint8Array = new Uint8Array(BUFFER_BYTES);
  readonly #nameBytes: number;

  constructor(codec: Codec) {
    this.#codec = codec;
    this.data = this.#buffer;
    this.#nameBytes = writeName(codec.name, this.#buffer);
  }

  encode(value: unknown): number {
    const payload = this.#payload(value);
    const start = this.#nameBytes;
    const length = start + payload.length;
    if (length > BUFFER_BYTES) {
      this.data = new Uint8Array(length);
      writeName(this.#codec.name, this.data);
    } else {
      this.data = this.#buffer;
    }
    // At once: it may be a view of a buffer that the codec uses again.
    this.data.set(payload, start);
    this.length = length;
    return ENCODING_CUSTOM;
  }

  #payload(value: unknown): Uint8Array {
    refuseUndefined(value);
    const { name } = this.#codec;
    let payload: unknown;
    try {
      payload = this.#codec.encode(value);
    } catch (cause) {
      const message = `the codec cannot encode this value codec=${name}`;
      throw new InvalidArgumentError(message, { codec: name }, { cause });
    }
    if (payload instanceof Uint8Array) return payload;
    throw new InvalidArgumentError(
      `encode must return a Uint8Array codec=${name} got=${typeof payload}`,
      { codec: name },
    );
  }
}

/**
 * Reads what `CustomEncoder` wrote in `data[start, end)`. Throws `CORRUPT` if that was another
 * codec's, or `codec` fails.
 */
export function decodeCustom(
  codec: Codec | undefined,
  data: Uint8Array,
  start: number,
  end: number,
): unknown {
  const nameEnd = start + 1 + (data[start] ?? 0);
  if (nameEnd > end || nameEnd === start + 1) {
    throw new HoldfastError('CORRUPT', 'the value does not name the codec that wrote it');
  }
  const name = String.fromCharCode(...data.subarray(start + 1, nameEnd));
  const details = { codec: name };
  if (codec === undefined || codec.name !== name) {
    const message = `the value needs a codec that the cache was not opened with codec=${name}`;
    throw new HoldfastError('CORRUPT', message, { details });
  }
  const payload = new Uint8Array(end - nameEnd);
  copyBytes(data, nameEnd, payload.length, payload, 0);
  let value: unknown;
  try {
    value = codec.decode(payload);
  } catch (cause) {
    const message = `the codec cannot decode this value codec=${name}`;
    throw new HoldfastError('CORRUPT', message, { details, cause });
  }
  if (value !== undefined) return value;
  throw new HoldfastError('CORRUPT', `decode gave undefined codec=${name}`, { details });
}

/** Returns where the payload goes. */
function writeName(name: string, data: Uint8Array): number {
  data[0] = name.length;
  for (let index = 0; index < name.length; index++) data[index + 1] = name.charCodeAt(index);
  return 1 + name.length;
}
