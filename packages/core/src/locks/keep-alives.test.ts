/**
 * Goal: a session whose keep-alive is late hears so, once, in time, and only if it has something to
 * lose; and that changes nothing else.
 * Method: the table over a clock that is just a number, then sessions of a backend with recording
 * listeners over a manual clock, and over restarts of a simulated machine.
 * Not covered: streams (grpc-sidecar/test/jeopardy.test.ts) and what a client makes of it.
 */
import { describe, expect, it } from 'vitest';
import { Rig } from '../../test/lease-table-rig.ts';
import { SimulatedLocks } from '../../test/simulated-locks.ts';
import type { LockEvent } from '../backend/lock-backend.ts';
import { NEVER } from '../expiry/expiry.ts';
import { ManualClock, SeededRandom, settle } from '../testing/index.ts';
import { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import { lateAfterMs } from './keep-alives.ts';
import { tokensAfter } from './token-source.ts';

const TTL_MS = 900;
const LATE_MS = 600;

describe('in the table, a late keep-alive', () => {
  it('is told once, when two were due', () => {
    const rig = new Rig();
    rig.ask(rig.session('a', TTL_MS), 'x');
    expect(rig.at(LATE_MS - 1)).toEqual([]);
    expect(rig.table.nextDeadlineMs).toBe(LATE_MS);
    expect(rig.at(LATE_MS)).toEqual(['jeopardy a']);
    expect(rig.table.nextDeadlineMs).toBe(TTL_MS);
    expect(rig.at(TTL_MS - 1)).toEqual([]);
    expect(rig.at(TTL_MS)).toEqual(['lost a session-expired', 'session-expired a']);
  });

  it('is told again when it is late again after a keep-alive or a resumption', () => {
    const rig = new Rig();
    const a = rig.session('a', TTL_MS);
    rig.ask(a, 'x');
    expect(rig.at(700)).toEqual(['jeopardy a']);
    rig.table.keepAlive(a, 700);
    expect(a.lateness).toBe('none');
    expect(rig.at(700 + LATE_MS - 1)).toEqual([]);
    expect(rig.at(700 + LATE_MS)).toEqual(['jeopardy a']);
    rig.table.resumeSession('a', 'secret-a', 1_400);
    expect(rig.at(1_400 + LATE_MS)).toEqual(['jeopardy a']);
  });

  it('is told of a session that waits, and not of one that has nothing to lose', () => {
    const rig = new Rig();
    rig.ask(rig.session('holds', NEVER), 'x');
    rig.ask(rig.session('waits', TTL_MS), 'x');
    const released = rig.ask(rig.session('idle', TTL_MS), 'y');
    rig.table.release(released, 0);
    expect(rig.at(LATE_MS)).toEqual(['jeopardy waits']);
    expect(rig.at(TTL_MS)).toEqual([
      'withdrawn waits',
      'session-expired waits',
      'session-expired idle',
    ]);
  });

  it('is told as soon as the session has something to lose, and once', () => {
    const rig = new Rig();
    const a = rig.session('a', TTL_MS);
    expect(rig.at(700)).toEqual([]);
    rig.table.release(rig.ask(a, 'x'), 700);
    rig.ask(a, 'x');
    expect(rig.heard()).toEqual(['jeopardy a']);
  });

  it('is no news once the session is over', () => {
    const rig = new Rig();
    const a = rig.session('a', TTL_MS);
    rig.ask(a, 'x');
    expect(rig.at(TTL_MS)).toEqual(['lost a session-expired', 'session-expired a']);
    const b = rig.session('b', TTL_MS);
    rig.ask(b, 'x');
    rig.table.closeSession(b, TTL_MS);
    expect(rig.at(10 * TTL_MS)).toEqual([]);
    expect(rig.table.nextDeadlineMs).toBe(NEVER);
  });

  it('changes nothing in the order of what ends, if nobody looked at the clock for long', () => {
    const rig = new Rig();
    rig.ask(rig.session('holds', NEVER), 'x');
    rig.ask(rig.session('waits', TTL_MS), 'x', { waitMs: 800 });
    rig.ask(rig.session('longer', 2 * TTL_MS), 'x', { waitMs: 700 });
    expect(rig.at(1_000)).toEqual(['contended longer', 'contended waits', 'session-expired waits']);
  });

  it('is nothing that a session without a TTL can have', () => {
    expect(lateAfterMs(NEVER)).toBe(NEVER);
    const rig = new Rig();
    rig.ask(rig.session('a', NEVER), 'x', { ttlMs: TTL_MS });
    expect(rig.at(TTL_MS)).toEqual(['lost a expired']);
  });
});

/** For how long the server stood still: timers know nothing of it. */
interface Standstill {
  ms: number;
}

function openBackend(standstill: Standstill = { ms: 0 }) {
  const manual = new ManualClock();
  const clock = {
    wallMs: () => manual.wallMs(),
    monotonicMs: () => manual.monotonicMs() + standstill.ms,
    startTimer: manual.startTimer.bind(manual),
  };
  const random = new SeededRandom(7);
  const backend = new EmbeddedLockBackend({ clock, random, tokens: tokensAfter() });
  const open = (resume?: { id: string; secret: string }) => {
    const events: LockEvent[] = [];
    const options = { clientName: 'a', metadata: {}, ttlMs: TTL_MS, resume };
    const session = backend.openSession(options, (event) => events.push(event));
    return { session, events };
  };
  return { clock: manual, backend, open };
}

const ASK = { requestId: '1', name: 'x', waitMs: 0 };

describe('the listener of a session', () => {
  it('hears how long the session has yet', async () => {
    const { clock, open } = openBackend();
    const { session, events } = open();
    session.acquire(ASK);
    await clock.advance(LATE_MS);
    expect(events.slice(1)).toEqual([{ kind: 'jeopardy', remainingMs: TTL_MS - LATE_MS }]);
  });

  it('hears nothing if a keep-alive comes before it could be told', async () => {
    const standstill = { ms: 0 };
    const { session, events } = openBackend(standstill).open();
    session.acquire(ASK);
    await settle();
    // The keep-alive is what makes the server look at the clock.
    standstill.ms = 700;
    await session.keepAlive();
    await settle();
    expect(events.map(({ kind }) => kind)).toEqual(['granted']);
  });

  it('hears nothing of a session that it has not any more', async () => {
    const { clock, open } = openBackend();
    const old = open();
    old.session.acquire(ASK);
    await clock.advance(100);
    const next = open(old.session);
    await clock.advance(LATE_MS);
    expect(old.events.map(({ kind }) => kind)).toEqual(['granted', 'taken-over']);
    expect(next.events.map(({ kind }) => kind)).toEqual(['jeopardy']);
    next.session.detach();
    await clock.advance(TTL_MS);
    expect(next.events).toHaveLength(1);
  });

  it('lists a late session with the time it has left', async () => {
    const { clock, backend, open } = openBackend();
    open().session.acquire(ASK);
    await clock.advance(100);
    const remainingMs = async () => {
      const { items } = await backend.listSessions({ limit: 9 });
      return items.map((session) => session.remainingMs);
    };
    expect(await remainingMs()).toEqual([TTL_MS - 100]);
    await clock.advance(600);
    expect(await remainingMs()).toEqual([TTL_MS - 700]);
  });
});

describe('over a restart', () => {
  it('a session has its whole TTL, late or not', async () => {
    for (const downMs of [100, 500]) {
      const locks = await SimulatedLocks.start();
      const a = locks.session('a', TTL_MS);
      await locks.ask(a);
      await locks.restart('process', downMs);
      const heldCount = async () => (await locks.backend.query()).held.length;
      await locks.machine.clock.advance(TTL_MS - downMs - 1);
      expect(await heldCount()).toBe(1);
      await locks.machine.clock.advance(1);
      expect(await heldCount()).toBe(0);
    }
  });

  it('a session that was renewed too, and is late when it has a stream again', async () => {
    const locks = await SimulatedLocks.start();
    const { clock } = locks.machine;
    const a = locks.session('a', TTL_MS);
    await locks.ask(a);
    await clock.advance(300);
    const renewed = a.session.keepAlive();
    await clock.settle();
    await renewed;
    await locks.restart('process', 700);
    const again = locks.session('a', TTL_MS, a.session);
    await locks.machine.clock.advance(LATE_MS);
    expect(again.events).toEqual([{ kind: 'jeopardy', remainingMs: TTL_MS - LATE_MS }]);
  });
});
