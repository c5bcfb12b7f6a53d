/**
 * The one state machine of all locks: embedded leases, key locks and remote sessions drive this
 * table, and nothing else decides who holds what. It is pure: no I/O, no timers; the monotonic time
 * is an argument of every call, what happened later than the call that asked for it comes out of
 * `takeEvents`.
 *
 *   acquire ─ busy, no wait ──────────────────────────► CONTENDED
 *      │ └─ busy ─► QUEUED ─ cancel / wait over ──────► CONTENDED
 *      │              │  └── own session ends ────────► WITHDRAWN ◄─ HELD, could not be kept
 *      │              └ its turn                        (all on the right are final)
 *      └─ free ─────► HELD ─ release / session closed ► RELEASED
 *                      └─ TTL or hold over, revoked,
 *                         session expired ────────────► LOST
 *
 * A session is ALIVE until it is CLOSED or EXPIRED; a broken stream (detached, resumed) does not
 * show here: only its keep-alives count. One that is late puts all its claims in jeopardy, which is
 * told and changes nothing (keep-alives.ts). Each session remembers its latest finished requests,
 * so that a request sent again gets its first answer.
 *
 * Invariants, after every call:
 *  1. The holders of a lock are compatible (`Lock.admits` is the only place that says so).
 *  2. A lock that would admit its first waiter has none, and one that is neither held nor closed by
 *     a lock delay is not in the table: no wake-up can be lost.
 *  3. Tokens rise strictly in the order of grants, over all locks.
 *  4. Waiters are granted in the order they queued; one that leaves changes nothing for the others.
 *  5. Only a claim whose session is alive, and whose wait is not over, is granted. What is due at
 *     `nowMs` ends before anything else is looked at, however late the call comes.
 *  6. A claim leaves a state once. A cancel that comes after the grant finds the claim held, and
 *     changes nothing.
 *  7. A deadline moves on only by `keepAlive`, `resumeSession` and `renew`, and never once it has
 *     passed; `revoke` and a lease's longest hold only bring it forward.
 *  8. The heap holds each claim, session and lock that has a deadline, a session's being first when
 *     its keep-alive is late and then its end, so `nextDeadlineMs` misses none.
 *  9. Nothing grows beyond `LeaseTableLimits` and `ENDED_REQUESTS_MAX` per session.
 *
 * Cost: each call is O(log n) in all deadlines, whatever the queues' lengths; one grant touches one
 * waiter. Changed positions: queue-positions.ts.
 */
import type { LostReason } from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import { Claim, type ClaimRequest, type TableSession, type TableSessionOptions } from './claim.ts';
import { LeaseState, type LeaseTableOptions } from './lease-state.ts';
import { checkLimit } from './lease-table-limits.ts';
import type { Lock } from './lock.ts';
import { assertSameKind } from './lock-terms.ts';
import type { RestoredLocks } from './restored-locks.ts';
import type { TableEvent } from './table-event.ts';

export class LeaseTable {
  readonly #state: LeaseState;

  constructor(options: LeaseTableOptions) {
    this.#state = new LeaseState(options);
  }

  /** When `advance` has something to do next; `NEVER` if nothing has a deadline. */
  get nextDeadlineMs(): number {
    return this.#state.deadlines.nextMs;
  }

  /** Puts back what an earlier process left, and ends what of it is due. */
  restore(restored: RestoredLocks, nowMs: number): void {
    this.#state.restore(restored);
    // What is over ends first: nothing is granted to a session of which only the end is missing.
    this.advance(nowMs);
    for (const lock of this.#state.locks.values()) {
      lock.openIfDue(nowMs);
      this.#state.settleLock(lock);
    }
  }

  /** Grants nothing until `grantAgain`: waiters stay, new requests fail with `UNAVAILABLE`. */
  stopGranting(): void {
    this.#state.mayGrant = false;
  }

  grantAgain(nowMs: number): void {
    this.advance(nowMs);
    this.#state.mayGrant = true;
    for (const lock of this.#state.locks.values()) this.#state.settleLock(lock);
  }

  /** By id. Call `advance` first. */
  get sessions(): ReadonlyMap<string, TableSession> {
    return this.#state.sessions;
  }

  /** By name: those held, waited for, or closed for a while. Call `advance` first. */
  get locks(): ReadonlyMap<string, Lock> {
    return this.#state.locks;
  }

  /** What happened since the last call, in order. */
  takeEvents(): readonly TableEvent[] {
    if (this.#state.events.length === 0) return NO_EVENTS;
    const { events } = this.#state;
    this.#state.events = [];
    return events;
  }

  /** Throws `UNAVAILABLE` (`TOO_MANY_SESSIONS`). */
  openSession(options: TableSessionOptions, nowMs: number): TableSession {
    this.advance(nowMs);
    return this.#state.openSession(options);
  }

  /**
   * A client's live session of that id and secret, its TTL starting again now; `undefined` if there
   * is none.
   */
  resumeSession(id: string, secret: string, nowMs: number): TableSession | undefined {
    this.advance(nowMs);
    const session = this.#state.sessions.get(id);
    if (session?.owner !== 'stream' || !session.hasSecret(secret)) return undefined;
    this.#state.renewSession(session);
    return session;
  }

  /**
   * Starts the TTL of the session again, and with it that of all its leases but those with a TTL of
   * their own. Throws `LEASE_LOST` if the session is over.
   */
  keepAlive(session: TableSession, nowMs: number): void {
    this.advance(nowMs);
    this.#state.renewSession(session);
  }

  /**
   * Withdraws what a session waits for and releases what it holds, or marks that as lost for the
   * reason given; no events for the session itself. One that is over stays as it is.
   */
  closeSession(session: TableSession, nowMs: number, lostReason?: LostReason): void {
    this.advance(nowMs);
    if (session.state !== 'alive') return;
    session.state = 'closed';
    for (const lock of this.#state.endSession(session, lostReason)) this.#state.settleLock(lock);
  }

  /**
   * Asks for a lock. The state of the claim returned is the answer: `held`, `queued`, `contended`,
   * or, for a request id seen before, whatever became of it. The wait is no part of a request's
   * identity: who asks again has less time left.
   *
   * Throws `LEASE_LOST` if the session is over, `UNAVAILABLE` if a bound is reached and
   * `INVALID_ARGUMENT` for a request id that was used for something else (`REQUEST_ID_REUSED`) and
   * for terms that do not go with those the lock is in use on (`LOCK_MODE_MISMATCH`).
   */
  acquire(session: TableSession, request: ClaimRequest, nowMs: number): Claim {
    this.advance(nowMs);
    session.assertAlive();
    const known = session.findRequest(request);
    if (known !== undefined) return known;
    const state = this.#state;
    checkLimit(session.claims.size, state.limits.claimsPerSessionMax, 'TOO_MANY_REQUESTS');

    if (!state.mayGrant) throw notGranting();

    const claim = new Claim(session, request);
    const lock = state.lockFor(claim);
    assertSameKind(claim.terms, lock.terms);
    if (lock.queue.count === 0 && lock.admits(claim.terms)) {
      state.own(claim);
      this.#state.grant(lock, claim);
      return claim;
    }
    claim.position = lock.queue.count + 1;
    if (request.waitMs <= 0) {
      this.#state.finish(claim, 'contended');
      return claim;
    }
    checkLimit(lock.queue.count, this.#state.limits.waitersPerLockMax, 'WAIT_QUEUE_FULL');
    state.enqueue(lock, claim, request.waitMs);
    return claim;
  }

  /** Leaves the queue. False if there was nothing to leave: the claim is held, or over. */
  cancel(claim: Claim, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'queued') return false;
    const lock = this.#state.lockOf(claim);
    this.#state.leaveQueue(lock, claim);
    this.#state.finish(claim, 'contended');
    this.#state.settleLock(lock);
    return true;
  }

  /** Starts a lease's own TTL again. False if it is not held. */
  renew(claim: Claim, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'held') return false;
    this.#state.renewLease(claim);
    return true;
  }

  /**
   * Takes a lease away in `graceMs`, 0 = now: until then its holder, who is told, may release it.
   * False if it is not held.
   */
  revoke(claim: Claim, graceMs: number, reason: LostReason, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'held') return false;
    if (this.#state.nowMs + graceMs < claim.revokedAtMs) {
      this.#state.revokeAt(claim, this.#state.nowMs + graceMs, reason);
      this.advance(nowMs);
    }
    return true;
  }

  /**
   * Gives the lock to the next in line. True also for a second release; false if it was lost, or
   * never held.
   */
  release(claim: Claim, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'held') return claim.state === 'released';
    const lock = this.#state.lockOf(claim);
    lock.removeHolder(claim);
    this.#state.finish(claim, 'released');
    this.#state.settleLock(lock);
    return true;
  }

  /** Takes back a grant that nobody was told of. */
  withdraw(claim: Claim, nowMs: number): void {
    this.advance(nowMs);
    if (claim.state !== 'held') return;
    const lock = this.#state.lockOf(claim);
    lock.removeHolder(claim);
    this.#state.finish(claim, 'withdrawn');
    this.#state.settleLock(lock);
  }

  /** The held claim with that token, among those that have a request id. */
  findLease(token: bigint): Claim | undefined {
    return this.#state.leases.get(token);
  }

  /** Whom a waiter is told to wait for; empty if nobody holds the lock. */
  holderOf(name: string): string {
    return this.#state.locks.get(name)?.holderName ?? '';
  }

  /** Ends all that is due, and only then hands the locks on. Time never goes back here. */
  advance(nowMs: number): void {
    this.#state.advance(nowMs);
  }
}

const NO_EVENTS: readonly TableEvent[] = [];

function notGranting(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'grants cannot be kept: nothing is granted', {
    details: { reason: 'STORAGE_READ_ONLY' },
  });
}
