/**
 * Bytes of the requests of cache.proto → operations of the cache seam, without the plain objects
 * proto-loader would make in between: of a pipeline's time those took more than half (`npm run
 * bench -w @holdfast/grpc-sidecar`). The test holds these decoders to what proto-loader encodes,
 * field by field.
 *
 * Keys and values are views of the received message.
 */
import { type HoldfastError, InvalidArgumentError } from '@holdfast/core';
import type { CacheOperation, Durability, Fence, ValueEncoding } from '@holdfast/core/backend';
import { LOCK_NAME_BYTES_MAX, TAG_NAME_BYTES_MAX, TAGS_MAX } from '@holdfast/core/client';
import { BATCH_OPERATIONS_MAX, INVALIDATED_TAGS_MAX } from '../server/limits.ts';
import {
  assertAtEnd,
  messageEnd,
  type Reader,
  readerOf,
  readUint64,
  skipField,
} from '../wire/message-reader.ts';
import { type Expiry, readDurationMs, readExpiry } from './expiry-decoder.ts';
import { isInvalidFence, readFence } from './fence-decoder.ts';
import { areInvalidTags, readTag } from './tag-decoder.ts';

/**
 * An operation that is wrong in itself: it has its own answer and keeps no other from being
 * executed.
 */
export interface InvalidOperation {
  readonly kind: 'invalid';
  /** Its details name the field of the request that is wrong. */
  readonly error: HoldfastError;
}

export type DecodedOperation = CacheOperation | InvalidOperation;

export interface DecodedBatch {
  readonly id: number;
  /** Of the message; a batch with more than `BATCH_OPERATIONS_MAX` is to be refused. */
  readonly count: number;
  /** The first `BATCH_OPERATIONS_MAX` of them: what is refused anyway is only counted. */
  readonly operations: readonly DecodedOperation[];
  /** Bytes of the whole message. */
  readonly size: number;
}

const NO_BYTES = Buffer.alloc(0);

/** By number of the enum `Encoding`; unspecified is bytes. */
const ENCODINGS: readonly ValueEncoding[] = ['bytes', 'bytes', 'text', 'json', 'msgpack'];

/** By number of the enum `Durability`. */
const DURABILITIES: readonly (Durability | undefined)[] = [
  undefined,
  'buffered',
  'written',
  'synced',
];

/*
 * One error for each reason, made once: with its stack an error takes thousands of times as long as
 * the two bytes that ask for it.
 */
const NO_OPERATION = invalid('operation', 'an operation is missing, or of a kind not known here');
const UNKNOWN_CONDITION = invalid('operation', 'a condition not known here');
/** Numbers of conditions go up to here: to drop one would do what was not to be done. */
const CONDITION_FIELD_MAX = 15;
const INVALID_FENCE = invalid(
  'fence.lock',
  `a fence needs a lock of 1 to ${LOCK_NAME_BYTES_MAX} bytes of UTF-8`,
  'INVALID_LOCK_NAME',
);
const INVALID_TAGS = invalid(
  'tags',
  `tags are up to ${TAGS_MAX}, to be invalidated ${INVALIDATED_TAGS_MAX}, each 1 to ${TAG_NAME_BYTES_MAX} bytes of UTF-8`,
);
const NO_VALUE = invalid('value', 'a set needs a value');
const UNKNOWN_ENCODING = invalid('value.encoding', 'the encoding is not known here');
const UNKNOWN_DURABILITY = invalid('durability', 'the durability is not known here');
const NO_EXPIRY = invalidTtl('ttl', 'a touch needs ttl or never_expires');
const INVALID_TTL = invalidTtl('ttl', 'ttl must be more than 0, and at most 10,000 years');
const INVALID_NEGATIVE_TTL = invalidTtl(
  'negative_ttl',
  'negative_ttl must be more than 0, and at most 10,000 years, beside a fill_token',
);
const INVALID_STALE = invalidTtl('stale', 'stale must be 0 or more, and at most 10,000 years');
const INVALID_KEEP = invalidTtl('keep', 'keep must be 0 or more, and at most 10,000 years');
const INVALID_EXPIRES_AT = invalidTtl(
  'expires_at',
  'expires_at must be a time of the years 1970 to 9999',
);
const INVALID_NEVER_EXPIRES = invalidTtl('never_expires', 'never_expires is either true or absent');

export function decodeGet(bytes: Buffer): DecodedOperation {
  return readGet(readerOf(bytes), bytes.length);
}

export function decodeSet(bytes: Buffer): DecodedOperation {
  return readSet(readerOf(bytes), bytes.length);
}

export function decodeDelete(bytes: Buffer): DecodedOperation {
  return readDelete(readerOf(bytes), bytes.length);
}

export function decodeTouch(bytes: Buffer): DecodedOperation {
  return readTouch(readerOf(bytes), bytes.length);
}

export function decodeInvalidateTags(bytes: Buffer): DecodedOperation {
  return readInvalidateTags(readerOf(bytes), bytes.length);
}

export function decodeGetMany(bytes: Buffer): DecodedBatch {
  const reader = readerOf(bytes);
  const operations: DecodedOperation[] = [];
  let count = 0;
  while (reader.pos < bytes.length) {
    const tag = reader.uint32();
    if (tag === 0x0a && ++count <= BATCH_OPERATIONS_MAX)
      operations.push({ kind: 'get', key: reader.bytes() });
    else skipField(reader, tag);
  }
  return { id: 0, count, operations, size: bytes.length };
}

export function decodeSetMany(bytes: Buffer): DecodedBatch {
  return readBatch(bytes, readSet);
}

export function decodeBatch(bytes: Buffer): DecodedBatch {
  return readBatch(bytes, readOperation);
}

function readBatch(
  bytes: Buffer,
  read: (reader: Reader, end: number) => DecodedOperation,
): DecodedBatch {
  const reader = readerOf(bytes);
  const operations: DecodedOperation[] = [];
  let count = 0;
  while (reader.pos < bytes.length) {
    const tag = reader.uint32();
    if (tag === 0x0a && ++count <= BATCH_OPERATIONS_MAX)
      operations.push(read(reader, messageEnd(reader, bytes.length)));
    else skipField(reader, tag);
  }
  return { id: 0, count, operations, size: bytes.length };
}

export function decodePipelineBatch(bytes: Buffer): DecodedBatch {
  const reader = readerOf(bytes);
  const operations: DecodedOperation[] = [];
  let count = 0;
  let id = 0;
  while (reader.pos < bytes.length) {
    const tag = reader.uint32();
    if (tag === 0x12 && ++count <= BATCH_OPERATIONS_MAX)
      operations.push(readOperation(reader, messageEnd(reader, bytes.length)));
    else if (tag === 0x08) id = reader.uint32();
    else skipField(reader, tag);
  }
  return { id, count, operations, size: bytes.length };
}

function readOperation(reader: Reader, end: number): DecodedOperation {
  let operation: DecodedOperation | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a:
        operation = readGet(reader, messageEnd(reader, end));
        break;
      case 0x12:
        operation = readSet(reader, messageEnd(reader, end));
        break;
      case 0x1a:
        operation = readDelete(reader, messageEnd(reader, end));
        break;
      case 0x22:
        operation = readTouch(reader, messageEnd(reader, end));
        break;
      case 0x2a:
        operation = readInvalidateTags(reader, messageEnd(reader, end));
        break;
      default:
        skipField(reader, tag);
    }
  }
  assertAtEnd(reader, end);
  return operation ?? NO_OPERATION;
}

function readGet(reader: Reader, end: number): DecodedOperation {
  let key: Uint8Array = NO_BYTES;
  let staleMs: number | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) key = reader.bytes();
    else if (tag === 0x12) staleMs = readDurationMs(reader, messageEnd(reader, end));
    else skipField(reader, tag);
  }
  assertAtEnd(reader, end);
  if (staleMs === undefined) return { kind: 'get', key };
  return staleMs >= 0 ? { kind: 'get', key, staleMs } : INVALID_STALE;
}

function readSet(reader: Reader, end: number): DecodedOperation {
  let key: Uint8Array = NO_BYTES;
  let value: { encoding: ValueEncoding | undefined; data: Uint8Array } | undefined;
  let expiry: Expiry | undefined;
  let durability = 0;
  let ifAbsent = false;
  let fence: Fence | undefined;
  let fillToken: bigint | undefined;
  let tags: string[] | undefined;
  let keepMs: number | undefined;
  let hasCondition = false;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a:
        key = reader.bytes();
        break;
      case 0x12:
        value = readValue(reader, messageEnd(reader, end));
        break;
      case 0x1a:
      case 0x22:
      case 0x28:
        expiry = readExpiry(reader, tag, end);
        break;
      case 0x30:
        durability = reader.uint32();
        break;
      case 0x38:
        ifAbsent = reader.bool();
        break;
      case 0x42:
        fence = readFence(reader, messageEnd(reader, end));
        break;
      case 0x48:
        fillToken = readUint64(reader);
        break;
      case 0x52:
        tags = readTag(reader, tags);
        break;
      case 0x5a:
        keepMs = readDurationMs(reader, messageEnd(reader, end));
        break;
      default:
        hasCondition ||= isCondition(tag, 8);
        skipField(reader, tag);
    }
  }
  assertAtEnd(reader, end);
  if (hasCondition) return UNKNOWN_CONDITION;
  if (isInvalidFence(fence)) return INVALID_FENCE;
  if (areInvalidTags(tags)) return INVALID_TAGS;
  if (keepMs !== undefined && !(keepMs >= 0)) return INVALID_KEEP;
  if (value === undefined) return NO_VALUE;
  const { encoding, data } = value;
  if (encoding === undefined) return UNKNOWN_ENCODING;
  if (durability >= DURABILITIES.length) return UNKNOWN_DURABILITY;
  if (expiry?.isInvalid) return invalidExpiry(expiry);
  return {
    kind: 'set',
    key,
    value: { encoding, data },
    ttlMs: expiry?.ttlMs,
    expiresAtMs: expiry?.expiresAtMs,
    durability: DURABILITIES[durability],
    ifAbsent,
    fence,
    fillToken,
    tags,
    keepMs,
  };
}

function readDelete(reader: Reader, end: number): DecodedOperation {
  let key: Uint8Array = NO_BYTES;
  let durability = 0;
  let fence: Fence | undefined;
  let fillToken: bigint | undefined;
  let negativeTtlMs: number | undefined;
  let hasCondition = false;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) key = reader.bytes();
    else if (tag === 0x10) durability = reader.uint32();
    else if (tag === 0x1a) fence = readFence(reader, messageEnd(reader, end));
    else if (tag === 0x20) fillToken = readUint64(reader);
    else if (tag === 0x2a) negativeTtlMs = readDurationMs(reader, messageEnd(reader, end));
    else {
      hasCondition ||= isCondition(tag, 3);
      skipField(reader, tag);
    }
  }
  assertAtEnd(reader, end);
  if (hasCondition) return UNKNOWN_CONDITION;
  if (isInvalidFence(fence)) return INVALID_FENCE;
  if (durability >= DURABILITIES.length) return UNKNOWN_DURABILITY;
  if (negativeTtlMs !== undefined && !(negativeTtlMs > 0 && fillToken !== undefined)) {
    return INVALID_NEGATIVE_TTL;
  }
  return {
    kind: 'delete',
    key,
    durability: DURABILITIES[durability],
    fence,
    fillToken,
    negativeTtlMs,
  };
}

function readTouch(reader: Reader, end: number): DecodedOperation {
  let key: Uint8Array = NO_BYTES;
  let expiry: Expiry | undefined;
  let fence: Fence | undefined;
  let hasCondition = false;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) key = reader.bytes();
    else if (tag === 0x1a || tag === 0x28) expiry = readExpiry(reader, tag, end);
    else if (tag === 0x32) fence = readFence(reader, messageEnd(reader, end));
    else {
      hasCondition ||= isCondition(tag, 6);
      skipField(reader, tag);
    }
  }
  assertAtEnd(reader, end);
  if (hasCondition) return UNKNOWN_CONDITION;
  if (isInvalidFence(fence)) return INVALID_FENCE;
  if (expiry === undefined) return NO_EXPIRY;
  if (expiry.isInvalid || expiry.ttlMs === undefined) return invalidExpiry(expiry);
  return { kind: 'touch', key, ttlMs: expiry.ttlMs, fence };
}

function readInvalidateTags(reader: Reader, end: number): DecodedOperation {
  const tags: string[] = [];
  let durability = 0;
  let fence: Fence | undefined;
  let hasCondition = false;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) readTag(reader, tags, INVALIDATED_TAGS_MAX);
    else if (tag === 0x10) durability = reader.uint32();
    else if (tag === 0x1a) fence = readFence(reader, messageEnd(reader, end));
    else {
      hasCondition ||= isCondition(tag, 4);
      skipField(reader, tag);
    }
  }
  assertAtEnd(reader, end);
  if (hasCondition) return UNKNOWN_CONDITION;
  if (isInvalidFence(fence)) return INVALID_FENCE;
  if (areInvalidTags(tags, INVALIDATED_TAGS_MAX)) return INVALID_TAGS;
  if (durability >= DURABILITIES.length) return UNKNOWN_DURABILITY;
  return { kind: 'invalidate', tags, durability: DURABILITIES[durability], fence };
}

/** Whether a field that is not known here is one of those that are kept for conditions. */
function isCondition(tag: number, from: number): boolean {
  const field = tag >>> 3;
  return field >= from && field <= CONDITION_FIELD_MAX;
}

function readValue(
  reader: Reader,
  end: number,
): { encoding: ValueEncoding | undefined; data: Uint8Array } {
  let data: Uint8Array = NO_BYTES;
  let encoding = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) data = reader.bytes();
    else if (tag === 0x10) encoding = reader.uint32();
    else skipField(reader, tag);
  }
  assertAtEnd(reader, end);
  return { encoding: ENCODINGS[encoding], data };
}

function invalidExpiry({ field }: Expiry): InvalidOperation {
  if (field === 'never_expires') return INVALID_NEVER_EXPIRES;
  return field === 'expires_at' ? INVALID_EXPIRES_AT : INVALID_TTL;
}

function invalid(field: string, message: string, reason?: string): InvalidOperation {
  return { kind: 'invalid', error: new InvalidArgumentError(message, { field, reason }) };
}

function invalidTtl(field: string, message: string): InvalidOperation {
  const error = new InvalidArgumentError(message, { reason: 'INVALID_TTL', field });
  return { kind: 'invalid', error };
}
