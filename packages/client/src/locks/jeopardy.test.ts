/**
 * Goal: a holder hears that its renewals are late, in time and by its own clock, and that they are
 * not late any more; the server's word counts besides.
 * Method: a scripted server in memory and a clock that is moved by hand. The TTL is 3 s, so
 * keep-alives are sent at 1 s and 2 s; the lease is in jeopardy from 1.97 s on, and lost at 2.97 s.
 * Not covered: the wire format (test/locks-over-grpc.test.ts), networks that let nothing through
 * (the sidecar's failure kit).
 */
import { type ManualClock, settle } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { type FakeSessionServer, generousServer, welcome } from '../../test/fake-session-server.ts';
import { BROKEN, heldBy, setUp } from '../../test/locks-on-manual-clock.ts';
import type { RemoteLocks } from './remote-locks.ts';

/** What a holder was told, in order, with the time. */
async function hold(locks: RemoteLocks, now: () => number, name = 'deploy') {
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(`${what} ${Math.floor(now())}`);
  const listeners = { onJeopardy: tell('jeopardy'), onSafe: tell('safe') };
  const lease = await locks.acquire(name, listeners);
  lease.signal.addEventListener('abort', tell('lost'));
  return { lease, told };
}

/** A lease of a server that falls silent once it is granted. */
async function heldOfSilentServer() {
  const { locks, clock, server } = setUp();
  const startMs = clock.monotonicMs();
  const now = () => clock.monotonicMs() - startMs;
  const held = await hold(locks, now);
  server.onSaid = () => {};
  const stream = server.last;
  /** The answer to the n-th keep-alive. */
  const acknowledge = (index: number) => {
    const sequence = stream.saidOf('keep-alive')[index]?.sequence as number;
    stream.answer({ kind: 'keep-alive-ack', sequence, ttlMs: 3_000 });
  };
  return { ...held, locks, clock, server, stream, acknowledge, now };
}

/** Lets time go by that no timer notices, as for a program that is stopped. */
function stoppable(clock: ManualClock): (ms: number) => void {
  const { monotonicMs } = clock;
  let stoppedMs = 0;
  clock.monotonicMs = () => monotonicMs.call(clock) + stoppedMs;
  return (ms) => {
    stoppedMs += ms;
  };
}

describe('a late acknowledgement', () => {
  it('is told when a third of the TTL is left, before the lease is lost', async () => {
    const { lease, told, clock } = await heldOfSilentServer();
    await clock.advance(1_969);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['jeopardy 1970']);
    lease.assertHeld();
    await clock.advance(2_000);
    expect(told).toEqual(['jeopardy 1970', 'lost 2970']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('makes the lease safe again when it comes, until another one is late', async () => {
    const { told, clock, acknowledge } = await heldOfSilentServer();
    await clock.advance(2_500);
    acknowledge(1);
    await settle();
    expect(told).toEqual(['jeopardy 1970', 'safe 2500']);
    // Sent at 2000, and a round trip of 500: a third is left at 2000 + 3000 − 30 − 500 − 1000.
    await clock.advance(969);
    expect(told).toHaveLength(2);
    await clock.advance(1);
    expect(told.slice(2)).toEqual(['jeopardy 3470']);
  });

  it('that wins little time is told again before the deadline that was waited for', async () => {
    const { lease, told, clock, acknowledge } = await heldOfSilentServer();
    await clock.advance(1_300);
    const renewed = expect(lease.renew()).resolves.toBeUndefined();
    await clock.advance(700);
    acknowledge(1);
    await renewed;
    await clock.advance(2_000);
    expect(told).toEqual(['jeopardy 1970', 'safe 2000', 'jeopardy 2570', 'lost 3570']);
  });

  it('makes nothing safe when it took so long that it wins no time', async () => {
    const { lease, told, clock, acknowledge } = await heldOfSilentServer();
    await clock.advance(300);
    const renewed = lease.renew();
    await clock.advance(2_100);
    acknowledge(0);
    await renewed;
    await clock.advance(1_000);
    expect(told).toEqual(['jeopardy 1970', 'lost 2970']);
  });

  it('is none while renewals are answered within a sixth of the TTL, less the margin', async () => {
    const { told, clock, acknowledge } = await heldOfSilentServer();
    await clock.advance(480);
    for (let second = 0; second < 10; second++) {
      await clock.advance(1_000);
      acknowledge(second);
    }
    await settle();
    expect(told).toEqual([]);
  });

  it('is told to every lease of the session, also one granted meanwhile, but none given back', async () => {
    const { locks, clock, server, stream, told, now, acknowledge } = await heldOfSilentServer();
    server.onSaid = (_, message) => {
      if (message.kind !== 'acquire') return;
      const { requestId, name } = message;
      stream.answer({ kind: 'granted', requestId, name, leaseId: name, token: 90n });
    };
    const other = await hold(locks, now, 'other');
    const released = await hold(locks, now, 'released');
    void released.lease.release();
    await clock.advance(2_000);
    const late = await hold(locks, now, 'late');
    await settle();
    void other.lease.release();
    acknowledge(1);
    await settle();
    expect(told).toEqual(['jeopardy 1970', 'safe 2000']);
    expect(other.told).toEqual(['jeopardy 1970']);
    expect(released.told).toEqual([]);
    expect(late.told).toEqual(['jeopardy 2000', 'safe 2000']);
  });

  it('is no news once the lease is found lost', async () => {
    const { locks, clock } = setUp();
    const stop = stoppable(clock);
    const { lease, told } = await hold(locks, () => 0);
    stop(3_000);
    expect(lease.signal.aborted).toBe(true);
    await clock.advance(3_000);
    expect(told).toEqual(['lost 0']);
  });

  it('is no news of a lease whose longest hold was over meanwhile', async () => {
    const { locks, clock, server } = setUp();
    const stop = stoppable(clock);
    server.onSaid = (stream, message) => {
      if (message.kind === 'hello') stream.answer(welcome());
      if (message.kind !== 'acquire') return;
      const { requestId, name } = message;
      const lease = { requestId, name, leaseId: name, token: 1n, holdLimitMs: 500 };
      stream.answer({ kind: 'granted', ...lease });
    };
    const { told } = await hold(locks, () => 0);
    stop(600);
    server.last.answer({ kind: 'jeopardy' });
    await settle();
    expect(told).toEqual(['lost 0']);
  });
});

describe('a broken stream', () => {
  it('puts its leases in jeopardy in the same way, and a resumption makes them safe', async () => {
    const { lease, told, clock, server, stream } = await heldOfSilentServer();
    const held = [heldBy(lease, server)];
    server.onSaid = (next) => next.break(BROKEN);
    stream.break(BROKEN);
    await clock.advance(2_100);
    expect(told).toEqual(['jeopardy 1970']);
    server.onSaid = (next, { kind }) => {
      if (kind === 'hello') next.answer(welcome({ resumed: true, held }));
    };
    await clock.advance(800);
    expect(told).toEqual(['jeopardy 1970', expect.stringMatching(/^safe 2\d\d\d$/)]);
    lease.assertHeld();
  });

  it('says nothing of safety to a lease that was not resumed', async () => {
    const { told, clock, server, stream } = await heldOfSilentServer();
    server.onSaid = () => {};
    await clock.advance(2_100);
    stream.break(BROKEN);
    await clock.advance(200);
    server.last.answer(welcome({ resumed: true }));
    await settle();
    expect(told).toEqual(['jeopardy 1970', 'lost 2300']);
  });
});

describe('the word of the server', () => {
  /** The server hears nothing of the client; after the test's word it does again. */
  function warn(server: FakeSessionServer): void {
    server.last.answer({ kind: 'jeopardy' });
  }

  it('is told at once and answered by a keep-alive, whose acknowledgement is safety', async () => {
    const { lease, told, clock, server, stream, acknowledge } = await heldOfSilentServer();
    await clock.advance(400);
    warn(server);
    await settle();
    expect(told).toEqual(['jeopardy 400']);
    expect(stream.saidOf('keep-alive')).toHaveLength(1);
    await clock.advance(300);
    acknowledge(0);
    await settle();
    expect(told).toEqual(['jeopardy 400', 'safe 700']);
    // Sent at 400, and a round trip of 300.
    expect(lease.expiresAt - clock.wallMs()).toBe(400 + 2_970 - 300 - 700);
  });

  it('is told once, though this clock says later that they are late', async () => {
    const { told, clock, server } = await heldOfSilentServer();
    await clock.advance(400);
    warn(server);
    await clock.advance(3_000);
    expect(told).toEqual(['jeopardy 400', 'lost 2970']);
  });

  it('is no reason for more than one keep-alive to a server that answers', async () => {
    const { locks, clock, server } = setUp(generousServer());
    const { told } = await hold(locks, () => 0);
    warn(server);
    await clock.advance(100);
    expect(told).toEqual(['jeopardy 0', 'safe 0']);
    expect(server.last.saidOf('keep-alive')).toHaveLength(1);
  });
});

it('is told to leases that were only tried for, or are held by a callback', async () => {
  const { locks, clock, server } = setUp();
  const answer = server.onSaid;
  const told: bigint[] = [];
  const onJeopardy = ({ token }: { token: bigint }) => void told.push(token);
  const tried = await locks.tryAcquire('tried', { onJeopardy });
  await locks.request('asked', { onJeopardy }, async (lease) => {
    server.onSaid = (stream, message) => {
      if (message.kind !== 'keep-alive') answer(stream, message);
    };
    await clock.advance(1_970);
    expect(told).toEqual([tried?.token, lease.token]);
  });
});
