/**
 * A name that is held, waited for, or closed for a while. Only the table writes it.
 *
 * Invariants
 * 1. Holders are compatible: one exclusive, or only shared ones, or permits that fit the capacity.
 * 2. `permitsHeld` is the sum of the holders' permits.
 */
import { assert } from '../assert.ts';
import type { LockTerms } from '../backend/lock-backend.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';
import { type Claim, ClaimList } from './claim.ts';
import { NOT_IN_HEAP, type Timed } from './deadline-heap.ts';

export class Lock implements Timed {
  readonly kind = 'lock' as const;
  readonly name: string;
  readonly holders: ClaimList = new ClaimList();
  readonly queue: ClaimList = new ClaimList();
  permitsHeld = 0;
  /** What was asked of it first: later claims have to be of the same kind. */
  readonly terms: LockTerms;
  /** Nobody is granted it before: a lease on it was lost. 0 = open. */
  closedUntilMs = 0;
  /** How long it was closed for, in all. */
  closedForMs = 0;
  /** When waiters hear of their new positions; `NEVER` while none changed. */
  positionsDueMs: number = NEVER;

  deadlineMs: number = NEVER;
  heapIndex: number = NOT_IN_HEAP;

  constructor(name: string, terms: LockTerms) {
    this.name = name;
    this.terms = terms;
  }

  /** Whether a claim that is first in line may hold the lock now. */
  admits(claim: LockTerms): boolean {
    if (this.closedUntilMs > 0) return false;
    const { first } = this.holders;
    if (first === undefined) return true;
    if (claim.mode === 'permit') return this.permitsHeld + claim.permits <= claim.capacity;
    return claim.mode === 'shared' && first.terms.mode === 'shared';
  }

  addHolder(claim: Claim): void {
    assert(this.admits(claim.terms), 'a grant that the lock does not admit');
    this.holders.append(claim);
    this.permitsHeld += claim.terms.permits;
  }

  removeHolder(claim: Claim): void {
    this.holders.remove(claim);
    this.permitsHeld -= claim.terms.permits;
  }

  /** Its lease was lost at `nowMs`. */
  closeAfter(claim: Claim, nowMs: number): void {
    const { lockDelayMs } = claim.terms;
    if (lockDelayMs > 0) this.closeFor(lockDelayMs, nowMs + lockDelayMs);
  }

  closeFor(delayMs: number, untilMs: number): void {
    if (untilMs <= this.closedUntilMs) return;
    this.closedUntilMs = untilMs;
    this.closedForMs = delayMs;
  }

  openIfDue(nowMs: number): void {
    if (isExpired(this.closedUntilMs, nowMs)) this.closedUntilMs = 0;
  }

  /** When something of it is due. */
  get nextMs(): number {
    const opensMs = this.closedUntilMs > 0 ? this.closedUntilMs : NEVER;
    return Math.min(opensMs, this.positionsDueMs);
  }

  get isUnused(): boolean {
    return this.holders.count === 0 && this.queue.count === 0 && this.closedUntilMs === 0;
  }

  /** Whom a waiter is told to wait for; empty if nobody holds it. */
  get holderName(): string {
    return this.holders.first?.session.displayName ?? '';
  }
}
