/**
 * The one place where gRPC's errors become ours. What a server means stands in its
 * `ErrorInfo.reason`; a status without one comes from the transport.
 */
import { type Metadata, status as StatusCode } from '@grpc/grpc-js';
import {
  HOLDFAST_ERROR_CODES,
  HoldfastError,
  type HoldfastErrorCode,
  InvalidArgumentError,
} from '@holdfast/core';
import { type ErrorInfo__Output, loadHoldfastProtos, type Status__Output } from '@holdfast/protos';

const DOMAIN = 'holdfast.dev';
const ERROR_INFO_TYPE = 'type.googleapis.com/google.rpc.ErrorInfo';

/** Reasons that are not codes themselves. */
const CODE_BY_REASON: Readonly<Record<string, HoldfastErrorCode>> = {
  INVALID_MODE: 'INVALID_ARGUMENT',
  INVALID_PERMITS: 'INVALID_ARGUMENT',
  INVALID_TTL: 'INVALID_ARGUMENT',
  LOCK_MODE_MISMATCH: 'INVALID_ARGUMENT',
  SCOPE_UNAVAILABLE: 'INVALID_ARGUMENT',
  INVALID_LOCK_NAME: 'INVALID_ARGUMENT',
  INVALID_REQUEST_ID: 'INVALID_ARGUMENT',
  REQUEST_ID_REUSED: 'INVALID_ARGUMENT',
  NOT_OWNER: 'LEASE_LOST',
  SESSION_EXPIRED: 'LEASE_LOST',
  SESSION_TAKEN_OVER: 'UNAVAILABLE',
  SERVER_DRAINING: 'UNAVAILABLE',
  SLOW_READER: 'UNAVAILABLE',
  STORAGE_READ_ONLY: 'READ_ONLY',
  TOO_MANY_LOCKS: 'UNAVAILABLE',
  TOO_MANY_REQUESTS: 'UNAVAILABLE',
  TOO_MANY_SESSIONS: 'UNAVAILABLE',
  TOO_MANY_WATCHERS: 'UNAVAILABLE',
  WAIT_QUEUE_FULL: 'UNAVAILABLE',
};

/** For a status without a reason; everything else is `UNAVAILABLE`. */
const CODE_BY_STATUS: Readonly<Partial<Record<number, HoldfastErrorCode>>> = {
  [StatusCode.INVALID_ARGUMENT]: 'INVALID_ARGUMENT',
  [StatusCode.DATA_LOSS]: 'CORRUPT',
  // What grpc says of a message over its limit.
  [StatusCode.RESOURCE_EXHAUSTED]: 'TOO_LARGE',
};

/** A stream that ended so would end so again. */
const PERMANENT: readonly number[] = [
  StatusCode.INVALID_ARGUMENT,
  StatusCode.NOT_FOUND,
  StatusCode.ALREADY_EXISTS,
  StatusCode.PERMISSION_DENIED,
  StatusCode.FAILED_PRECONDITION,
  StatusCode.UNIMPLEMENTED,
  StatusCode.UNAUTHENTICATED,
];

/** How a call ended, as grpc-js tells it. */
export interface CallStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The error of one operation or request. */
export function errorOfStatus(status: Status__Output): HoldfastError {
  return makeError(status.code, status.message, errorInfo(status));
}

/**
 * The error a call or stream ended with; ending with OK is an error too for a stream that should go
 * on.
 */
export function errorOfCall({ code, details, metadata }: CallStatus): HoldfastError {
  const [bytes] = metadata.get('grpc-status-details-bin');
  const message = code === StatusCode.OK ? 'the server ended the stream' : details;
  return makeError(code, message, bytes instanceof Buffer ? errorInfoOfBytes(bytes) : undefined);
}

/** Whether trying again would end in the same way. */
export function isPermanent({ code }: CallStatus): boolean {
  return PERMANENT.includes(code);
}

function makeError(
  status: number,
  statusMessage: string,
  info: ErrorInfo__Output | undefined,
): HoldfastError {
  const code = codeOf(status, info?.reason);
  // The server's own message may begin with the code already.
  const message = statusMessage.startsWith(`${code}: `)
    ? statusMessage.slice(code.length + 2)
    : statusMessage;
  const details = {
    ...info?.metadata,
    reason: info?.reason,
    status: StatusCode[status] ?? String(status),
  };
  return code === 'INVALID_ARGUMENT'
    ? new InvalidArgumentError(message, details)
    : new HoldfastError(code, message, { details });
}

function codeOf(status: number, reason: string | undefined): HoldfastErrorCode {
  if (reason !== undefined) {
    const code = HOLDFAST_ERROR_CODES.find((known) => known === reason) ?? CODE_BY_REASON[reason];
    if (code !== undefined) return code;
  }
  return CODE_BY_STATUS[status] ?? 'UNAVAILABLE';
}

function errorInfo(status: Status__Output): ErrorInfo__Output | undefined {
  const { errorInfo: type } = loadHoldfastProtos();
  for (const detail of status.details) {
    if (!('type_url' in detail) || detail.type_url !== ERROR_INFO_TYPE) continue;
    const info = type.deserialize(detail.value as Buffer);
    if (info.domain === DOMAIN) return info;
  }
  return undefined;
}

/** Details are extra: if they cannot be read, the status still says enough. */
function errorInfoOfBytes(bytes: Buffer): ErrorInfo__Output | undefined {
  try {
    return errorInfo(loadHoldfastProtos().status.deserialize(bytes));
  } catch {
    // Not of our server: a proxy may send anything under this name.
    return undefined;
  }
}
