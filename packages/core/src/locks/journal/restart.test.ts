/**
 * Goal: what a restart brings back of locks, one behaviour per test.
 * Method: a backend on a simulated machine, which is killed or loses power. Random histories are in
 * lock-journal.history.test.ts.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedLocks, type Stream } from '../../../test/simulated-locks.ts';
import { NEVER } from '../../expiry/expiry.ts';

const TTL_MS = 1_000;

let locks: SimulatedLocks;

const open = (name: string, ttlMs = TTL_MS): Stream => locks.session(name, ttlMs);

beforeEach(async () => {
  locks = await SimulatedLocks.start();
});

describe('after a kill', () => {
  it('a lease goes on for the time that was left, with its token', async () => {
    const a = open('a');
    await locks.ask(a);
    await locks.machine.clock.advance(300);
    await locks.restart('process', 400);
    expect((await locks.backend.query()).held).toMatchObject([{ clientName: 'a', token: 1_001n }]);
    await locks.machine.clock.advance(299);
    expect((await locks.backend.query()).held).toHaveLength(1);
    await locks.machine.clock.advance(1);
    expect((await locks.backend.query()).held).toEqual([]);
  });

  it('what ended meanwhile is over, and its waiters whose session is over get nothing', async () => {
    // Of this program, so that the lock is free when it is gone.
    const own = locks.backend.local.acquire({
      name: 'x',
      displayName: 'x',
      ttlMs: NEVER,
      waitMs: 0,
      signal: undefined,
    });
    await locks.machine.clock.settle();
    await own;
    await locks.ask(open('late', 800));
    const patient = open('patient', 5_000);
    await locks.ask(patient);
    await locks.restart('process', 900);
    const { held, waiting } = await locks.backend.query();
    // The first token of this opening: nothing was granted to the session that was over.
    expect(held).toMatchObject([{ clientName: 'patient', token: 2_001n }]);
    expect(waiting).toEqual([]);
  });

  it('a lease without a stream is renewed and given back by its id', async () => {
    const request = { name: 'x', ttlMs: TTL_MS, waitMs: 0, clientName: '' };
    const asked = locks.backend.acquireLease(request);
    await locks.machine.clock.settle();
    const lease = await asked;
    if (lease.kind !== 'granted') throw new Error('busy');
    await locks.restart('process', 600);
    const renewal = locks.backend.renewLease(lease.leaseId, lease.token);
    await locks.machine.clock.settle();
    expect(await renewal).toBe(TTL_MS);
    await locks.restart('process', 600);
    expect((await locks.backend.query()).held).toHaveLength(1);
    await locks.backend.releaseLease(lease.leaseId, lease.token);
    expect((await locks.backend.query()).held).toEqual([]);
  });
});

describe('after a power cut', () => {
  it('a lease lives for its whole time again', async () => {
    await locks.ask(open('a'));
    await locks.machine.clock.advance(900);
    await locks.restart('power', 0);
    await locks.machine.clock.advance(999);
    expect((await locks.backend.query()).held).toHaveLength(1);
    await locks.machine.clock.advance(1);
    expect((await locks.backend.query()).held).toEqual([]);
  });

  it('a lock delay runs again, whoever has left the queue since', async () => {
    await locks.ask(open('dies'), 700);
    const waiter = open('waits', 60_000);
    await locks.ask(waiter);
    await locks.machine.clock.advance(TTL_MS);
    waiter.session.cancel('1');
    // Synced with this grant of another lock.
    waiter.session.acquire({ requestId: '2', name: 'y', waitMs: 0 });
    await locks.machine.clock.advance(600);
    await locks.restart('power', 0);
    const other = open('other', 60_000);
    await locks.ask(other);
    await locks.machine.clock.advance(699);
    expect(other.events.map(({ kind }) => kind)).toEqual(['queued']);
    await locks.machine.clock.advance(1);
    expect(other.events.map(({ kind }) => kind)).toEqual(['queued', 'granted']);
  });
});

describe('while the journal cannot be written', () => {
  it('nobody is granted anything, and it goes on by itself', async () => {
    const [holder, waiter] = [open('holder', 60_000), open('waiter', 60_000)];
    holder.session.acquire({ requestId: '1', name: 'y', waitMs: 0 });
    waiter.session.acquire({ requestId: '1', name: 'y', waitMs: NEVER });
    const a = open('a', 60_000);
    await locks.machine.clock.settle();
    const fault = locks.machine.disk.fail({ code: 'ENOSPC', kind: ['write', 'open'], times: 1e9 });
    await locks.ask(a);
    expect(a.events).toMatchObject([
      { kind: 'denied', error: { code: 'UNAVAILABLE', details: { reason: 'STORAGE_READ_ONLY' } } },
    ]);
    expect(locks.backend.refusal).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(
      locks.backend.local.tryAcquireKept({
        name: 'z',
        displayName: 'z',
        ttlMs: NEVER,
        signal: undefined,
      }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const [lease] = (await locks.backend.query()).held;
    holder.session.release(String(lease?.token), lease?.token ?? 0n);
    await locks.machine.clock.settle();
    expect(waiter.events.map(({ kind }) => kind)).toEqual(['queued']);
    fault.cancel();
    await locks.machine.clock.advance(1_000);
    expect(locks.backend.refusal).toBeUndefined();
    expect(waiter.events.map(({ kind }) => kind)).toEqual(['queued', 'granted']);
    await locks.ask(open('b'));
    expect((await locks.backend.query()).held).toMatchObject([{ name: 'y' }, { clientName: 'b' }]);
  });
});
