/**
 * Goal: the lease table does what its header draws, one behaviour per test, each over a clock
 * that is just a number.
 * Method: calls on a table, reading claims' states and the events taken. Random histories are in
 * lease-table.history.test.ts; timers, listeners and promises in the tests of what drives the
 * table.
 */
import { describe, expect, it } from 'vitest';
import { Rig, reasonOf, TTL_MS } from '../../test/lease-table-rig.ts';
import { NEVER } from '../expiry/expiry.ts';
import { type Claim, ENDED_REQUESTS_MAX, type TableSession } from './claim.ts';
import { snapshotOf } from './lock-snapshot.ts';
import { POSITION_INTERVAL_MS } from './queue-positions.ts';

describe('one lock', () => {
  it('is granted at once when free, and queues the others in order with positions', () => {
    const rig = new Rig();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => rig.session(id)) as [
      TableSession,
      TableSession,
      TableSession,
    ];
    const held = rig.ask(a, 'x');
    const second = rig.ask(b, 'x');
    const third = rig.ask(c, 'x');
    expect([held.state, second.state, third.state]).toEqual(['held', 'queued', 'queued']);
    expect([second.position, third.position]).toEqual([1, 2]);
    expect(rig.table.holderOf('x')).toBe('a');
    expect(rig.ask(c, 'y').state).toBe('held');

    expect(rig.table.release(held, 0)).toBe(true);
    expect(rig.heard()).toEqual(['granted b']);
    expect(second.token).toBeGreaterThan(held.token);
    rig.table.release(second, 0);
    expect(rig.heard()).toEqual(['granted c']);
    rig.table.release(third, 0);
    expect(rig.table.locks.size).toBe(1);
  });

  it('answers a try at once, with the position it would have had', () => {
    const rig = new Rig();
    rig.ask(rig.session('a'), 'x');
    rig.ask(rig.session('b'), 'x');
    const tried = rig.ask(rig.session('c'), 'x', { waitMs: 0 });
    expect([tried.state, tried.position]).toEqual(['contended', 2]);
    expect(snapshotOf(rig.table.locks.values(), '').waiting).toHaveLength(1);
  });

  it('ends a wait that is over exactly at its deadline, and not before', () => {
    const rig = new Rig();
    rig.ask(rig.session('a', NEVER), 'x');
    const waiter = rig.ask(rig.session('b', NEVER), 'x', { waitMs: 300 });
    expect(rig.table.nextDeadlineMs).toBe(300);
    expect(rig.at(299)).toEqual([]);
    expect(rig.at(300)).toEqual(['contended b']);
    expect(waiter.state).toBe('contended');
    expect(rig.table.nextDeadlineMs).toBe(NEVER);
  });

  it('lets a waiter leave at no cost to the others', () => {
    const rig = new Rig();
    const held = rig.ask(rig.session('a'), 'x');
    rig.ask(rig.session('b'), 'x');
    const leaver = rig.ask(rig.session('c'), 'x');
    const last = rig.ask(rig.session('d'), 'x');
    expect(rig.table.cancel(leaver, 0)).toBe(true);
    expect(rig.table.cancel(leaver, 0)).toBe(false);
    rig.table.release(held, 0);
    expect(rig.heard()).toEqual(['granted b']);
    expect(rig.at(POSITION_INTERVAL_MS)).toEqual(['position d 1']);
    expect(last.position).toBe(1);
  });

  it('gives a cancel that races with the grant exactly one outcome', () => {
    const rig = new Rig();
    const held = rig.ask(rig.session('a'), 'x');
    const waiter = rig.ask(rig.session('b'), 'x');
    rig.table.release(held, 0);
    expect(rig.table.cancel(waiter, 0)).toBe(false);
    expect(waiter.state).toBe('held');
    expect(rig.heard()).toEqual(['granted b']);
  });

  it('gives a cancel that races with the end of the wait exactly one outcome', () => {
    const rig = new Rig();
    rig.ask(rig.session('a'), 'x');
    const waiter = rig.ask(rig.session('b'), 'x', { waitMs: 10 });
    expect(rig.table.cancel(waiter, 10)).toBe(false);
    expect(rig.heard()).toEqual(['contended b']);
  });

  it('accepts a second release and refuses that of a lost lease, whoever has it now', () => {
    const rig = new Rig();
    const a = rig.session('a');
    const released = rig.ask(a, 'x');
    expect([rig.table.release(released, 0), rig.table.release(released, 0)]).toEqual([true, true]);
    const lost = rig.ask(a, 'y');
    const next = rig.ask(rig.session('b', 5_000), 'y');
    rig.at(TTL_MS);
    expect(rig.table.release(lost, TTL_MS)).toBe(false);
    expect(next.state).toBe('held');
    const { table } = rig;
    const found = [released, lost, next].map((claim) => table.findLease(claim.token));
    expect(found).toEqual([undefined, undefined, next]);
  });

  it('is not re-entrant: the holder waits for itself', () => {
    const rig = new Rig();
    const a = rig.session('a');
    rig.ask(a, 'x');
    expect(rig.ask(a, 'x').state).toBe('queued');
  });
});

describe('time', () => {
  it('loses the leases of a session without keep-alive, and hands them on', () => {
    const rig = new Rig();
    const held = rig.ask(rig.session('a'), 'x');
    rig.ask(rig.session('b', 5_000), 'x');
    expect(rig.at(TTL_MS - 1)).toEqual(['jeopardy a']);
    expect(rig.at(TTL_MS)).toEqual(['lost a session-expired', 'session-expired a', 'granted b']);
    expect([held.state, held.lostReason]).toEqual(['lost', 'session-expired']);
  });

  it('counts the TTL of a session and of its leases from the latest keep-alive', () => {
    const rig = new Rig();
    const a = rig.session('a');
    rig.ask(a, 'x');
    rig.table.keepAlive(a, 600);
    expect(rig.at(1_599)).toEqual(['jeopardy a']);
    expect(rig.at(1_600)).toEqual(['lost a session-expired', 'session-expired a']);
    expect(reasonOf(() => rig.table.keepAlive(a, 1_600))).toEqual([
      'LEASE_LOST',
      'SESSION_EXPIRED',
    ]);
  });

  it('refuses a keep-alive that comes at the deadline, even if nobody looked at the clock since', () => {
    const rig = new Rig();
    const a = rig.session('a');
    expect(reasonOf(() => rig.table.keepAlive(a, TTL_MS))).toEqual([
      'LEASE_LOST',
      'SESSION_EXPIRED',
    ]);
  });

  it('loses a lease with a TTL of its own while its session lives on', () => {
    const rig = new Rig();
    const a = rig.session('a', NEVER);
    const claim = rig.ask(a, 'x', { ttlMs: 200 });
    expect(rig.table.renew(claim, 150)).toBe(true);
    expect(rig.at(349)).toEqual([]);
    expect(rig.at(350)).toEqual(['lost a expired']);
    expect(rig.table.renew(claim, 350)).toBe(false);
    expect(rig.ask(a, 'x').state).toBe('held');
  });

  it('never takes back a deadline for a call that tells an earlier time', () => {
    const rig = new Rig();
    const claim = rig.ask(rig.session('a', NEVER), 'x', { ttlMs: 200 });
    rig.table.renew(claim, 150);
    rig.table.renew(claim, 10);
    expect(rig.at(349)).toEqual([]);
  });

  it('grants to no session and no waiter that was over when the clock was last looked at', () => {
    const rig = new Rig();
    rig.ask(rig.session('a', 500), 'x');
    const dead = rig.ask(rig.session('b', 700), 'x');
    const late = rig.ask(rig.session('c', 9_000), 'x', { waitMs: 600 });
    const alive = rig.ask(rig.session('d', 9_000), 'x');
    // Nobody looked between 0 and 800, as after a stopped process: all three ended in the meantime.
    const heard = rig.at(800);
    expect([dead.state, late.state, alive.state]).toEqual(['withdrawn', 'contended', 'held']);
    expect(heard.filter((event) => event.startsWith('granted'))).toEqual(['granted d']);
    expect(heard.at(-1)).toBe('granted d');
  });

  it('does the same when a release is the first to look', () => {
    const rig = new Rig();
    const held = rig.ask(rig.session('a', 9_000), 'x');
    const dead = rig.ask(rig.session('b', 700), 'x');
    const alive = rig.ask(rig.session('c', 9_000), 'x');
    rig.table.release(held, 700);
    expect([dead.state, alive.state]).toEqual(['withdrawn', 'held']);
  });

  it('tells a waiter at once that its session expired in the queue', () => {
    const rig = new Rig();
    rig.ask(rig.session('a', 9_000), 'x');
    const waiter = rig.ask(rig.session('b'), 'x');
    expect(rig.at(TTL_MS)).toEqual(['withdrawn b', 'session-expired b']);
    expect(waiter.state).toBe('withdrawn');
  });

  it('works at clock 0 and with a clock that starts below it', () => {
    const rig = new Rig();
    rig.nowMs = -5_000;
    const claim = rig.ask(rig.session('a'), 'x');
    expect(rig.at(-4_001)).toEqual(['jeopardy a']);
    expect(claim.state).toBe('held');
    expect(rig.at(-4_000)).toEqual(['lost a session-expired', 'session-expired a']);
  });
});

describe('sessions', () => {
  it('resume with their secret only, and start their TTL again', () => {
    const rig = new Rig();
    const a = rig.session('a');
    const claim = rig.ask(a, 'x');
    expect(rig.table.resumeSession('a', 'secret-b', 600)).toBeUndefined();
    expect(rig.table.resumeSession('a', 'secret-aa', 600)).toBeUndefined();
    expect(rig.table.resumeSession('a', 'secret-', 600)).toBeUndefined();
    expect(rig.table.resumeSession('a', '', 600)).toBeUndefined();
    expect(rig.table.resumeSession('b', 'secret-a', 600)).toBeUndefined();
    expect(rig.table.resumeSession('a', 'secret-a', 600)).toBe(a);
    expect(rig.at(1_599)).toEqual(['jeopardy a']);
    expect(claim.state).toBe('held');
    rig.at(1_600);
    expect(rig.table.resumeSession('a', 'secret-a', 1_600)).toBeUndefined();
  });

  it('release and leave everything at once when closed, and hear nothing of it', () => {
    const rig = new Rig();
    const a = rig.session('a');
    const b = rig.session('b');
    const held = rig.ask(a, 'x');
    rig.ask(b, 'x');
    rig.ask(b, 'y');
    const waiting = rig.ask(a, 'y');
    rig.table.closeSession(a, 0);
    expect([held.state, waiting.state]).toEqual(['released', 'withdrawn']);
    expect(rig.heard()).toEqual(['granted b']);
    expect(reasonOf(() => rig.ask(a, 'z'))).toEqual(['LEASE_LOST', 'SESSION_CLOSED']);
    rig.table.closeSession(a, 0);
  });
});

describe('request ids', () => {
  it('get the same answer again, in every state', () => {
    const rig = new Rig();
    const a = rig.session('a');
    const b = rig.session('b');
    const held = rig.ask(a, 'x', { requestId: '1' });
    expect(rig.ask(a, 'x', { requestId: '1' })).toBe(held);
    const queued = rig.ask(b, 'x', { requestId: '1' });
    expect(rig.ask(b, 'x', { requestId: '1', waitMs: 5 })).toBe(queued);
    expect(snapshotOf(rig.table.locks.values(), '').waiting).toHaveLength(1);
    rig.table.release(held, 0);
    expect(rig.ask(a, 'x', { requestId: '1' }).state).toBe('released');
    expect(rig.ask(b, 'x', { requestId: '1' }).token).toBe(queued.token);
  });

  it('are refused for something else', () => {
    const rig = new Rig();
    const a = rig.session('a');
    rig.ask(a, 'x', { requestId: '1' });
    expect(reasonOf(() => rig.ask(a, 'y', { requestId: '1' }))).toEqual([
      'INVALID_ARGUMENT',
      'REQUEST_ID_REUSED',
    ]);
  });

  it('are remembered for the latest finished requests of a session, and no more', () => {
    const rig = new Rig();
    const a = rig.session('a');
    for (let index = 0; index <= ENDED_REQUESTS_MAX; index++) {
      rig.table.release(rig.ask(a, 'x', { requestId: `${index}` }), 0);
    }
    expect(a.ended.size).toBe(ENDED_REQUESTS_MAX);
    expect(rig.ask(a, 'x', { requestId: '1' }).state).toBe('released');
    expect(rig.ask(a, 'x', { requestId: '0' }).state).toBe('held');
  });
});

describe('bounds', () => {
  it('refuse one session, lock, waiter or request too many, and recover', () => {
    const sessions = new Rig({ sessionsMax: 1 });
    const first = sessions.session('a');
    expect(reasonOf(() => sessions.session('b'))).toEqual(['UNAVAILABLE', 'TOO_MANY_SESSIONS']);
    sessions.table.closeSession(first, 0);
    expect(sessions.session('c').state).toBe('alive');

    const locks = new Rig({ locksMax: 1 });
    const a = locks.session('a');
    const held = locks.ask(a, 'x');
    expect(reasonOf(() => locks.ask(a, 'y'))).toEqual(['UNAVAILABLE', 'TOO_MANY_LOCKS']);
    locks.table.release(held, 0);
    expect(locks.ask(a, 'y').state).toBe('held');

    const waiters = new Rig({ waitersPerLockMax: 1 });
    const b = waiters.session('b');
    waiters.ask(b, 'x');
    const waiter = waiters.ask(b, 'x');
    expect(reasonOf(() => waiters.ask(b, 'x'))).toEqual(['UNAVAILABLE', 'WAIT_QUEUE_FULL']);
    expect(waiters.ask(b, 'x', { waitMs: 0 }).state).toBe('contended');
    waiters.table.cancel(waiter, 0);
    expect(waiters.ask(b, 'x').state).toBe('queued');

    const claims = new Rig({ claimsPerSessionMax: 1 });
    const c = claims.session('c');
    claims.ask(c, 'x');
    expect(reasonOf(() => claims.ask(c, 'y'))).toEqual(['UNAVAILABLE', 'TOO_MANY_REQUESTS']);
  });

  it('leave nothing behind once everybody is gone', () => {
    const rig = new Rig();
    const sessions = [1, 2, 3].map((id) => rig.session(`${id}`));
    for (const session of sessions) rig.ask(session, 'x', { waitMs: 50 });
    rig.at(TTL_MS);
    expect([rig.table.locks.size, rig.table.sessions.size]).toEqual([0, 0]);
    expect(rig.table.nextDeadlineMs).toBe(NEVER);
  });
});

describe('10,000 waiters on one name', () => {
  it('wake exactly one per grant, and hear of their places without a burst per grant', () => {
    const rig = new Rig();
    const waiterCount = 10_000;
    const session = rig.session('a', NEVER);
    let holder = rig.ask(session, 'x');
    for (let index = 0; index < waiterCount; index++) rig.ask(session, 'x');
    let positions = 0;
    let walks = 0;
    for (let granted = 1; granted <= waiterCount; granted++) {
      rig.table.release(holder, rig.nowMs);
      const events = rig.table.takeEvents();
      const event = events[0];
      if (events.length !== 1 || event?.kind !== 'granted') {
        throw new Error(`a release made ${events.length} events, first=${event?.kind}`);
      }
      holder = event.claim;
      if (granted % 50 === 0) {
        rig.nowMs += POSITION_INTERVAL_MS;
        rig.table.advance(rig.nowMs);
        positions += rig.table.takeEvents().length;
        walks += 1;
      }
    }
    // Told every change of place, this drain would tell 1,000,000 positions in 200 walks.
    expect(walks).toBe(200);
    expect(positions).toBeGreaterThan(waiterCount);
    expect(positions).toBeLessThan(waiterCount * 40);
  }, 30_000);

  it('hear exact places among the first sixteen', () => {
    const rig = new Rig();
    const session = rig.session('a', NEVER);
    const claims = Array.from({ length: 40 }, () => rig.ask(session, 'x'));
    rig.table.release(claims[0] as Claim, 0);
    rig.at(POSITION_INTERVAL_MS);
    expect(claims.slice(2, 18).map((claim) => claim.position)).toEqual(
      Array.from({ length: 16 }, (_, index) => index + 1),
    );
    expect(claims[39]?.position).toBe(39);
  });
});
