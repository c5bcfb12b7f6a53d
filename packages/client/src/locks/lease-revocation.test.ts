/**
 * Goal: a holder knows by its own clock when a longest hold is over, never later than the server,
 * and hears when its lease is about to be taken.
 * Method: a scripted server over a manual clock.
 * Not covered: what a real server sends (test/with-sidecar.test.ts).
 */
import { describe, expect, it } from 'vitest';
import { type FakeSessionServer, welcome } from '../../test/fake-session-server.ts';
import { setUp } from '../../test/locks-on-manual-clock.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Grants what is asked for when the test says so. */
function server(holdLimitMs?: number): { fake: FakeSessionServer; grant: () => void } {
  const { server: fake } = setUp();
  const asked: string[] = [];
  fake.onSaid = (stream, message) => {
    if (message.kind === 'hello') stream.answer(welcome());
    else if (message.kind === 'acquire') asked.push(message.requestId);
    else if (message.kind === 'keep-alive') {
      stream.answer({ kind: 'keep-alive-ack', sequence: message.sequence, ttlMs: 3_000 });
    }
  };
  const grant = () => {
    const requestId = asked.shift() ?? '';
    fake.last.answer({
      ...{ kind: 'granted', requestId, name: 'x', leaseId: 'lease-1', token: 1n, holdLimitMs },
    });
  };
  return { fake, grant };
}

async function held(holdLimitMs?: number, waitMs = 0) {
  const { fake, grant } = server(holdLimitMs);
  const { locks, clock } = setUp(fake);
  const acquiring = locks.acquire('x', { maxHold: '1m' });
  await clock.advance(0);
  await clock.advance(waitMs);
  grant();
  return { lease: await acquiring, clock, fake };
}

describe('a longest hold', () => {
  it('ends 1 % before the server ends it, counted from the keep-alive sent last', async () => {
    // Keep-alives at 1 s and 2 s; the grant comes 400 ms after the second.
    const { lease, clock, fake } = await held(10_400, 2_400);
    const endMs = 2_000 + 10_400 * 0.99;
    expect(lease.revokesAt).toBeCloseTo(clock.wallMs() + endMs - 2_400, 3);
    const { signal } = lease;
    await clock.advance(endMs - 2_400 - 5);
    expect(signal.aborted).toBe(false);
    lease.assertHeld();
    await clock.advance(6);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST', details: { reason: 'max-hold' } });
    expect(lease.revokeSignal.aborted).toBe(false);
    // Or the lock would open before its delay is over.
    expect(fake.last.saidOf('release')).toEqual([]);
  });

  it('that was over when the grant arrived is no hold at all', async () => {
    const { lease } = await held(300, 900);
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
  });

  it('of more than a timer takes is held on to', async () => {
    const { lease, clock } = await held(40 * 86_400_000);
    await clock.advance(1_000);
    lease.assertHeld();
    expect(lease.expiresAt).toBeLessThan(lease.revokesAt);
  });
});

describe('a lock delay', () => {
  it('keeps a session that expired from saying goodbye, which would be a release', async () => {
    for (const lockDelay of [0, '10s'] as const) {
      const { locks, clock, server: fake } = setUp();
      const { signal } = await locks.acquire('x', { lockDelay });
      fake.onSaid = () => {};
      await clock.advance(3_000);
      expect(signal.aborted).toBe(true);
      const goodbyes = fake.streams.flatMap((stream) => stream.saidOf('goodbye'));
      expect(goodbyes).toHaveLength(lockDelay === 0 ? 1 : 0);
    }
  });
});

describe('a revocation', () => {
  it('aborts revokeSignal at once, and signal at its end if no word of the server comes', async () => {
    const { lease, clock, fake } = await held();
    expect([lease.revokesAt, lease.revokeSignal.aborted]).toEqual([NEVER, false]);
    fake.last.answer({ kind: 'revoking', leaseId: 'lease-1', remainingMs: 500, reason: 'admin' });
    expect(lease.revokesAt).toBe(clock.wallMs() + 500);
    expect(lease.expiresAt).toBe(clock.wallMs() + 500);
    expect(lease.revokeSignal.reason).toMatchObject({ details: { reason: 'admin', token: 1n } });
    const { signal } = lease;
    expect(signal.aborted).toBe(false);
    await clock.advance(500);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST', details: { reason: 'admin' } });
  });

  it('ends with a release in good order', async () => {
    const { lease, clock, fake } = await held();
    fake.last.answer({ kind: 'revoking', leaseId: 'lease-1', remainingMs: 500, reason: 'admin' });
    void lease.release();
    await clock.advance(1_000);
    expect(lease.signal.aborted).toBe(false);
    expect(fake.last.saidOf('release')).toHaveLength(1);
  });
});

it('terms and scope are said to the server', async () => {
  const { locks, clock, server: fake } = setUp(undefined, { scope: 'server' });
  await locks.acquire('x', {
    mode: 'permit',
    permits: 2,
    capacity: 5,
    lockDelay: '2s',
    maxHold: '1m',
  });
  await clock.advance(0);
  expect(fake.last.saidOf('hello')[0]).toMatchObject({ scope: 'server' });
  expect(fake.last.saidOf('acquire')[0]?.terms).toEqual({
    mode: 'permit',
    permits: 2,
    capacity: 5,
    lockDelayMs: 2_000,
    maxHoldMs: 60_000,
  });
});
