/**
 * What a lease table knows, and the few steps in which it changes: every call of lease-table.ts is
 * made of these, and they keep its invariants.
 */
import { assert, assertNever } from '../assert.ts';
import type { LostReason } from '../backend/lock-backend.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';
import {
  Claim,
  type ClaimState,
  NO_TOKEN,
  TableSession,
  type TableSessionOptions,
} from './claim.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { lateAfterMs } from './keep-alives.ts';
import { checkLimit, LEASE_TABLE_LIMITS, type LeaseTableLimits } from './lease-table-limits.ts';
import { Lock } from './lock.ts';
import { POSITION_INTERVAL_MS, tellPositions } from './queue-positions.ts';
import type { RestoredLocks } from './restored-locks.ts';
import type { TableChanges } from './table-changes.ts';
import type { TableEvent } from './table-event.ts';
import type { TokenSource } from './token-source.ts';

export interface LeaseTableOptions {
  readonly tokens: TokenSource;
  /** Default `LEASE_TABLE_LIMITS`. */
  readonly limits?: LeaseTableLimits;
  /** Milliseconds between two tellings of changed positions; `NEVER` for none. Default 100. */
  readonly positionIntervalMs?: number;
  /** Hear of every change. */
  readonly changes?: readonly TableChanges[];
}

export class LeaseState {
  readonly limits: LeaseTableLimits;
  readonly locks: Map<string, Lock> = new Map();
  readonly sessions: Map<string, TableSession> = new Map();
  /** Held claims that have a request id, by token. */
  readonly leases: Map<bigint, Claim> = new Map();
  readonly deadlines: DeadlineHeap<Claim | TableSession | Lock> = new DeadlineHeap();
  events: TableEvent[] = [];
  nowMs: number = Number.NEGATIVE_INFINITY;
  readonly #tokens: TokenSource;
  readonly #positionIntervalMs: number;
  readonly #changes: readonly TableChanges[];
  /** False while grants could not be kept: then nothing is granted. */
  mayGrant = true;
  #lastToken = NO_TOKEN;

  constructor(options: LeaseTableOptions) {
    this.#tokens = options.tokens;
    this.limits = options.limits ?? LEASE_TABLE_LIMITS;
    this.#positionIntervalMs = options.positionIntervalMs ?? POSITION_INTERVAL_MS;
    this.#changes = options.changes ?? [];
  }

  /** Ends all that is due, and only then hands the locks on. Time never goes back here. */
  advance(nowMs: number): void {
    assert(!Number.isNaN(nowMs), 'time is not a number');
    if (nowMs > this.nowMs) this.nowMs = nowMs;
    if (!isExpired(this.deadlines.nextMs, this.nowMs)) return;
    const touched = new Set<Lock>();
    const positions = new Set<Lock>();
    for (;;) {
      const item = this.deadlines.takeExpired(this.nowMs);
      if (item === undefined) break;
      switch (item.kind) {
        case 'claim':
          touched.add(this.expireClaim(item));
          break;
        case 'session':
          if (item.lateness === 'none') {
            this.#noticeLateness(item);
            break;
          }
          item.state = 'expired';
          for (const lock of this.endSession(item, 'session-expired')) touched.add(lock);
          this.events.push({ kind: 'session-expired', session: item });
          break;
        case 'lock':
          item.openIfDue(this.nowMs);
          touched.add(item);
          if (isExpired(item.positionsDueMs, this.nowMs)) positions.add(item);
          break;
        default:
          assertNever(item);
      }
    }
    for (const lock of positions) lock.positionsDueMs = NEVER;
    for (const lock of touched) this.settleLock(lock);
    for (const lock of positions) tellPositions(lock, this.events);
  }

  openSession(options: TableSessionOptions): TableSession {
    checkLimit(this.sessions.size, this.limits.sessionsMax, 'TOO_MANY_SESSIONS');
    assert(!this.sessions.has(options.id), 'session id is taken');
    const session = new TableSession(options);
    this.sessions.set(session.id, session);
    this.#startTtl(session);
    for (const each of this.#changes) each.sessionOpened?.(session);
    return session;
  }

  renewSession(session: TableSession): void {
    session.assertAlive();
    this.#startTtl(session);
    for (const each of this.#changes) each.sessionRenewed?.(session);
  }

  #startTtl(session: TableSession): void {
    session.expiresAtMs = this.nowMs + session.ttlMs;
    session.lateness = 'none';
    this.deadlines.set(session, this.nowMs + lateAfterMs(session.ttlMs));
  }

  /** It ends in its turn, which may be in this very call: then that is all it hears. */
  #noticeLateness(session: TableSession): void {
    session.lateness = 'late';
    this.deadlines.set(session, session.expiresAtMs);
    if (!isExpired(session.expiresAtMs, this.nowMs)) this.tellJeopardy(session);
  }

  /** Once, and only if the session has something to lose; else when it has. */
  tellJeopardy(session: TableSession): void {
    if (session.lateness !== 'late' || session.claims.size === 0) return;
    session.lateness = 'told';
    this.events.push({ kind: 'jeopardy', session });
  }

  /** Throws `UNAVAILABLE` (`TOO_MANY_LOCKS`). */
  lockFor({ name, terms }: Pick<Claim, 'name' | 'terms'>): Lock {
    const known = this.locks.get(name);
    if (known !== undefined) return known;
    checkLimit(this.locks.size, this.limits.locksMax, 'TOO_MANY_LOCKS');
    const lock = new Lock(name, terms);
    this.locks.set(name, lock);
    return lock;
  }

  expireClaim(claim: Claim): Lock {
    const lock = this.lockOf(claim);
    if (claim.state === 'queued') {
      this.leaveQueue(lock, claim);
      this.finish(claim, 'contended');
      this.events.push({ kind: 'contended', claim, holder: lock.holderName });
    } else {
      const reason = claim.revokedAtMs <= claim.expiresAtMs ? claim.revokeReason : 'expired';
      this.lose(lock, claim, reason);
      this.events.push({ kind: 'lost', claim, reason });
    }
    return lock;
  }

  /** Ends every claim of a session that is over; returns the locks that are to be settled. */
  endSession(session: TableSession, lostReason: LostReason | undefined): Set<Lock> {
    assert(session.state !== 'alive', 'session is alive');
    this.deadlines.remove(session);
    this.sessions.delete(session.id);
    const isHeard = session.state === 'expired';
    const touched = new Set<Lock>();
    for (const claim of session.claims) {
      const lock = this.lockOf(claim);
      touched.add(lock);
      if (claim.state === 'queued') {
        this.leaveQueue(lock, claim);
        this.finish(claim, 'withdrawn');
        if (isHeard) this.events.push({ kind: 'withdrawn', claim });
      } else if (lostReason === undefined) {
        lock.removeHolder(claim);
        this.finish(claim, 'released');
      } else {
        this.lose(lock, claim, lostReason);
        if (isHeard) this.events.push({ kind: 'lost', claim, reason: lostReason });
      }
    }
    assert(session.claims.size === 0, 'a session that is over owns claims');
    for (const each of this.#changes) each.sessionEnded?.(session);
    return touched;
  }

  /**
   * Grants a lock as far as it admits, and forgets it once nobody needs it: invariants 1, 2 and 4.
   */
  settleLock(lock: Lock): void {
    for (;;) {
      const claim = lock.queue.first;
      if (claim === undefined || !this.mayGrant || !lock.admits(claim.terms)) break;
      this.leaveQueue(lock, claim);
      this.grant(lock, claim);
      this.events.push({ kind: 'granted', claim });
    }
    if (lock.isUnused) {
      this.deadlines.remove(lock);
      this.locks.delete(lock.name);
    } else if (lock.nextMs !== lock.deadlineMs) {
      this.deadlines.set(lock, lock.nextMs);
    }
  }

  grant(lock: Lock, claim: Claim): void {
    assert(claim.session.state === 'alive', 'grant to a session that is over');
    assert(claim.state === 'queued', 'grant of a claim that is not waiting');
    const token = this.#tokens.next();
    assert(token > this.#lastToken, 'fencing token does not rise');
    claim.token = token;
    claim.expiresAtMs = this.nowMs + claim.ttlMs;
    claim.revokedAtMs = this.nowMs + claim.terms.maxHoldMs;
    this.hold(lock, claim);
    for (const each of this.#changes) each.claimGranted?.(claim);
  }

  hold(lock: Lock, claim: Claim): void {
    claim.state = 'held';
    lock.addHolder(claim);
    this.scheduleLease(claim);
    if (claim.token > this.#lastToken) this.#lastToken = claim.token;
    if (claim.requestId !== undefined) this.leases.set(claim.token, claim);
  }

  scheduleLease(claim: Claim): void {
    this.deadlines.set(claim, Math.min(claim.expiresAtMs, claim.revokedAtMs));
  }

  lose(lock: Lock, claim: Claim, reason: LostReason): void {
    assert(claim.state === 'held', 'loss of a claim that is not held');
    lock.removeHolder(claim);
    lock.closeAfter(claim, this.nowMs);
    claim.lostReason = reason;
    this.finish(claim, 'lost');
  }

  leaveQueue(lock: Lock, claim: Claim): void {
    assert(claim.state === 'queued', 'claim is not in the queue');
    const moves = claim.next !== undefined && lock.positionsDueMs === NEVER;
    lock.queue.remove(claim);
    this.deadlines.remove(claim);
    if (moves) lock.positionsDueMs = this.nowMs + this.#positionIntervalMs;
  }

  /** Puts back what an earlier process left; nothing of it ends or is granted yet. */
  restore({ sessions, claims, closed }: RestoredLocks): void {
    for (const { options, deadlineMs } of sessions) {
      const session = new TableSession(options);
      this.sessions.set(session.id, session);
      session.expiresAtMs = deadlineMs;
      // Nobody could be told that it is late: who comes for it renews it.
      this.deadlines.set(session, deadlineMs);
    }
    for (const { sessionId, request, waitUntilMs, lease } of claims) {
      const session = this.sessions.get(sessionId);
      assert(session !== undefined, 'a restored claim has no session');
      const claim = new Claim(session, request);
      const lock = this.lockFor(claim);
      session.own(claim);
      if (lease === undefined) {
        lock.queue.append(claim);
        claim.position = lock.queue.count;
        this.deadlines.set(claim, waitUntilMs);
      } else {
        Object.assign(claim, lease, { isKept: true });
        this.hold(lock, claim);
      }
    }
    for (const { name, terms, untilMs, delayMs } of closed) {
      this.lockFor({ name, terms }).closeFor(delayMs, untilMs);
    }
  }

  /** A claim's last step, already out of its list. */
  finish(claim: Claim, state: ClaimState): void {
    const wasInLine = claim.session.claims.has(claim);
    claim.state = state;
    this.deadlines.remove(claim);
    this.leases.delete(claim.token);
    claim.session.disown(claim);
    if (!wasInLine) return;
    for (const each of this.#changes) each.claimEnded?.(claim, this.locks.get(claim.name));
  }

  /** The claim of a request that is going to wait or to be granted. */
  own(claim: Claim): void {
    claim.session.own(claim);
    for (const each of this.#changes) each.claimQueued?.(claim);
    this.tellJeopardy(claim.session);
  }

  enqueue(lock: Lock, claim: Claim, waitMs: number): void {
    this.deadlines.set(claim, this.nowMs + waitMs);
    lock.queue.append(claim);
    this.own(claim);
  }

  renewLease(claim: Claim): void {
    claim.expiresAtMs = this.nowMs + claim.ttlMs;
    this.scheduleLease(claim);
    for (const each of this.#changes) each.claimRenewed?.(claim);
  }

  /** Brings forward when a lease is lost; its holder is told if that is not now. */
  revokeAt(claim: Claim, revokedAtMs: number, reason: LostReason): void {
    claim.revokedAtMs = revokedAtMs;
    claim.revokeReason = reason;
    this.scheduleLease(claim);
    if (revokedAtMs <= this.nowMs) return;
    this.events.push({ kind: 'revoking', claim });
    for (const each of this.#changes) each.claimRevoked?.(claim);
  }

  lockOf(claim: Claim): Lock {
    const lock = this.locks.get(claim.name);
    assert(lock !== undefined, 'a claim that waits or holds has no lock');
    return lock;
  }
}
