import { HoldfastError } from '@holdfast/core';
import type {
  CacheOperation,
  CacheOperationResult,
  Durability,
  EncodedEntry,
  Fence,
  ValueEncoding,
} from '@holdfast/core/backend';
import type {
  Duration,
  Encoding,
  Entry__Output,
  Operation,
  OperationResult__Output,
  SetRequest,
  TouchRequest,
  Durability as WireDurability,
} from '@holdfast/protos';
import { errorOfStatus } from './status.ts';
import { millisecondsOf, WIRE_DURATION_MS_MAX, wireDuration, wireTimestamp } from './wire-time.ts';

const WIRE_ENCODING = {
  bytes: 'ENCODING_BYTES',
  text: 'ENCODING_TEXT',
  json: 'ENCODING_JSON',
  msgpack: 'ENCODING_MSGPACK',
} as const satisfies Record<ValueEncoding, Encoding>;

const ENCODING_BY_WIRE: Readonly<Record<string, ValueEncoding>> = {
  ENCODING_UNSPECIFIED: 'bytes',
  ENCODING_BYTES: 'bytes',
  ENCODING_TEXT: 'text',
  ENCODING_JSON: 'json',
  ENCODING_MSGPACK: 'msgpack',
};

const WIRE_DURABILITY = {
  buffered: 'DURABILITY_BUFFERED',
  written: 'DURABILITY_WRITTEN',
  synced: 'DURABILITY_SYNCED',
} as const satisfies Record<Durability, WireDurability>;

type SetOperation = Extract<CacheOperation, { kind: 'set' }>;

/** An operation as the server reads it. */
export function wireOperation(operation: CacheOperation): Operation {
  switch (operation.kind) {
    case 'get':
      return operation.staleMs === undefined
        ? { get: { key: operation.key } }
        : { get: { key: operation.key, stale: wireLongDuration(operation.staleMs) } };
    case 'set':
      return { set: wireSet(operation) };
    case 'delete':
      return {
        delete: {
          key: operation.key,
          ...wireDurability(operation.durability),
          ...wireFence(operation.fence),
          ...wireFillToken(operation.fillToken),
          ...(operation.negativeTtlMs === undefined
            ? {}
            : { negativeTtl: wireLongDuration(operation.negativeTtlMs) }),
        },
      };
    case 'invalidate':
      return {
        invalidateTags: {
          tags: [...operation.tags],
          ...wireDurability(operation.durability),
          ...wireFence(operation.fence),
        },
      };
    case 'touch':
      return {
        touch: {
          key: operation.key,
          ...wireTtl(operation.ttlMs),
          ...wireFence(operation.fence),
        },
      };
  }
}

/** An answer as the client reads it. Throws if it is none. */
export function operationResult(result: OperationResult__Output): CacheOperationResult {
  if (result.error) return { kind: 'error', error: errorOfStatus(result.error) };
  if (result.get) {
    const { entry, isStale } = result.get;
    return entry === null ? MISS : foundResult(entry, isStale);
  }
  if (result.set) {
    return { kind: 'set', stored: result.set.stored, version: BigInt(result.set.version) };
  }
  if (result.delete) return { kind: 'delete', existed: result.delete.existed };
  if (result.touch) return { kind: 'touch', existed: result.touch.existed };
  if (result.invalidateTags) return { kind: 'invalidate' };
  throw new HoldfastError('UNAVAILABLE', 'the server sent a result of no known kind');
}

const MISS: CacheOperationResult = { kind: 'get', entry: undefined };

function wireSet(operation: SetOperation): SetRequest {
  const { key, value, ttlMs, expiresAtMs, durability, ifAbsent, fence, fillToken, tags, keepMs } =
    operation;
  return {
    key,
    value: { data: value.data, encoding: WIRE_ENCODING[value.encoding] },
    ...(ttlMs === undefined ? {} : wireTtl(ttlMs)),
    ...(expiresAtMs === undefined ? {} : wireExpiresAt(expiresAtMs)),
    ...wireDurability(durability),
    ...(ifAbsent === true ? { ifAbsent } : {}),
    ...wireFence(fence),
    ...wireFillToken(fillToken),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(keepMs === undefined ? {} : { keep: wireLongDuration(keepMs) }),
  };
}

function wireFillToken(token: bigint | undefined): Pick<SetRequest, 'fillToken'> {
  return token === undefined ? {} : { fillToken: String(token) };
}

/** What is longer than a message can say is as long as it can. */
function wireLongDuration(ms: number): Duration {
  return wireDuration(Math.min(ms, WIRE_DURATION_MS_MAX));
}

function wireTtl(ttlMs: number): Pick<TouchRequest, 'ttl' | 'neverExpires'> {
  return ttlMs > WIRE_DURATION_MS_MAX ? { neverExpires: true } : { ttl: wireDuration(ttlMs) };
}

function wireExpiresAt(expiresAtMs: number): Pick<SetRequest, 'expiresAt' | 'neverExpires'> {
  return expiresAtMs > WIRE_TIMESTAMP_MS_MAX
    ? { neverExpires: true }
    : { expiresAt: wireTimestamp(expiresAtMs) };
}

/** The end of the year 9999, where a `google.protobuf.Timestamp` ends. */
const WIRE_TIMESTAMP_MS_MAX = 253_402_300_799_999;

function wireDurability(durability: Durability | undefined): { durability?: WireDurability } {
  return durability === undefined ? {} : { durability: WIRE_DURABILITY[durability] };
}

function wireFence(fence: Fence | undefined): Pick<SetRequest, 'fence'> {
  if (fence === undefined) return {};
  return { fence: { lock: fence.name, token: String(fence.token) } };
}

function foundResult(wire: Entry__Output, isStale: boolean): CacheOperationResult {
  try {
    return { kind: 'get', entry: foundEntry(wire), isStale };
  } catch (error) {
    return { kind: 'error', error: HoldfastError.from(error) };
  }
}

/** Throws `CORRUPT` for a value that this client cannot read. */
export function foundEntry(wire: Entry__Output): EncodedEntry {
  const encoding = ENCODING_BY_WIRE[wire.value?.encoding ?? 'ENCODING_UNSPECIFIED'];
  if (encoding === undefined) {
    throw new HoldfastError('CORRUPT', 'the value has an encoding this client cannot read', {
      details: { encoding: wire.value?.encoding },
    });
  }
  return {
    encoding,
    data: wire.value?.data ?? new Uint8Array(),
    version: BigInt(wire.version),
    createdAtMs: wire.createdAt === null ? 0 : millisecondsOf(wire.createdAt),
    expiresAtMs:
      wire.expiresAt === null ? Number.POSITIVE_INFINITY : millisecondsOf(wire.expiresAt),
  };
}
