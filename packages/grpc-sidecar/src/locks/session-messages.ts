/**
 * Between the messages of lock.proto and the lock seam: what a client says, checked, and what it
 * hears.
 */
import { HoldfastError, InvalidArgumentError } from '@holdfast/core';
import {
  type AcquireRequest,
  type HeldLease,
  KEEP_ALIVES_PER_TTL,
  type LockBackend,
  type LockEvent,
  type LockSession,
  type QueuedRequest,
  type SessionOptions,
} from '@holdfast/core/backend';
import type { Acquire__Output, Hello__Output, SessionResponse } from '@holdfast/protos';
import {
  CLIENT_NAME_BYTES_MAX,
  METADATA_BYTES_MAX,
  METADATA_ENTRIES_MAX,
  METADATA_KEY_BYTES_MAX,
  METADATA_VALUE_BYTES_MAX,
  SESSION_TTL_MS_DEFAULT,
} from '../server/limits.ts';
import { statusOf } from '../status/status.ts';
import { duration, durationMs } from '../wire/duration.ts';
import { assertTextSize } from '../wire/text-size.ts';
import { LOST_REASONS, lockTerms, SCOPES } from './lock-values.ts';

/** Throws `INVALID_ARGUMENT` for what the limits or the backend's contract do not allow. */
export function sessionOptions(hello: Hello__Output): SessionOptions {
  assertTextSize(hello.clientName, CLIENT_NAME_BYTES_MAX, 'client_name');
  assertMetadata(hello.metadata);
  const { id, secret } = hello.resume ?? {};
  return {
    clientName: hello.clientName,
    metadata: { ...hello.metadata },
    ttlMs: durationMs(hello.sessionTtl, SESSION_TTL_MS_DEFAULT, 'session_ttl'),
    resume: id === undefined || secret === undefined ? undefined : { id, secret },
  };
}

/** Throws `INVALID_ARGUMENT`. */
export function acquireRequest(acquire: Acquire__Output): AcquireRequest {
  const { requestId, name } = acquire;
  const waitMs = durationMs(acquire.wait, Number.POSITIVE_INFINITY, 'wait');
  return { requestId, name, waitMs, terms: lockTerms(acquire) };
}

export function welcome(backend: LockBackend, session: LockSession): SessionResponse {
  return {
    welcome: {
      sessionId: session.id,
      secret: session.secret,
      resumed: session.resumed,
      effectiveTtl: duration(session.effectiveTtlMs),
      keepaliveInterval: duration(session.effectiveTtlMs / KEEP_ALIVES_PER_TTL),
      scope: SCOPES[backend.scope],
      durable: backend.isDurable,
      incarnation: backend.incarnation,
      held: session.held.map((lease) => heldLease(lease, 0)),
      queued: session.queued.map(queuedRequest),
    },
  };
}

/**
 * What a client hears of an event, except for the two that end its stream; `sinceKeepAliveMs` after
 * the last keep-alive was received.
 */
export function eventMessage(
  event: Exclude<LockEvent, { kind: 'session-expired' | 'taken-over' }>,
  sinceKeepAliveMs: number,
): SessionResponse {
  switch (event.kind) {
    case 'queued':
      return { queued: queuedRequest(event) };
    case 'contended':
      return { contended: queuedRequest(event) };
    case 'granted': {
      const effectiveTtl = duration(event.effectiveTtlMs);
      return { granted: { ...heldLease(event, sinceKeepAliveMs), effectiveTtl } };
    }
    case 'denied':
      return denied({ requestId: event.requestId }, event.error);
    case 'released':
      return { released: { leaseId: event.leaseId, token: String(event.token) } };
    case 'lost': {
      const { leaseId, token, reason } = event;
      return { lost: { leaseId, token: String(token), reason: LOST_REASONS[reason] } };
    }
    case 'revoking': {
      const { leaseId, token, reason } = event;
      const remaining = duration(event.remainingMs);
      return {
        revoking: { leaseId, token: String(token), remaining, reason: LOST_REASONS[reason] },
      };
    }
    case 'jeopardy':
      return { jeopardy: { remaining: duration(event.remainingMs) } };
  }
}

export function denied(
  subject: { readonly requestId: string } | { readonly leaseId: string },
  error: Error,
): SessionResponse {
  return { denied: { ...subject, status: statusOf(HoldfastError.from(error)) } };
}

function heldLease(lease: HeldLease, sinceKeepAliveMs: number) {
  const { requestId, name, leaseId, remainingHoldMs } = lease;
  const holdLimit =
    remainingHoldMs === undefined ? null : duration(sinceKeepAliveMs + remainingHoldMs);
  return { requestId, name, leaseId, token: String(lease.token), holdLimit };
}

function queuedRequest(request: QueuedRequest) {
  const { requestId, name, position, holder } = request;
  return { requestId, name, position, holder };
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
    size += assertTextSize(key, METADATA_KEY_BYTES_MAX, 'metadata');
    size += assertTextSize(value, METADATA_VALUE_BYTES_MAX, 'metadata');
  }
  if (size <= METADATA_BYTES_MAX) return;
  throw new InvalidArgumentError(`metadata may have ${METADATA_BYTES_MAX} bytes together`, {
    field: 'metadata',
  });
}
