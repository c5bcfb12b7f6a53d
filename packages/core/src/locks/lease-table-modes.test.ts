/**
 * Goal: shared locks, permits, lock delays, longest holds and revocations do what the lease table's
 * header says. Method: as in lease-table.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { Rig, reasonOf, TTL_MS } from '../../test/lease-table-rig.ts';
import type { LockTerms } from '../backend/lock-backend.ts';
import { NEVER } from '../expiry/expiry.ts';
import { EXCLUSIVE } from './lock-terms.ts';

const shared: { terms: LockTerms } = { terms: { ...EXCLUSIVE, mode: 'shared' } };

function permit(permits: number, capacity: number): { terms: LockTerms } {
  return { terms: { ...EXCLUSIVE, mode: 'permit', permits, capacity } };
}

describe('shared', () => {
  it('has any number of holders, each with a token of its own', () => {
    const rig = new Rig();
    const claims = ['a', 'b', 'c'].map((id) => rig.ask(rig.session(id), 'x', shared));
    expect(claims.map((claim) => claim.state)).toEqual(['held', 'held', 'held']);
    expect(new Set(claims.map((claim) => claim.token)).size).toBe(3);
    for (const claim of claims) rig.table.release(claim, 0);
    expect(rig.table.locks.size).toBe(0);
  });

  it('waits for a writer that came first, so that readers do not starve it', () => {
    const rig = new Rig();
    const reader = rig.ask(rig.session('reader'), 'x', shared);
    const writer = rig.ask(rig.session('writer'), 'x');
    const late = rig.ask(rig.session('late'), 'x', shared);
    const later = rig.ask(rig.session('later'), 'x', shared);
    expect([writer.state, late.state]).toEqual(['queued', 'queued']);
    rig.table.release(reader, 0);
    expect(rig.heard()).toEqual(['granted writer']);
    rig.table.release(writer, 0);
    expect(rig.heard()).toEqual(['granted late', 'granted later']);
    expect(rig.ask(rig.session('now'), 'x', shared).state).toBe('held');
    rig.table.release(late, 0);
    expect(rig.ask(rig.session('writer 2'), 'x').state).toBe('queued');
    rig.table.release(later, 0);
    expect(rig.heard()).toEqual([]);
  });

  it('lets the readers behind a writer in when that leaves the queue', () => {
    const rig = new Rig();
    rig.ask(rig.session('reader'), 'x', shared);
    const writer = rig.ask(rig.session('writer'), 'x');
    rig.ask(rig.session('late'), 'x', shared);
    rig.table.cancel(writer, 0);
    expect(rig.heard()).toEqual(['granted late']);
  });
});

describe('permits', () => {
  it('are granted as far as they fit, in the order they were asked for', () => {
    const rig = new Rig();
    const two = rig.ask(rig.session('two'), 'x', permit(2, 3));
    const big = rig.ask(rig.session('big'), 'x', permit(3, 3));
    const one = rig.ask(rig.session('one'), 'x', permit(1, 3));
    // One would fit, and would keep the big one out for ever if it were let past.
    expect([two.state, big.state, one.state]).toEqual(['held', 'queued', 'queued']);
    rig.table.release(two, 0);
    expect(rig.heard()).toEqual(['granted big']);
    rig.table.release(big, 0);
    expect(rig.heard()).toEqual(['granted one']);
    expect(rig.ask(rig.session('two more'), 'x', permit(2, 3)).state).toBe('held');
  });

  it('come back when their holder dies, exactly its own', () => {
    const rig = new Rig();
    rig.ask(rig.session('dies'), 'x', permit(2, 3));
    rig.ask(rig.session('lives', NEVER), 'x', permit(1, 3));
    const next = rig.ask(rig.session('next', NEVER), 'x', permit(2, 3));
    const last = rig.ask(rig.session('last', NEVER), 'x', permit(1, 3));
    expect(rig.at(TTL_MS)).toEqual([
      'lost dies session-expired',
      'session-expired dies',
      'granted next',
    ]);
    expect([next.state, last.state]).toEqual(['held', 'queued']);
  });

  it('do not mix with other modes or another capacity while the lock is in use', () => {
    const rig = new Rig();
    const session = rig.session('a');
    const held = rig.ask(session, 'x', permit(1, 3));
    const mismatch = ['INVALID_ARGUMENT', 'LOCK_MODE_MISMATCH'];
    expect(reasonOf(() => rig.ask(session, 'x'))).toEqual(mismatch);
    expect(reasonOf(() => rig.ask(session, 'x', shared))).toEqual(mismatch);
    expect(reasonOf(() => rig.ask(session, 'x', permit(1, 4)))).toEqual(mismatch);
    rig.table.release(held, 0);
    const writer = rig.ask(session, 'x');
    expect(reasonOf(() => rig.ask(session, 'x', permit(1, 3)))).toEqual(mismatch);
    rig.table.release(writer, 0);
    expect(rig.table.locks.size).toBe(0);
    expect(session.claims.size).toBe(0);
  });

  it('of a repeated request are its identity', () => {
    const rig = new Rig();
    const session = rig.session('a');
    const requestId = 'same';
    const first = rig.ask(session, 'x', { ...permit(1, 3), requestId });
    expect(rig.ask(session, 'x', { ...permit(1, 3), requestId })).toBe(first);
    expect(reasonOf(() => rig.ask(session, 'x', { ...permit(2, 3), requestId }))).toEqual([
      'INVALID_ARGUMENT',
      'REQUEST_ID_REUSED',
    ]);
  });
});

describe('a lock delay', () => {
  const delayed = { terms: { ...EXCLUSIVE, lockDelayMs: 500 } };

  it('keeps a lost lock closed, and then grants it to who waited', () => {
    const rig = new Rig();
    rig.ask(rig.session('dies'), 'x', delayed);
    const waiter = rig.ask(rig.session('waits', NEVER), 'x');
    const tried = rig.ask(rig.session('tries', NEVER), 'x', { waitMs: 0 });
    expect(rig.at(TTL_MS)).toEqual(['lost dies session-expired', 'session-expired dies']);
    expect([waiter.state, tried.state]).toEqual(['queued', 'contended']);
    expect(rig.at(TTL_MS + 499)).toEqual([]);
    expect(rig.at(TTL_MS + 500)).toEqual(['granted waits']);
  });

  it('holds for who comes while it runs, and ends with nobody there', () => {
    const rig = new Rig();
    rig.ask(rig.session('dies'), 'x', delayed);
    rig.at(TTL_MS);
    const late = rig.session('late', NEVER);
    expect(rig.ask(late, 'x', { waitMs: 0 }).state).toBe('contended');
    rig.at(TTL_MS + 500);
    expect(rig.table.locks.size).toBe(0);
    expect(rig.ask(late, 'x', { waitMs: 0 }).state).toBe('held');
  });

  it('is not for a release, nor for a session that closes', () => {
    const rig = new Rig();
    const session = rig.session('a');
    rig.table.release(rig.ask(session, 'x', delayed), 0);
    rig.ask(session, 'x', delayed);
    rig.table.closeSession(session, 0);
    expect(rig.ask(rig.session('b'), 'x', { waitMs: 0 }).state).toBe('held');
  });
});

describe('a longest hold', () => {
  it('ends a lease that is renewed all the time', () => {
    const rig = new Rig();
    const session = rig.session('a');
    const held = rig.ask(session, 'x', { terms: { ...EXCLUSIVE, maxHoldMs: 1_500 }, ttlMs: 600 });
    for (rig.nowMs = 0; rig.nowMs < 1_500; rig.nowMs += 500) {
      expect(rig.table.renew(held, rig.nowMs)).toBe(true);
      rig.table.keepAlive(session, rig.nowMs);
    }
    expect(rig.at(1_500)).toEqual(['lost a max-hold']);
    expect(rig.table.renew(held, 1_500)).toBe(false);
  });
});

describe('revoke', () => {
  it('tells the holder, and takes the lease when the grace is over', () => {
    const rig = new Rig();
    const held = rig.ask(rig.session('a', NEVER), 'x');
    rig.ask(rig.session('b', NEVER), 'x');
    expect(rig.table.revoke(held, 200, 'admin', 0)).toBe(true);
    // A longer grace than the first does not help.
    expect(rig.table.revoke(held, 900, 'admin', 0)).toBe(true);
    expect(rig.heard()).toEqual(['revoking a']);
    rig.table.renew(held, 100);
    expect(rig.at(199)).toEqual([]);
    expect(rig.at(200)).toEqual(['lost a admin', 'granted b']);
    expect(rig.table.revoke(held, 0, 'admin', 200)).toBe(false);
  });

  it('takes it at once without a grace, and leaves one that is released in time', () => {
    const rig = new Rig();
    const session = rig.session('a', NEVER);
    rig.table.revoke(rig.ask(session, 'x'), 0, 'admin', 0);
    expect(rig.heard()).toEqual(['lost a admin']);
    const held = rig.ask(session, 'x');
    rig.table.revoke(held, 200, 'admin', 0);
    rig.table.release(held, 100);
    expect(rig.at(300)).toEqual(['revoking a']);
    expect(held.state).toBe('released');
  });
});
