/**
 * How a claim is told to the session that made it. A lease's id is its token in decimal: both are
 * unique.
 */
import { assert } from '../assert.ts';
import type { HeldLease, LockEvent, QueuedRequest } from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import { type Claim, NO_TOKEN, type TableSession } from './claim.ts';

export function heldLease(claim: Claim, nowMs: number): HeldLease {
  assert(claim.token !== NO_TOKEN, 'a lease without a token');
  const { requestId = '', name, token, terms, revokedAtMs } = claim;
  const lease = { requestId, name, leaseId: String(token), token };
  if (terms.maxHoldMs === NEVER) return lease;
  return { ...lease, remainingHoldMs: Math.max(revokedAtMs - nowMs, 0) };
}

export function queuedRequest(claim: Claim, holder: string): QueuedRequest {
  return {
    requestId: claim.requestId ?? '',
    name: claim.name,
    position: claim.position,
    holder,
  };
}

export function grantedEvent(claim: Claim, nowMs: number): LockEvent {
  const effectiveTtlMs = Math.min(claim.session.ttlMs, claim.ttlMs);
  return { kind: 'granted', ...heldLease(claim, nowMs), effectiveTtlMs };
}

export function queuedEvent(kind: 'queued' | 'contended', claim: Claim, holder: string): LockEvent {
  return { kind, ...queuedRequest(claim, holder) };
}

export function revokingEvent(claim: Claim, nowMs: number): LockEvent {
  const { token, revokedAtMs, revokeReason } = claim;
  const remainingMs = Math.max(revokedAtMs - nowMs, 0);
  return { kind: 'revoking', leaseId: String(token), token, remainingMs, reason: revokeReason };
}

/** `undefined` if it is out of danger, or over, by now. */
export function jeopardyEvent(session: TableSession, nowMs: number): LockEvent | undefined {
  if (session.state !== 'alive' || session.lateness !== 'told') return undefined;
  return { kind: 'jeopardy', remainingMs: Math.max(session.expiresAtMs - nowMs, 0) };
}

/** For a waiter whose session ended first. */
export function withdrawnError(): HoldfastError {
  return new HoldfastError('LEASE_LOST', 'the session ended before the lock was granted', {
    details: { reason: 'SESSION_EXPIRED' },
  });
}
