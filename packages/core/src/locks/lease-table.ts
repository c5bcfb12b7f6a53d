/**
 * The one state machine of all locks: embedded leases, key locks and remote sessions drive this
 * table, and nothing else decides who holds what. It is pure: no I/O, no timers; the monotonic time
 * is an argument of every call, what happened later than the call that asked for it comes out of
 * `takeEvents`.
 *
 *   acquire ─ busy, no wait ──────────────────────────► CONTENDED
 *      │ └─ busy ─► QUEUED ─ cancel / wait over ──────► CONTENDED
 *      │              │  └── own session ends ────────► WITHDRAWN
 *      │              └ its turn                        (all on the right are final)
 *      └─ free ─────► HELD ─ release / session closed ► RELEASED
 *                      └─ TTL or hold over, revoked,
 *                         session expired ────────────► LOST
 *
 * A session is ALIVE until it is CLOSED or EXPIRED; a broken stream (detached, resumed) does not
 * show here: only its keep-alives count. Each session remembers its latest finished requests, so
 * that a request sent again gets its first answer.
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
 *  8. The heap holds each claim, session and lock that has a deadline, so `nextDeadlineMs` misses
 *     none.
 *  9. Nothing grows beyond `LeaseTableLimits` and `ENDED_REQUESTS_MAX` per session.
 *
 * Cost: each call is O(log n) in all deadlines, whatever the queues' lengths; one grant touches one
 * waiter. Changed positions: queue-positions.ts.
 */
import { assert, assertNever } from '../assert.ts';
import type { LockChangeKind } from '../backend/lock-administration.ts';
import type { LostReason } from '../backend/lock-backend.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';
import {
  Claim,
  type ClaimRequest,
  NO_TOKEN,
  TableSession,
  type TableSessionOptions,
} from './claim.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { checkLimit, LEASE_TABLE_LIMITS, type LeaseTableLimits } from './lease-table-limits.ts';
import { Lock } from './lock.ts';
import { assertSameKind } from './lock-terms.ts';
import { POSITION_INTERVAL_MS, tellPositions } from './queue-positions.ts';
import type { TableEvent } from './table-event.ts';
import type { TokenSource } from './token-source.ts';

export interface LeaseTableOptions {
  readonly tokens: TokenSource;
  /** Default `LEASE_TABLE_LIMITS`. */
  readonly limits?: LeaseTableLimits;
  /** Milliseconds between two tellings of changed positions; `NEVER` for none. Default 100. */
  readonly positionIntervalMs?: number;
  /** Hears of each change as it happens, in the middle of a call: it must not call the table. */
  readonly onChange?: (kind: LockChangeKind, claim: Claim) => void;
}

export class LeaseTable {
  readonly #tokens: TokenSource;
  readonly #limits: LeaseTableLimits;
  readonly #positionIntervalMs: number;
  readonly #onChange: LeaseTableOptions['onChange'];
  readonly #locks = new Map<string, Lock>();
  readonly #sessions = new Map<string, TableSession>();
  /** By name: those held, waited for, or closed for a while. Call `advance` first. */
  readonly locks: ReadonlyMap<string, Lock> = this.#locks;
  /** By id. Call `advance` first. */
  readonly sessions: ReadonlyMap<string, TableSession> = this.#sessions;
  /** Held claims that have a request id, by token. */
  readonly #leases = new Map<bigint, Claim>();
  readonly #deadlines = new DeadlineHeap<Claim | TableSession | Lock>();
  #events: TableEvent[] = [];
  #nowMs = Number.NEGATIVE_INFINITY;
  #lastToken = NO_TOKEN;

  constructor(options: LeaseTableOptions) {
    this.#tokens = options.tokens;
    this.#limits = options.limits ?? LEASE_TABLE_LIMITS;
    this.#positionIntervalMs = options.positionIntervalMs ?? POSITION_INTERVAL_MS;
    this.#onChange = options.onChange;
  }

  /** When `advance` has something to do next; `NEVER` if nothing has a deadline. */
  get nextDeadlineMs(): number {
    return this.#deadlines.nextMs;
  }

  /** What happened since the last call, in order. */
  takeEvents(): readonly TableEvent[] {
    if (this.#events.length === 0) return NO_EVENTS;
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Throws `UNAVAILABLE` (`TOO_MANY_SESSIONS`). */
  openSession(options: TableSessionOptions, nowMs: number): TableSession {
    this.advance(nowMs);
    checkLimit(this.#sessions.size, this.#limits.sessionsMax, 'TOO_MANY_SESSIONS');
    assert(!this.#sessions.has(options.id), 'session id is taken');
    const session = new TableSession(options);
    this.#sessions.set(session.id, session);
    this.#deadlines.set(session, this.#nowMs + session.ttlMs);
    return session;
  }

  /**
   * A client's live session of that id and secret, its TTL starting again now; `undefined` if there
   * is none.
   */
  resumeSession(id: string, secret: string, nowMs: number): TableSession | undefined {
    this.advance(nowMs);
    const session = this.#sessions.get(id);
    if (session?.owner !== 'stream' || !session.hasSecret(secret)) return undefined;
    this.#deadlines.set(session, this.#nowMs + session.ttlMs);
    return session;
  }

  /**
   * Starts the TTL of the session again, and with it that of all its leases but those with a TTL of
   * their own. Throws `LEASE_LOST` if the session is over.
   */
  keepAlive(session: TableSession, nowMs: number): void {
    this.advance(nowMs);
    session.assertAlive();
    this.#deadlines.set(session, this.#nowMs + session.ttlMs);
  }

  /**
   * Withdraws what a session waits for and releases what it holds, or marks that as lost for the
   * reason given; no events for the session itself. One that is over stays as it is.
   */
  closeSession(session: TableSession, nowMs: number, lostReason?: LostReason): void {
    this.advance(nowMs);
    if (session.state !== 'alive') return;
    session.state = 'closed';
    for (const lock of this.#endSession(session, lostReason)) this.#settleLock(lock);
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
    checkLimit(session.claims.size, this.#limits.claimsPerSessionMax, 'TOO_MANY_REQUESTS');

    const claim = new Claim(session, request);
    const lock = this.#locks.get(request.name) ?? this.#createLock(claim);
    assertSameKind(claim.terms, lock.terms);
    if (lock.queue.count === 0 && lock.admits(claim.terms)) {
      session.own(claim);
      this.#grant(lock, claim);
      return claim;
    }
    claim.position = lock.queue.count + 1;
    if (request.waitMs <= 0) {
      this.#finish(claim, 'contended');
      return claim;
    }
    checkLimit(lock.queue.count, this.#limits.waitersPerLockMax, 'WAIT_QUEUE_FULL');
    session.own(claim);
    lock.queue.append(claim);
    this.#deadlines.set(claim, this.#nowMs + request.waitMs);
    this.#onChange?.('queued', claim);
    return claim;
  }

  /** Leaves the queue. False if there was nothing to leave: the claim is held, or over. */
  cancel(claim: Claim, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'queued') return false;
    const lock = this.#lockOf(claim);
    this.#leaveQueue(lock, claim);
    this.#finish(claim, 'contended');
    this.#settleLock(lock);
    return true;
  }

  /** Starts a lease's own TTL again. False if it is not held. */
  renew(claim: Claim, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'held') return false;
    claim.expiresAtMs = this.#nowMs + claim.ttlMs;
    this.#scheduleLease(claim);
    return true;
  }

  /**
   * Takes a lease away in `graceMs`, 0 = now: until then its holder, who is told, may release it.
   * False if it is not held.
   */
  revoke(claim: Claim, graceMs: number, reason: LostReason, nowMs: number): boolean {
    this.advance(nowMs);
    if (claim.state !== 'held') return false;
    if (this.#nowMs + graceMs < claim.revokedAtMs) {
      claim.revokedAtMs = this.#nowMs + graceMs;
      claim.revokeReason = reason;
      this.#scheduleLease(claim);
      if (graceMs > 0) {
        this.#events.push({ kind: 'revoking', claim });
        this.#onChange?.('revoking', claim);
      } else this.advance(nowMs);
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
    const lock = this.#lockOf(claim);
    lock.removeHolder(claim);
    this.#finish(claim, 'released');
    this.#settleLock(lock);
    return true;
  }

  /** The held claim with that token, among those that have a request id. */
  findLease(token: bigint): Claim | undefined {
    return this.#leases.get(token);
  }

  /** Whom a waiter is told to wait for; empty if nobody holds the lock. */
  holderOf(name: string): string {
    return this.#locks.get(name)?.holderName ?? '';
  }

  /** Ends all that is due, and only then hands the locks on. Time never goes back here. */
  advance(nowMs: number): void {
    assert(!Number.isNaN(nowMs), 'time is not a number');
    if (nowMs > this.#nowMs) this.#nowMs = nowMs;
    if (!isExpired(this.#deadlines.nextMs, this.#nowMs)) return;
    const touched = new Set<Lock>();
    const positions = new Set<Lock>();
    for (;;) {
      const item = this.#deadlines.takeExpired(this.#nowMs);
      if (item === undefined) break;
      switch (item.kind) {
        case 'claim':
          touched.add(this.#expireClaim(item));
          break;
        case 'session':
          item.state = 'expired';
          for (const lock of this.#endSession(item, 'session-expired')) touched.add(lock);
          this.#events.push({ kind: 'session-expired', session: item });
          break;
        case 'lock':
          item.openIfDue(this.#nowMs);
          touched.add(item);
          if (isExpired(item.positionsDueMs, this.#nowMs)) positions.add(item);
          break;
        default:
          assertNever(item);
      }
    }
    for (const lock of positions) lock.positionsDueMs = NEVER;
    for (const lock of touched) this.#settleLock(lock);
    for (const lock of positions) tellPositions(lock, this.#events);
  }

  #createLock({ name, terms }: Claim): Lock {
    checkLimit(this.#locks.size, this.#limits.locksMax, 'TOO_MANY_LOCKS');
    const lock = new Lock(name, terms);
    this.#locks.set(name, lock);
    return lock;
  }

  #expireClaim(claim: Claim): Lock {
    const lock = this.#lockOf(claim);
    if (claim.state === 'queued') {
      this.#leaveQueue(lock, claim);
      this.#finish(claim, 'contended');
      this.#events.push({ kind: 'contended', claim, holder: lock.holderName });
    } else {
      const reason = claim.revokedAtMs <= claim.expiresAtMs ? claim.revokeReason : 'expired';
      this.#lose(lock, claim, reason);
      this.#events.push({ kind: 'lost', claim, reason });
    }
    return lock;
  }

  /** Ends every claim of a session that is over; returns the locks that are to be settled. */
  #endSession(session: TableSession, lostReason: LostReason | undefined): Set<Lock> {
    assert(session.state !== 'alive', 'session is alive');
    this.#deadlines.remove(session);
    this.#sessions.delete(session.id);
    const isHeard = session.state === 'expired';
    const touched = new Set<Lock>();
    for (const claim of session.claims) {
      const lock = this.#lockOf(claim);
      touched.add(lock);
      if (claim.state === 'queued') {
        this.#leaveQueue(lock, claim);
        this.#finish(claim, 'withdrawn');
        if (isHeard) this.#events.push({ kind: 'withdrawn', claim });
      } else if (lostReason === undefined) {
        lock.removeHolder(claim);
        this.#finish(claim, 'released');
      } else {
        this.#lose(lock, claim, lostReason);
        if (isHeard) this.#events.push({ kind: 'lost', claim, reason: lostReason });
      }
    }
    assert(session.claims.size === 0, 'a session that is over owns claims');
    return touched;
  }

  /**
   * Grants a lock as far as it admits, and forgets it once nobody needs it: invariants 1, 2 and 4.
   */
  #settleLock(lock: Lock): void {
    for (;;) {
      const claim = lock.queue.first;
      if (claim === undefined || !lock.admits(claim.terms)) break;
      this.#leaveQueue(lock, claim);
      this.#grant(lock, claim);
      this.#events.push({ kind: 'granted', claim });
    }
    if (lock.isUnused) {
      this.#deadlines.remove(lock);
      this.#locks.delete(lock.name);
    } else if (lock.nextMs !== lock.deadlineMs) {
      this.#deadlines.set(lock, lock.nextMs);
    }
  }

  #grant(lock: Lock, claim: Claim): void {
    assert(claim.session.state === 'alive', 'grant to a session that is over');
    assert(claim.state === 'queued', 'grant of a claim that is not waiting');
    const token = this.#tokens.next();
    assert(token > this.#lastToken, 'fencing token does not rise');
    this.#lastToken = token;
    claim.token = token;
    claim.state = 'held';
    lock.addHolder(claim);
    claim.expiresAtMs = this.#nowMs + claim.ttlMs;
    claim.revokedAtMs = this.#nowMs + claim.terms.maxHoldMs;
    this.#scheduleLease(claim);
    if (claim.requestId !== undefined) this.#leases.set(token, claim);
    this.#onChange?.('granted', claim);
  }

  #scheduleLease(claim: Claim): void {
    this.#deadlines.set(claim, Math.min(claim.expiresAtMs, claim.revokedAtMs));
  }

  #lose(lock: Lock, claim: Claim, reason: LostReason): void {
    assert(claim.state === 'held', 'loss of a claim that is not held');
    lock.removeHolder(claim);
    lock.closeAfter(claim, this.#nowMs);
    claim.lostReason = reason;
    this.#finish(claim, 'lost');
  }

  #leaveQueue(lock: Lock, claim: Claim): void {
    assert(claim.state === 'queued', 'claim is not in the queue');
    const moves = claim.next !== undefined && lock.positionsDueMs === NEVER;
    lock.queue.remove(claim);
    this.#deadlines.remove(claim);
    if (moves) lock.positionsDueMs = this.#nowMs + this.#positionIntervalMs;
  }

  /** A claim's last step, already out of its list. */
  #finish(claim: Claim, state: 'released' | 'lost' | 'contended' | 'withdrawn'): void {
    const wasInLine = this.#onChange !== undefined && claim.session.claims.has(claim);
    claim.state = state;
    this.#deadlines.remove(claim);
    this.#leases.delete(claim.token);
    claim.session.disown(claim);
    const kind = state === 'released' || state === 'lost' ? state : 'left';
    if (wasInLine) this.#onChange?.(kind, claim);
  }

  #lockOf(claim: Claim): Lock {
    const lock = this.#locks.get(claim.name);
    assert(lock !== undefined, 'a claim that waits or holds has no lock');
    return lock;
  }
}

const NO_EVENTS: readonly TableEvent[] = [];
