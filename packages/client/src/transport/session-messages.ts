import { HoldfastError } from '@holdfast/core';
import type { LockBackend, LockMode, LockTerms, QueuedRequest } from '@holdfast/core/backend';
import type {
  Acquire,
  Duration,
  Duration__Output,
  HeldLease__Output,
  LockScope,
  LostReason__Output,
  Queued__Output,
  SessionRequest,
  SessionResponse__Output,
  Welcome__Output,
  LockMode as WireLockMode,
} from '@holdfast/protos';
import type { ClientMessage, GrantedLease, ServerMessage } from '../locks/session-stream.ts';
import { errorOfStatus } from './status.ts';
import { millisecondsOf, WIRE_DURATION_MS_MAX, wireDuration } from './wire-time.ts';

const MODES: Readonly<Record<LockMode, WireLockMode>> = {
  exclusive: 'LOCK_MODE_EXCLUSIVE',
  shared: 'LOCK_MODE_SHARED',
  permit: 'LOCK_MODE_PERMIT',
};

const SCOPES: Readonly<Record<LockBackend['scope'], LockScope>> = {
  process: 'LOCK_SCOPE_PROCESS',
  server: 'LOCK_SCOPE_SERVER',
  cluster: 'LOCK_SCOPE_CLUSTER',
};

/** A message as the server reads it. */
export function wireSessionRequest(message: ClientMessage): SessionRequest {
  switch (message.kind) {
    case 'hello': {
      const { clientName, metadata, ttlMs, scope, resume } = message;
      const sessionTtl = wireDuration(ttlMs);
      return {
        hello: {
          clientName,
          metadata,
          sessionTtl,
          ...(scope === undefined ? {} : { scope: SCOPES[scope] }),
          ...(resume === undefined ? {} : { resume }),
        },
      };
    }
    case 'acquire': {
      const { requestId, name, waitMs, terms } = message;
      return { acquire: { requestId, name, ...wireTerms(terms), wait: optionalDuration(waitMs) } };
    }
    case 'cancel':
      return { cancelAcquire: { requestId: message.requestId } };
    case 'release':
      return { release: { leaseId: message.leaseId, token: String(message.token) } };
    case 'keep-alive':
      return { keepAlive: { sequence: message.sequence } };
    case 'goodbye':
      return { goodbye: {} };
  }
}

/**
 * A message as the client reads it, `undefined` for what it has no need of: kinds of later servers.
 * Throws if it makes no sense.
 */
export function serverMessage(response: SessionResponse__Output): ServerMessage | undefined {
  if (response.welcome) return welcome(response.welcome);
  if (response.queued) return { kind: 'queued', ...queuedRequest(response.queued) };
  if (response.granted) return { kind: 'granted', ...heldLease(response.granted) };
  if (response.contended) return { kind: 'contended', ...queuedRequest(response.contended) };
  if (response.keepAliveAck) {
    const { sequence, ttl } = response.keepAliveAck;
    return { kind: 'keep-alive-ack', sequence: Number(sequence), ttlMs: ttlMilliseconds(ttl) };
  }
  if (response.lost) {
    const { leaseId, reason } = response.lost;
    return { kind: 'lost', leaseId, reason: lostReason(reason) };
  }
  if (response.revoking) {
    const { leaseId, remaining, reason } = response.revoking;
    const remainingMs = remaining === null ? 0 : millisecondsOf(remaining);
    return { kind: 'revoking', leaseId, remainingMs, reason: lostReason(reason) };
  }
  if (response.released) return { kind: 'released', leaseId: response.released.leaseId };
  if (response.denied) {
    const { requestId, leaseId, status } = response.denied;
    // A release that is refused finds the lease over, or another's: ours it is not.
    if (leaseId !== '') return { kind: 'released', leaseId };
    const error =
      status === null
        ? new HoldfastError('UNAVAILABLE', 'the server denied the request and said no reason')
        : errorOfStatus(status);
    return { kind: 'denied', requestId, error };
  }
  if (response.jeopardy) return { kind: 'jeopardy' };
  if (response.draining) return { kind: 'draining' };
  // Of `safe`, the acknowledgement before it has said all.
  return undefined;
}

function welcome(wire: Welcome__Output): ServerMessage {
  return {
    kind: 'welcome',
    id: wire.sessionId,
    secret: wire.secret,
    resumed: wire.resumed,
    effectiveTtlMs: ttlMilliseconds(wire.effectiveTtl),
    held: wire.held.map(heldLease),
    queued: wire.queued.map(queuedRequest),
  };
}

function heldLease(lease: HeldLease__Output): GrantedLease {
  const { requestId, name, leaseId, holdLimit } = lease;
  const holdLimitMs = holdLimit === null ? undefined : millisecondsOf(holdLimit);
  return { requestId, name, leaseId, token: BigInt(lease.token), holdLimitMs };
}

function wireTerms({ mode, permits, capacity, lockDelayMs, maxHoldMs }: LockTerms): Acquire {
  return {
    mode: MODES[mode],
    ...(mode === 'permit' ? { permits, capacity } : {}),
    ...(lockDelayMs > 0 ? { lockDelay: wireDuration(lockDelayMs) } : {}),
    maxHold: optionalDuration(maxHoldMs),
  };
}

/** Absent for what never ends. */
function optionalDuration(ms: number): Duration | null {
  return ms > WIRE_DURATION_MS_MAX ? null : wireDuration(ms);
}

function lostReason(reason: LostReason__Output | number): string {
  return String(reason).replace('LOST_REASON_', '').toLowerCase().replaceAll('_', '-');
}

function queuedRequest({ requestId, name, position, holder }: Queued__Output): QueuedRequest {
  return { requestId, name, position, holder };
}

/** A TTL of nothing would have us renew without a pause. */
function ttlMilliseconds(ttl: Duration__Output | null): number {
  const ttlMs = ttl === null ? 0 : millisecondsOf(ttl);
  if (!(ttlMs >= 1)) throw new HoldfastError('UNAVAILABLE', `the server sent a TTL of ${ttlMs} ms`);
  return ttlMs;
}
