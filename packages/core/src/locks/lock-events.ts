/**
 * How a claim is told to the session that made it. A lease's id is its token in decimal: both are
 * unique.
 */
import { assert } from '../assert.ts';
import type { HeldLease, LockEvent, QueuedRequest } from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import { type Claim, NO_TOKEN } from './claim.ts';

export function heldLease(claim: Claim): HeldLease {
  assert(claim.token !== NO_TOKEN, 'a lease without a token');
  return {
    requestId: claim.requestId ?? '',
    name: claim.name,
    leaseId: String(claim.token),
    token: claim.token,
  };
}

export function queuedRequest(claim: Claim, holder: string): QueuedRequest {
  return {
    requestId: claim.requestId ?? '',
    name: claim.name,
    position: claim.position,
    holder,
  };
}

export function grantedEvent(claim: Claim): LockEvent {
  const effectiveTtlMs = Math.min(claim.session.ttlMs, claim.ttlMs);
  return { kind: 'granted', ...heldLease(claim), effectiveTtlMs };
}

export function queuedEvent(kind: 'queued' | 'contended', claim: Claim, holder: string): LockEvent {
  return { kind, ...queuedRequest(claim, holder) };
}

export function revokingEvent(claim: Claim, nowMs: number): LockEvent {
  const { token, revokedAtMs, revokeReason } = claim;
  const remainingMs = Math.max(revokedAtMs - nowMs, 0);
  return { kind: 'revoking', leaseId: String(token), token, remainingMs, reason: revokeReason };
}

/** For a waiter whose session ended first. */
export function withdrawnError(): HoldfastError {
  return new HoldfastError('LEASE_LOST', 'the session ended before the lock was granted', {
    details: { reason: 'SESSION_EXPIRED' },
  });
}
