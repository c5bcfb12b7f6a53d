import { HoldfastError, InvalidArgumentError } from '@holdfast/core';
import type { EncodedValue } from '@holdfast/core/backend';
import { encodingName, isPublicEncoding, MsgpackEncoder, unpackPlain } from '@holdfast/core/client';

/** The embedded cache's own, so both take the same values and write the same bytes. */
const encoder = new MsgpackEncoder();

// A byte order mark at a text's start is part of the text.
const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A value as it travels: bytes as they are, text as UTF-8, everything else as plain MessagePack.
 * The result shares no memory with `value`. Throws `InvalidArgumentError` for what cannot travel:
 * functions, symbols, `undefined`, cycles, and a `Map`, which MessagePack of other languages cannot
 * tell from an object.
 */
export function encodeValue(value: unknown): EncodedValue {
  const encoding = encodingName(encoder.encode(value));
  if (!isPublicEncoding(encoding)) {
    throw new InvalidArgumentError(
      'a Map cannot be sent to a server: use an object, or an array of pairs',
    );
  }
  const { data, start, length } = encoder;
  return { encoding, data: new Uint8Array(data.subarray(start, start + length)) };
}

/** A fresh value each time. Throws `CORRUPT` if the bytes are not what they are said to be. */
export function decodeValue({ encoding, data }: EncodedValue): unknown {
  try {
    switch (encoding) {
      case 'bytes':
        // Neither a view of a larger message nor a subclass of Uint8Array.
        return new Uint8Array(data);
      case 'text':
        return textDecoder.decode(data);
      case 'json':
        return JSON.parse(textDecoder.decode(data));
      case 'msgpack':
        return unpackPlain(data, { start: 0, end: data.length });
    }
  } catch (error) {
    throw new HoldfastError('CORRUPT', 'the value is not of its encoding', {
      details: { encoding },
      cause: error,
    });
  }
}
