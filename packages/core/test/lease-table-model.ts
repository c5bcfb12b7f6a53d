/**
 * What the lease table must do, said in the plainest way, and a checker of recorded grants that
 * knows of neither.
 */
import type { LockTerms } from '../src/backend/lock-backend.ts';
import type { Claim, ClaimState, TableSession } from '../src/locks/claim.ts';

/** `x` and `y` are for readers and writers, `z` is a semaphore. */
export const NAMES: readonly string[] = ['x', 'y', 'z'];
export const CAPACITY = 3;

export interface ModelSession {
  readonly real: TableSession;
  readonly ttlMs: number;
  untilMs: number;
  isAlive: boolean;
}

export interface ModelClaim {
  readonly real: Claim;
  readonly session: ModelSession;
  readonly name: string;
  readonly ttlMs: number;
  readonly terms: LockTerms;
  state: ClaimState;
  untilMs: number;
  /** When it is lost however often it is renewed. */
  revokedMs: number;
}

export interface HistoryEntry {
  readonly kind: 'granted' | 'ended';
  readonly claim: unknown;
  readonly name: string;
  readonly terms: LockTerms;
  readonly token: bigint;
  readonly isSessionAlive: boolean;
}

/** The first thing wrong with a history, `undefined` if nothing is. */
export function findViolation(history: readonly HistoryEntry[]): string | undefined {
  const holders = new Map<unknown, HistoryEntry>();
  let lastToken = 0n;
  for (const entry of history) {
    if (entry.kind === 'ended') {
      if (!holders.delete(entry.claim)) return 'a lease ended that did not hold';
      continue;
    }
    const others = [...holders.values()].filter(({ name }) => name === entry.name);
    if (!fits(entry.terms, others)) return 'two holders that exclude each other';
    if (entry.token <= lastToken) return 'a token did not rise';
    if (!entry.isSessionAlive) return 'a grant to a dead session';
    lastToken = entry.token;
    holders.set(entry.claim, entry);
  }
  return undefined;
}

/** Whether these terms may hold a lock beside the others, said without `Lock.admits`. */
function fits(terms: LockTerms, others: readonly { readonly terms: LockTerms }[]): boolean {
  if (others.length === 0) return true;
  if (terms.mode === 'permit') {
    const taken = others.reduce((sum, other) => sum + other.terms.permits, terms.permits);
    return taken <= CAPACITY;
  }
  return [terms, ...others.map((other) => other.terms)].every(({ mode }) => mode === 'shared');
}

/**
 * Everything by scanning lists, in the plainest order: what is over ends, then free locks go to the
 * first.
 */
export class Model {
  readonly sessions: ModelSession[] = [];
  claims: ModelClaim[] = [];
  /** Until when a lock is closed because a lease on it was lost. */
  readonly closedUntilMs = new Map<string, number>();

  settle(nowMs: number): void {
    for (const session of this.sessions) {
      if (session.isAlive && session.untilMs <= nowMs) this.end(session, 'lost', nowMs);
    }
    for (const claim of this.claims) {
      if (Math.min(claim.untilMs, claim.revokedMs) > nowMs) continue;
      if (claim.state === 'queued') claim.state = 'contended';
      if (claim.state === 'held') this.lose(claim, nowMs);
    }
    for (const name of NAMES) {
      for (;;) {
        const next = this.inState(name, 'queued')[0];
        if (next === undefined || !this.admits(name, next.terms, nowMs)) break;
        this.grant(next, nowMs);
      }
    }
  }

  admits(name: string, terms: LockTerms, nowMs: number): boolean {
    if ((this.closedUntilMs.get(name) ?? 0) > nowMs) return false;
    return fits(terms, this.inState(name, 'held'));
  }

  end(session: ModelSession, heldBecomes: ClaimState, nowMs: number): void {
    session.isAlive = false;
    for (const claim of this.claims) {
      if (claim.session !== session) continue;
      if (claim.state === 'queued') claim.state = 'withdrawn';
      if (claim.state !== 'held') continue;
      if (heldBecomes === 'lost') this.lose(claim, nowMs);
      else claim.state = heldBecomes;
    }
  }

  grant(claim: ModelClaim, nowMs: number): void {
    claim.state = 'held';
    claim.untilMs = nowMs + claim.ttlMs;
    claim.revokedMs = nowMs + claim.terms.maxHoldMs;
  }

  lose(claim: ModelClaim, nowMs: number): void {
    claim.state = 'lost';
    const { lockDelayMs } = claim.terms;
    if (lockDelayMs === 0) return;
    const until = this.closedUntilMs.get(claim.name) ?? 0;
    this.closedUntilMs.set(claim.name, Math.max(until, nowMs + lockDelayMs));
  }

  /** Forgets what is long over, which would only slow the scans. */
  prune(): void {
    if (this.claims.length < 60) return;
    const recent = this.claims.length - 30;
    this.claims = this.claims.filter(
      ({ state }, index) => index >= recent || state === 'queued' || state === 'held',
    );
  }

  inState(name: string, state: ClaimState): ModelClaim[] {
    return this.claims.filter((claim) => claim.name === name && claim.state === state);
  }
}
