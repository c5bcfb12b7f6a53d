/**
 * Between the messages of lock.proto and the lock seam: what a client says, checked, and what it
 * hears.
 */
import { HoldfastError, InvalidArgumentError } from '@holdfast/core';
import type {
  AcquireRequest,
  HeldLease,
  LockBackend,
  LockEvent,
  LockSession,
  LostReason,
  QueuedRequest,
  SessionOptions,
} from '@holdfast/core/backend';
import type {
  Acquire__Output,
  Duration,
  Duration__Output,
  Hello__Output,
  LockScope,
  SessionResponse,
} from '@holdfast/protos';
import {
  CLIENT_NAME_BYTES_MAX,
  METADATA_BYTES_MAX,
  METADATA_ENTRIES_MAX,
  METADATA_KEY_BYTES_MAX,
  METADATA_VALUE_BYTES_MAX,
  SESSION_TTL_MS_DEFAULT,
} from '../server/limits.ts';
import { statusOf } from '../status/status.ts';

export const SCOPES: Readonly<Record<LockBackend['scope'], LockScope>> = {
  process: 'LOCK_SCOPE_PROCESS',
  server: 'LOCK_SCOPE_SERVER',
  cluster: 'LOCK_SCOPE_CLUSTER',
};

const LOST_REASONS = {
  expired: 'LOST_REASON_EXPIRED',
  'session-expired': 'LOST_REASON_SESSION_EXPIRED',
  admin: 'LOST_REASON_ADMIN',
  server: 'LOST_REASON_SERVER',
} as const satisfies Record<LostReason, string>;

/** 10,000 years, where protobuf's Duration ends. */
const DURATION_SECONDS_MAX = 315_576_000_000;

/** Throws `INVALID_ARGUMENT` for what the limits or the backend's contract do not allow. */
export function sessionOptions(hello: Hello__Output): SessionOptions {
  assertBytes(hello.clientName, CLIENT_NAME_BYTES_MAX, 'client_name');
  assertMetadata(hello.metadata);
  const { id, secret } = hello.resume ?? {};
  return {
    clientName: hello.clientName,
    metadata: { ...hello.metadata },
    ttlMs: durationMs(hello.sessionTtl, SESSION_TTL_MS_DEFAULT, 'session_ttl'),
    resume: id === undefined || secret === undefined ? undefined : { id, secret },
  };
}

export function acquireRequest(acquire: Acquire__Output): AcquireRequest {
  const { requestId, name } = acquire;
  return { requestId, name, waitMs: durationMs(acquire.wait, Number.POSITIVE_INFINITY, 'wait') };
}

export function welcome(backend: LockBackend, session: LockSession): SessionResponse {
  return {
    welcome: {
      sessionId: session.id,
      secret: session.secret,
      resumed: session.resumed,
      effectiveTtl: duration(session.effectiveTtlMs),
      keepaliveInterval: duration(Math.floor(session.effectiveTtlMs / 3)),
      scope: SCOPES[backend.scope],
      // No backend keeps leases over a restart yet; tokens rise all the same.
      durable: false,
      incarnation: backend.incarnation,
      held: session.held.map(heldLease),
      queued: session.queued.map(queuedRequest),
    },
  };
}

/** What a client hears of an event, except for the two that end its stream. */
export function eventMessage(
  event: Exclude<LockEvent, { kind: 'session-expired' | 'taken-over' }>,
): SessionResponse {
  switch (event.kind) {
    case 'queued':
      return { queued: queuedRequest(event) };
    case 'contended':
      return { contended: queuedRequest(event) };
    case 'granted':
      return { granted: { ...heldLease(event), effectiveTtl: duration(event.effectiveTtlMs) } };
    case 'denied':
      return denied({ requestId: event.requestId }, event.error);
    case 'released':
      return { released: { leaseId: event.leaseId, token: String(event.token) } };
    case 'lost': {
      const { leaseId, token, reason } = event;
      return { lost: { leaseId, token: String(token), reason: LOST_REASONS[reason] } };
    }
  }
}

export function denied(
  subject: { readonly requestId: string } | { readonly leaseId: string },
  error: Error,
): SessionResponse {
  return { denied: { ...subject, status: statusOf(HoldfastError.from(error)) } };
}

/** Whole milliseconds. */
export function duration(milliseconds: number): Duration {
  const seconds = Math.floor(milliseconds / 1_000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1_000) * 1_000_000) };
}

function heldLease(lease: HeldLease) {
  const { requestId, name, leaseId } = lease;
  return { requestId, name, leaseId, token: String(lease.token) };
}

function queuedRequest(request: QueuedRequest) {
  const { requestId, name, position, holder } = request;
  return { requestId, name, position, holder };
}

/** Rounded up to a whole millisecond. */
function durationMs(value: Duration__Output | null, absentMs: number, field: string): number {
  if (value === null) return absentMs;
  const seconds = Number(value.seconds);
  const { nanos } = value;
  if (seconds >= 0 && seconds <= DURATION_SECONDS_MAX && nanos >= 0 && nanos <= 999_999_999) {
    return seconds * 1_000 + Math.ceil(nanos / 1_000_000);
  }
  throw new InvalidArgumentError(`${field} must be 0 or more, and at most 10,000 years`, {
    reason: 'INVALID_TTL',
    field,
  });
}

function assertMetadata(metadata: Readonly<Record<string, string>>): void {
  const entries = Object.entries(metadata);
  if (entries.length > METADATA_ENTRIES_MAX) {
    throw new InvalidArgumentError(`metadata may have ${METADATA_ENTRIES_MAX} entries`, {
      field: 'metadata',
    });
  }
  let size = 0;
  for (const [key, value] of entries) {
    size += assertBytes(key, METADATA_KEY_BYTES_MAX, 'metadata');
    size += assertBytes(value, METADATA_VALUE_BYTES_MAX, 'metadata');
  }
  if (size <= METADATA_BYTES_MAX) return;
  throw new InvalidArgumentError(`metadata may have ${METADATA_BYTES_MAX} bytes together`, {
    field: 'metadata',
  });
}

/** The text's bytes in UTF-8. */
function assertBytes(text: string, bytesMax: number, field: string): number {
  const size = Buffer.byteLength(text);
  if (size <= bytesMax) return size;
  throw new InvalidArgumentError(`${field} is too long: ${bytesMax} bytes are allowed`, { field });
}
