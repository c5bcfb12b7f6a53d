import protobuf from 'protobufjs/minimal.js';

/** Reads one message's fields. Throws for bytes that are not a message. */
export type Reader = protobuf.Reader;

/**
 * In the place of a message whose bytes could not be decoded: grpc-js itself would answer INTERNAL.
 */
export class MalformedMessage {
  readonly reason: string;

  constructor(error: unknown) {
    this.reason = error instanceof Error ? error.message : String(error);
  }
}

/** Makes a decoder of grpc-js that never throws. */
export function tolerant<Message>(
  decode: (bytes: Buffer) => Message,
): (bytes: Buffer) => Message | MalformedMessage {
  return (bytes) => {
    try {
      return decode(bytes);
    } catch (error) {
      return new MalformedMessage(error);
    }
  };
}

/** Skips a field that the caller does not know, or knows with another wire type. */
export function skipField(reader: Reader, tag: number): void {
  if (tag >>> 3 === 0) throw new RangeError('a field has the number 0');
  reader.skipType(tag & 7);
}

/** Reads a nested message's length: where it ends, which is not behind the message it is in. */
export function messageEnd(reader: Reader, outerEnd: number): number {
  const end = reader.uint32() + reader.pos;
  if (end > outerEnd) throw new RangeError('a nested message is longer than the message it is in');
  return end;
}

export function assertAtEnd(reader: Reader, end: number): void {
  if (reader.pos !== end) throw new RangeError('a field is longer than the message it is in');
}

/** As a double: exact up to 2^53, close enough beyond to be refused. */
export function readInt64(reader: Reader): number {
  return Number(reader.int64());
}

const UINT64_BYTES_MAX = 10;

/** Every digit of it. */
export function readUint64(reader: Reader): bigint {
  let value = 0n;
  for (let count = 0; count < UINT64_BYTES_MAX; count++) {
    if (reader.pos >= reader.len) throw new RangeError('a number is cut short');
    const byte = reader.buf[reader.pos++] as number;
    value |= BigInt(byte & 0x7f) << BigInt(7 * count);
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new RangeError('a number is longer than 10 bytes');
}

export function readerOf(bytes: Buffer): Reader {
  return protobuf.Reader.create(bytes);
}
