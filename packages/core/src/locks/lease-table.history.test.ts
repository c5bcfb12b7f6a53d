/**
 * Goal: no history breaks the lease table's invariants.
 * Method: seeded random calls (several sessions, names and modes, clock steps and jumps, repeated
 * and stale calls) go to the table and to a naive model that scans everything; after each step both
 * must agree on every claim, on the queues' order and on who was told. A checker that knows
 * nothing of either reads the recorded grants.
 * Not covered: durability and streams.
 */
import { describe, expect, it } from 'vitest';
import {
  CAPACITY,
  findViolation,
  type HistoryEntry,
  Model,
  type ModelClaim,
  type ModelSession,
  NAMES,
} from '../../test/lease-table-model.ts';
import type { LockChangeKind } from '../backend/lock-administration.ts';
import type { LockTerms } from '../backend/lock-backend.ts';
import { NEVER } from '../expiry/expiry.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { type Claim, type ClaimState, NO_TOKEN, type TableSession } from './claim.ts';
import { LeaseTable } from './lease-table.ts';
import { snapshotOf } from './lock-snapshot.ts';
import { EXCLUSIVE } from './lock-terms.ts';
import { tokensAfter } from './token-source.ts';

const SEEDS = Number(process.env.HOLDFAST_LOCK_SEEDS ?? 200);
const STEPS = 200;

/** Where a wait and its session end in one step, either may be the reason the waiter left. */
function normalized(state: ClaimState): string {
  return state === 'withdrawn' ? 'contended' : state;
}

/** `expect` is too slow for some millions of checks. */
function check(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

class Run {
  readonly #random: SeededRandom;
  /** Who waits and who holds, by what a watcher is told of each change. */
  readonly #watched = { waiting: new Set<Claim>(), held: new Set<Claim>() };
  readonly #table = new LeaseTable({
    tokens: tokensAfter(),
    changes: [
      {
        claimQueued: (claim) => this.#onChange('queued', claim),
        claimGranted: (claim) => this.#onChange('granted', claim),
        claimRevoked: (claim) => this.#onChange('revoking', claim),
        claimEnded: (claim) => {
          const { state } = claim;
          this.#onChange(state === 'released' || state === 'lost' ? state : 'left', claim);
        },
      },
    ],
  });
  readonly #model = new Model();
  readonly #history: HistoryEntry[] = [];
  /** Each claim's state when last looked at, and what its owner was told since it queued. */
  readonly #seen = new Map<ModelClaim, ClaimState>();
  readonly #told = new Map<Claim, string[]>();
  readonly #leftByOwnCall = new Set<Claim>();
  readonly #inJeopardy = new Set<TableSession>();
  #nowMs = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  play(steps: number): void {
    for (let step = 0; step < steps; step++) {
      // Without a look at the clock the next call has to find out what is due by itself.
      if (!this.#step()) continue;
      this.#observe();
      this.#compare();
      this.#model.prune();
    }
    const violation = findViolation(this.#history);
    check(violation === undefined, violation ?? '');
  }

  /** False if only time went by. */
  #step(): boolean {
    const random = this.#random;
    const model = this.#model;
    const kind = random.below(100);
    if (kind < 25) {
      this.#nowMs += random.chance(0.03) ? random.below(5_000) : random.below(40);
      if (random.chance(0.5)) return false;
    }
    model.settle(this.#nowMs);
    const session = this.#pick(model.sessions.slice(-8));
    const claim = this.#pick(model.claims.slice(-30));
    if (kind < 25) this.#table.advance(this.#nowMs);
    else if (kind < 33 || session === undefined) this.#open();
    else if (kind < 65) this.#acquire(session);
    else if (claim === undefined) this.#table.advance(this.#nowMs);
    else if (kind < 80) this.#release(claim);
    else if (kind < 86) this.#cancel(claim);
    else if (kind < 89) this.#renew(claim);
    else if (kind < 90) this.#revoke(claim);
    else if (kind < 97) this.#keepAlive(session);
    else this.#close(session);
    model.settle(this.#nowMs);
    return true;
  }

  #open(): void {
    const ttlMs = this.#random.chance(0.2) ? NEVER : 100 + this.#random.below(400);
    const id = `s${this.#ids++}`;
    const options = { id, secret: id, clientName: id, metadata: {}, ttlMs };
    const real = this.#table.openSession(options, this.#nowMs);
    this.#model.sessions.push({ real, ttlMs, untilMs: this.#nowMs + ttlMs, isAlive: true });
  }

  #acquire(session: ModelSession): void {
    const random = this.#random;
    const name = this.#pick(NAMES) as string;
    const waitMs = random.chance(0.2) ? 0 : random.chance(0.5) ? NEVER : 1 + random.below(200);
    const ttlMs = random.chance(0.7) ? NEVER : 50 + random.below(100);
    const requestId = random.chance(0.5) ? `r${this.#ids++}` : undefined;
    const terms = this.#terms(name);
    const request = { name, waitMs, ttlMs, requestId, terms };
    if (!session.isAlive) {
      expect(() => this.#table.acquire(session.real, request, this.#nowMs)).toThrow('LEASE_LOST');
      return;
    }
    const real = this.#table.acquire(session.real, request, this.#nowMs);
    if (requestId !== undefined && random.chance(0.3)) {
      const again = this.#table.acquire(session.real, request, this.#nowMs);
      check(again === real, 'a repeated request made another claim');
    }
    const claim: ModelClaim = {
      real,
      session,
      name,
      ttlMs,
      terms,
      state: 'queued',
      untilMs: NEVER,
      revokedMs: NEVER,
    };
    const isFirst = this.#model.inState(name, 'queued').length === 0;
    const isAdmitted = isFirst && this.#model.admits(name, terms, this.#nowMs);
    if (isAdmitted) this.#model.grant(claim, this.#nowMs);
    else if (waitMs === 0) claim.state = 'contended';
    else claim.untilMs = this.#nowMs + waitMs;
    this.#model.claims.push(claim);
    if (claim.state === 'queued') this.#told.set(real, []);
  }

  #terms(name: string): LockTerms {
    const random = this.#random;
    const lockDelayMs = random.chance(0.2) ? random.below(100) : 0;
    const maxHoldMs = random.chance(0.1) ? 100 + random.below(100) : NEVER;
    const isPermit = name === 'z';
    const mode = isPermit ? 'permit' : random.chance(0.4) ? 'shared' : 'exclusive';
    const permits = isPermit ? 1 + random.below(CAPACITY) : 1;
    const capacity = isPermit ? CAPACITY : 1;
    return { ...EXCLUSIVE, mode, permits, capacity, lockDelayMs, maxHoldMs };
  }

  #revoke(claim: ModelClaim): void {
    const wasHeld = claim.state === 'held';
    const graceMs = this.#random.chance(0.5) ? 0 : this.#random.below(100);
    const answer = this.#table.revoke(claim.real, graceMs, 'admin', this.#nowMs);
    check(answer === wasHeld, 'wrong answer to a revocation');
    if (wasHeld) claim.revokedMs = Math.min(claim.revokedMs, this.#nowMs + graceMs);
  }

  #release(claim: ModelClaim): void {
    const wasReleased = claim.state === 'held' || claim.state === 'released';
    check(
      this.#table.release(claim.real, this.#nowMs) === wasReleased,
      'wrong answer to a release',
    );
    if (claim.state === 'held') claim.state = 'released';
  }

  #cancel(claim: ModelClaim): void {
    const wasQueued = claim.state === 'queued';
    check(this.#table.cancel(claim.real, this.#nowMs) === wasQueued, 'wrong answer to a cancel');
    if (!wasQueued) return;
    claim.state = 'contended';
    this.#leftByOwnCall.add(claim.real);
  }

  #renew(claim: ModelClaim): void {
    const wasHeld = claim.state === 'held';
    check(this.#table.renew(claim.real, this.#nowMs) === wasHeld, 'wrong answer to a renewal');
    if (wasHeld) claim.untilMs = this.#nowMs + claim.ttlMs;
  }

  #keepAlive(session: ModelSession): void {
    const { id, secret } = session.real;
    if (this.#random.chance(0.3)) {
      const resumed = this.#table.resumeSession(id, secret, this.#nowMs);
      check(resumed === (session.isAlive ? session.real : undefined), 'wrong answer to a resume');
    } else if (session.isAlive) {
      this.#table.keepAlive(session.real, this.#nowMs);
    } else {
      expect(() => this.#table.keepAlive(session.real, this.#nowMs)).toThrow('LEASE_LOST');
    }
    if (session.isAlive) session.untilMs = this.#nowMs + session.ttlMs;
    this.#inJeopardy.delete(session.real);
  }

  #close(session: ModelSession): void {
    if (session.isAlive) {
      for (const claim of this.#model.claims) {
        const isWaiting = claim.session === session && claim.state === 'queued';
        if (isWaiting) this.#leftByOwnCall.add(claim.real);
      }
      this.#model.end(session, 'released', this.#nowMs);
    }
    this.#table.closeSession(session.real, this.#nowMs);
  }

  #observe(): void {
    for (const event of this.#table.takeEvents()) {
      if (event.kind === 'session-expired' || event.kind === 'position') continue;
      if (event.kind === 'revoking') continue;
      if (event.kind === 'jeopardy') {
        this.#onJeopardy(event.session);
        continue;
      }
      if (event.kind !== 'lost') this.#told.get(event.claim)?.push(event.kind);
    }
    const granted: ModelClaim[] = [];
    for (const claim of this.#model.claims) {
      const { state } = claim.real;
      const before = this.#seen.get(claim);
      if (before === state) continue;
      this.#seen.set(claim, state);
      if (before === 'queued') this.#checkTold(claim.real);
      if (before === 'held') this.#record('ended', claim);
      else if (claim.real.token !== NO_TOKEN) granted.push(claim);
    }
    granted.sort((left, right) => Number(left.real.token - right.real.token));
    for (const claim of granted) {
      this.#record('granted', claim);
      // A call that found the grant out may have been this claim's own release.
      if (claim.real.state !== 'held') this.#record('ended', claim);
    }
  }

  /** One that was found late by the keep-alive that ended it is of no consequence. */
  #onJeopardy(session: TableSession): void {
    if (session.lateness !== 'told') return;
    check(!this.#inJeopardy.has(session), 'was told twice that its keep-alive is late');
    this.#inJeopardy.add(session);
  }

  #onChange(kind: LockChangeKind, claim: Claim): void {
    const { waiting, held } = this.#watched;
    const told = `was told ${kind} of a claim that is ${claim.state}`;
    if (kind === 'queued') check(!waiting.has(claim) && waiting.add(claim).has(claim), told);
    else if (kind === 'left') check(waiting.delete(claim), told);
    else if (kind === 'revoking') check(held.has(claim), told);
    else if (kind === 'granted') {
      waiting.delete(claim);
      held.add(claim);
    } else check(held.delete(claim) && claim.state === kind, told);
  }

  /** Who waited hears of the end exactly once, unless it left by its own call. */
  #checkTold(claim: Claim): void {
    const left = this.#leftByOwnCall.has(claim) ? '' : claim.state;
    const expected = claim.token === NO_TOKEN ? left : 'granted';
    const told = this.#told.get(claim)?.join() ?? '';
    check(told === expected, `a waiter that became ${claim.state} was told '${told}'`);
  }

  #record(kind: HistoryEntry['kind'], { real, session }: ModelClaim): void {
    const { name, token, state, terms } = real;
    // One that is over again by now may have been closed by the very call that found the grant out.
    const isSessionAlive = state === 'held' ? session.isAlive : real.session.state !== 'expired';
    this.#history.push({ kind, claim: real, name, terms, token, isSessionAlive });
  }

  #compare(): void {
    const { claims, sessions, closedUntilMs } = this.#model;
    let nextMs = NEVER;
    for (const untilMs of closedUntilMs.values()) {
      if (untilMs > this.#nowMs) nextMs = Math.min(nextMs, untilMs);
    }
    for (const { real, state, untilMs, revokedMs } of claims) {
      check(normalized(real.state) === normalized(state), `is ${real.state}, should be ${state}`);
      if (state === 'queued') nextMs = Math.min(nextMs, untilMs);
      if (state === 'held') nextMs = Math.min(nextMs, untilMs, revokedMs);
    }
    for (const session of sessions) {
      check((session.real.state === 'alive') === session.isAlive, 'wrong state of a session');
      if (!session.isAlive) continue;
      nextMs = Math.min(nextMs, session.untilMs);
      const { real, ttlMs, untilMs } = session;
      const isLate = ttlMs !== NEVER && this.#nowMs >= untilMs - ttlMs + (2 * ttlMs) / 3;
      check(isLate === (real.lateness !== 'none'), 'wrong idea of a late keep-alive');
      const isTold = this.#inJeopardy.has(real);
      check(isTold === (real.lateness === 'told'), 'was not told that its keep-alive is late');
      check(isTold || !isLate || real.claims.size === 0, 'what is in jeopardy was not told');
    }
    const { nextDeadlineMs } = this.#table;
    check(nextDeadlineMs <= nextMs && nextDeadlineMs > this.#nowMs, 'wrong next deadline');

    this.#table.advance(this.#nowMs);
    const snapshot = snapshotOf(this.#table.locks.values(), '');
    const { waiting, held } = this.#watched;
    check(waiting.size === snapshot.waiting.length, 'a watcher knows of other waiters');
    check(held.size === snapshot.held.length, 'a watcher knows of other holders');
    for (const name of NAMES) {
      const inLine = (state: ClaimState): string =>
        this.#model
          .inState(name, state)
          .sort((left, right) => Number(left.real.token - right.real.token))
          .map((claim) => claim.session.real.id)
          .join();
      const owners = (list: readonly { name: string; sessionId: string }[]): string =>
        list
          .filter((owner) => owner.name === name)
          .map((owner) => owner.sessionId)
          .join();
      check(owners(snapshot.held) === inLine('held'), 'wrong holder');
      check(owners(snapshot.waiting) === inLine('queued'), 'wrong queue');
      const first = this.#model.inState(name, 'queued')[0];
      const isStuck = first !== undefined && this.#model.admits(name, first.terms, this.#nowMs);
      check(!isStuck, 'a lock that could be granted is waited for');
    }
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(items.length)];
  }
}

describe('random histories', () => {
  it(`agree with the model and hold every invariant, ${SEEDS} seeds of ${STEPS} steps`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        new Run(seed).play(STEPS);
      } catch (error) {
        throw new Error(`SEED=${seed}, replay: new Run(${seed}).play(${STEPS})`, { cause: error });
      }
    }
  }, 600_000);
});

describe('the history checker', () => {
  const grant = {
    kind: 'granted',
    claim: 'a',
    name: 'x',
    terms: EXCLUSIVE,
    token: 1n,
    isSessionAlive: true,
  } as const;
  const end = { ...grant, kind: 'ended' } as const;
  const reader: HistoryEntry = { ...grant, terms: { ...EXCLUSIVE, mode: 'shared' } };
  const two: LockTerms = { ...EXCLUSIVE, mode: 'permit', permits: 2, capacity: CAPACITY };
  const permits: HistoryEntry = { ...grant, terms: two };

  it('passes a good history', () => {
    expect(findViolation([grant, end, { ...grant, claim: 'b', token: 2n }])).toBeUndefined();
    expect(findViolation([reader, { ...reader, claim: 'b', token: 2n }])).toBeUndefined();
  });

  it.each([
    ['two holders that exclude each other', [grant, { ...grant, claim: 'b', token: 2n }]],
    ['a token did not rise', [grant, end, { ...grant, claim: 'b' }]],
    ['a grant to a dead session', [{ ...grant, isSessionAlive: false }]],
    ['a lease ended that did not hold', [end]],
    ['two holders that exclude each other', [reader, { ...grant, claim: 'b', token: 2n }]],
    ['two holders that exclude each other', [permits, { ...permits, claim: 'b', token: 2n }]],
  ])('finds %s', (violation, history) => {
    expect(findViolation(history)).toBe(violation);
  });
});
