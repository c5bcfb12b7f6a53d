/**
 * The one table from Holdfast's errors to gRPC's. A reason is finer than a code: core names one in
 * `details.reason` where a remote caller would act differently, and the reason decides first.
 */
import { Metadata, type ServiceError, status as StatusCode } from '@grpc/grpc-js';
import type { HoldfastError, HoldfastErrorCode } from '@holdfast/core';
import { loadHoldfastProtos } from '@holdfast/protos';

export const ERROR_DOMAIN = 'holdfast.dev';

export interface StatusRow {
  readonly code: StatusCode;
  /** Instead of the code's own name. */
  readonly reason?: string;
  /** How long a client should wait before it tries again. */
  readonly retryAfterMs?: number;
}

/** A code that is missing here does not compile. */
export const STATUS_OF_CODE: Readonly<Record<HoldfastErrorCode, StatusRow>> = {
  CLOSED: { code: StatusCode.UNAVAILABLE, reason: 'SERVER_DRAINING', retryAfterMs: 1_000 },
  DIRECTORY_LOCKED: { code: StatusCode.FAILED_PRECONDITION },
  CORRUPT: { code: StatusCode.DATA_LOSS },
  NO_SPACE: { code: StatusCode.RESOURCE_EXHAUSTED },
  READ_ONLY: { code: StatusCode.UNAVAILABLE, reason: 'STORAGE_READ_ONLY', retryAfterMs: 10_000 },
  TOO_LARGE: { code: StatusCode.RESOURCE_EXHAUSTED },
  INVALID_ARGUMENT: { code: StatusCode.INVALID_ARGUMENT },
  LOCK_TIMEOUT: { code: StatusCode.DEADLINE_EXCEEDED },
  LEASE_LOST: { code: StatusCode.FAILED_PRECONDITION },
  STALE_FENCING_TOKEN: { code: StatusCode.FAILED_PRECONDITION },
  UNAVAILABLE: { code: StatusCode.UNAVAILABLE, retryAfterMs: 1_000 },
  IO: { code: StatusCode.INTERNAL },
};

export const STATUS_OF_REASON: Readonly<Record<string, StatusRow>> = {
  NOT_OWNER: { code: StatusCode.PERMISSION_DENIED },
  SESSION_EXPIRED: { code: StatusCode.NOT_FOUND },
  SESSION_TAKEN_OVER: { code: StatusCode.ABORTED },
  SESSION_DETACHED: { code: StatusCode.ABORTED, reason: 'SESSION_TAKEN_OVER' },
  SCOPE_UNAVAILABLE: { code: StatusCode.FAILED_PRECONDITION },
  REQUEST_ID_REUSED: { code: StatusCode.ALREADY_EXISTS },
  WAIT_QUEUE_FULL: { code: StatusCode.RESOURCE_EXHAUSTED, retryAfterMs: 1_000 },
  TOO_MANY_SESSIONS: { code: StatusCode.RESOURCE_EXHAUSTED, retryAfterMs: 1_000 },
  TOO_MANY_LOCKS: { code: StatusCode.RESOURCE_EXHAUSTED, retryAfterMs: 1_000 },
  TOO_MANY_REQUESTS: { code: StatusCode.RESOURCE_EXHAUSTED, retryAfterMs: 1_000 },
  TOO_MANY_WATCHERS: { code: StatusCode.RESOURCE_EXHAUSTED, retryAfterMs: 1_000 },
  SLOW_READER: { code: StatusCode.RESOURCE_EXHAUSTED },
  HELLO_TIMEOUT: { code: StatusCode.DEADLINE_EXCEEDED },
};

/** Characters of a message: trailers have a few kilobytes for everything. */
const MESSAGE_LENGTH_MAX = 1_000;
/** Of each detail, and how many. */
const DETAIL_LENGTH_MAX = 256;
const DETAILS_MAX = 16;

const TYPE_URL = 'type.googleapis.com/google.rpc.';

/** The error as grpc-js takes it, with its google.rpc.Status in the trailers. */
export function serviceError(error: HoldfastError): ServiceError {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeStatus(error));
  const { code } = rowOf(error);
  const message = statusMessage(error);
  return Object.assign(new Error(message), { code, details: message, metadata });
}

/** A `google.rpc.Status`, encoded. */
export function encodeStatus(error: HoldfastError): Buffer {
  const { status } = loadHoldfastProtos();
  return status.serialize(statusOf(error));
}

export function statusOf(error: HoldfastError): {
  code: StatusCode;
  message: string;
  details: { type_url: string; value: Buffer }[];
} {
  const { errorInfo, badRequest, retryInfo } = loadHoldfastProtos();
  const row = rowOf(error);
  const message = statusMessage(error);
  const info = { domain: ERROR_DOMAIN, reason: reasonOf(error), metadata: metadataOf(error) };
  const details = [{ type_url: `${TYPE_URL}ErrorInfo`, value: errorInfo.serialize(info) }];
  if (row.code === StatusCode.INVALID_ARGUMENT) {
    const violation = { field: fieldOf(error), description: message };
    const value = badRequest.serialize({ fieldViolations: [violation] });
    details.push({ type_url: `${TYPE_URL}BadRequest`, value });
  }
  if (row.retryAfterMs !== undefined) {
    const retryDelay = {
      seconds: Math.floor(row.retryAfterMs / 1_000),
      nanos: (row.retryAfterMs % 1_000) * 1_000_000,
    };
    const value = retryInfo.serialize({ retryDelay });
    details.push({ type_url: `${TYPE_URL}RetryInfo`, value });
  }
  return { code: row.code, message, details };
}

function rowOf(error: HoldfastError): StatusRow {
  return rowOfReason(error) ?? STATUS_OF_CODE[error.code];
}

function rowOfReason(error: HoldfastError): StatusRow | undefined {
  const { reason } = error.details;
  if (typeof reason !== 'string' || !Object.hasOwn(STATUS_OF_REASON, reason)) return undefined;
  return STATUS_OF_REASON[reason];
}

function reasonOf(error: HoldfastError): string {
  const row = rowOf(error);
  if (row.reason !== undefined) return row.reason;
  const { reason } = error.details;
  return typeof reason === 'string' ? reason : error.code;
}

/** The details as text, and always the code, from which a client makes its own `HoldfastError`. */
function metadataOf(error: HoldfastError): Record<string, string> {
  const metadata: Record<string, string> = { code: error.code };
  for (const [name, value] of Object.entries(error.details).slice(0, DETAILS_MAX)) {
    if (value === undefined || name === 'reason') continue;
    metadata[name] = wellFormed(String(value), DETAIL_LENGTH_MAX);
  }
  return metadata;
}

/** grpc-js percent-encodes it, and would throw for half a surrogate pair. */
function statusMessage(error: HoldfastError): string {
  return wellFormed(error.message, MESSAGE_LENGTH_MAX);
}

function wellFormed(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** The field of the request, by its name in the proto; empty if it is not known. */
function fieldOf(error: HoldfastError): string {
  const { field, reason } = error.details;
  if (typeof field === 'string')
    return field.replaceAll(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`);
  switch (reason) {
    case 'INVALID_LOCK_NAME':
      return 'name';
    case 'INVALID_TTL':
      return 'ttl';
    case 'INVALID_REQUEST_ID':
      return 'request_id';
    default:
      return '';
  }
}
