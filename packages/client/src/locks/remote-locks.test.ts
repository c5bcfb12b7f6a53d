/**
 * Goal: leases of a remote session are never believed longer than they last, and survive what they may.
 * Method: a scripted server in memory and a clock that is moved by hand; nothing sleeps, nothing touches a socket.
 * Not covered: the wire format and real streams (transport tests and test/*), queue fairness (the server's).
 */
import { HoldfastError, type Lease } from '@holdfast/core';
import { ManualClock, SeededRandom, settle } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { type FakeSessionServer, generousServer, welcome } from '../../test/fake-session-server.ts';
import { clientSettings } from '../connect-options.ts';
import { RemoteLocks } from './remote-locks.ts';

const BROKEN = new HoldfastError('UNAVAILABLE', 'the stream broke');

function setUp(server: FakeSessionServer = generousServer()) {
  const clock = new ManualClock();
  const system = { clock, random: new SeededRandom(7) };
  const settings = clientSettings({ sessionTtl: '3s', clientName: 'tester' });
  const locks = new RemoteLocks(server.open, system, settings);
  return { clock, locks, server };
}

function heldBy(lease: Lease, server: FakeSessionServer) {
  const acquire = server.streams.flatMap((stream) => stream.saidOf('acquire')).at(-1);
  if (acquire === undefined) throw new Error('nothing was acquired');
  const { requestId, name } = acquire;
  return { requestId, name, leaseId: `lease-${lease.token}`, token: lease.token };
}

describe('a lease', () => {
  it('is granted with its token and given back once', async () => {
    const { locks, server } = setUp();
    const lease = await locks.acquire('deploy');
    expect(lease.name).toBe('deploy');
    expect(lease.token).toBe(41n);
    expect(lease.signal.aborted).toBe(false);
    lease.assertHeld();
    await Promise.all([lease.release(), lease.release()]);
    expect(server.last.saidOf('release')).toEqual([
      { kind: 'release', leaseId: 'lease-41', token: 41n },
    ]);
    expect(lease.signal.aborted).toBe(false);
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
  });

  it('is kept by three keep-alives per TTL', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    await clock.advance(30_000);
    lease.assertHeld();
    expect(server.last.saidOf('keep-alive').length).toBe(30);
    expect(server.streams.length).toBe(1);
  });

  it('is lost at the local deadline when keep-alives go unanswered', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = () => {};
    const expiresInMs = lease.expiresAt - clock.wallMs();
    // The hello was acknowledged in no time, so the margin is 1 % of the TTL alone.
    expect(expiresInMs).toBe(2_970);
    await clock.advance(2_969);
    lease.assertHeld();
    await clock.advance(1);
    expect(lease.signal.aborted).toBe(true);
    expect(lease.signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
    await expect(lease.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await lease.release();
  });

  it('counts a renewal from when it was sent, less a round trip', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = () => {};
    await clock.advance(1_000);
    const [keepAlive] = server.last.saidOf('keep-alive');
    await clock.advance(400);
    server.last.answer({
      kind: 'keep-alive-ack',
      sequence: keepAlive?.sequence as number,
      ttlMs: 3_000,
    });
    // Sent at 1000: 1000 + 3000 − 30 − 400.
    expect(lease.expiresAt - clock.wallMs()).toBe(3_570 - 1_400);
  });

  it('never loses time to a late or repeated acknowledgement', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = () => {};
    await clock.advance(2_000);
    const [first, second] = server.streams[0]?.saidOf('keep-alive') ?? [];
    const stream = server.streams[0];
    stream?.answer({ kind: 'keep-alive-ack', sequence: second?.sequence as number, ttlMs: 3_000 });
    const expiresAt = lease.expiresAt;
    await clock.advance(500);
    stream?.answer({ kind: 'keep-alive-ack', sequence: first?.sequence as number, ttlMs: 3_000 });
    stream?.answer({ kind: 'keep-alive-ack', sequence: second?.sequence as number, ttlMs: 3_000 });
    stream?.answer({ kind: 'keep-alive-ack', sequence: 999, ttlMs: 3_000 });
    expect(lease.expiresAt).toBe(expiresAt);
  });

  it('is found lost by a program that was stopped, before any timer has run', async () => {
    const clock = new ManualClock();
    let stoppedMs = 0;
    const stoppable = {
      wallMs: () => clock.wallMs() + stoppedMs,
      monotonicMs: () => clock.monotonicMs() + stoppedMs,
      startTimer: clock.startTimer.bind(clock),
    };
    const server = generousServer();
    const locks = new RemoteLocks(
      server.open,
      { clock: stoppable, random: new SeededRandom(1) },
      clientSettings({ sessionTtl: '3s' }),
    );
    const lease = await locks.acquire('deploy');
    const other = await locks.acquire('other');
    stoppedMs = 3_000;
    expect(lease.signal.aborted).toBe(true);
    expect(() => other.assertHeld()).toThrow('LEASE_LOST');
  });

  it('does not mind the wall clock', async () => {
    const { locks, clock } = setUp();
    const lease = await locks.acquire('deploy');
    clock.setWallMs(clock.wallMs() + 86_400_000);
    await clock.advance(1_500);
    lease.assertHeld();
    clock.setWallMs(clock.wallMs() - 2 * 86_400_000);
    await clock.advance(1_500);
    lease.assertHeld();
  });

  it('is lost when the server says so, with its reason', async () => {
    const { locks, server } = setUp();
    const lease = await locks.acquire('deploy');
    const kept = await locks.acquire('kept');
    server.last.answer({ kind: 'lost', leaseId: 'lease-41', reason: 'admin' });
    expect(lease.signal.reason).toMatchObject({ code: 'LEASE_LOST', details: { reason: 'admin' } });
    kept.assertHeld();
  });

  it('renews on request', async () => {
    const { locks, clock } = setUp();
    const lease = await locks.acquire('deploy');
    await clock.advance(500);
    await lease.renew();
    expect(lease.expiresAt - clock.wallMs()).toBe(2_970);
  });
});

describe('a broken stream', () => {
  it('costs nothing when the session is resumed in time', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    const held = heldBy(lease, server);
    await clock.advance(500);
    server.onSaid = (stream, message) => {
      if (message.kind === 'hello') stream.answer(welcome({ resumed: true, held: [held] }));
    };
    server.last.break(BROKEN);
    await clock.advance(100);
    expect(server.streams.length).toBe(2);
    expect(server.last.saidOf('hello')[0]?.resume).toEqual({
      id: 'session-1',
      secret: 'secret-1',
    });
    lease.assertHeld();
    expect(lease.token).toBe(41n);
    // The resumption is a renewal.
    expect(lease.expiresAt - clock.wallMs()).toBeGreaterThan(2_800);
    // And nothing was asked for again.
    expect(server.last.saidOf('acquire')).toEqual([]);
  });

  it('loses the lease when the server does not come back in time', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = (stream) => stream.break(BROKEN);
    server.last.break(BROKEN);
    await clock.advance(2_969);
    lease.assertHeld();
    await clock.advance(1);
    expect(lease.signal.aborted).toBe(true);
    expect(server.streams.length).toBeGreaterThan(3);
    // It gives up: no timer is left and no stream is opened any more.
    const count = server.streams.length;
    await clock.advance(10_000);
    expect(server.streams.length).toBe(count);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['refuses to resume', (server: FakeSessionServer) => server.last.break(BROKEN, true)],
    ['makes a new session instead', (server: FakeSessionServer) => server.last.answer(welcome())],
    [
      'forgot the lease',
      (server: FakeSessionServer) => server.last.answer(welcome({ resumed: true })),
    ],
  ])('loses the lease when the server %s', async (_, answer) => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = () => {};
    server.last.break(BROKEN);
    await clock.advance(30);
    answer(server);
    expect(lease.signal.reason).toMatchObject({ code: 'LEASE_LOST' });
  });

  it('asks again for what the server never heard of, under the same request id', async () => {
    const { locks, server, clock } = setUp();
    await locks.acquire('first');
    server.onSaid = () => {};
    const waiting = locks.acquire('deploy', { wait: '10s' });
    const asked = server.last.saidOf('acquire').at(-1);
    const held = [{ requestId: 'r1', name: 'first', leaseId: 'lease-41', token: 41n }];
    server.last.break(BROKEN);
    await clock.advance(30);
    server.last.answer(welcome({ resumed: true, held }));
    expect(server.last.saidOf('acquire')).toEqual([asked]);
    server.last.answer({
      kind: 'granted',
      requestId: asked?.requestId as string,
      name: 'deploy',
      leaseId: 'x',
      token: 50n,
    });
    expect((await waiting).token).toBe(50n);
  });

  it('learns of a grant that got lost on the way', async () => {
    const { locks, server, clock } = setUp();
    server.onSaid = (stream, { kind }) => void (kind === 'hello' && stream.answer(welcome()));
    const waiting = locks.acquire('deploy');
    await settle();
    const requestId = server.last.saidOf('acquire')[0]?.requestId as string;
    server.last.break(BROKEN);
    server.onSaid = () => {};
    await clock.advance(30);
    server.last.answer(
      welcome({
        resumed: true,
        held: [{ requestId, name: 'deploy', leaseId: 'x', token: 9n }],
      }),
    );
    expect((await waiting).token).toBe(9n);
    expect(server.last.saidOf('acquire')).toEqual([]);
  });

  it('gives back again what the server still holds for us', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    const held = heldBy(lease, server);
    server.onSaid = () => {};
    server.last.break(BROKEN);
    let released = false;
    void lease.release().then(() => {
      released = true;
    });
    await clock.advance(30);
    expect(released).toBe(false);
    server.last.answer(welcome({ resumed: true, held: [held] }));
    expect(server.last.saidOf('release').length).toBe(1);
    server.last.answer({ kind: 'released', leaseId: held.leaseId });
    await settle();
    expect(released).toBe(true);
  });

  it('keeps the stream in use until its successor is welcomed, when the server drains', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    const held = heldBy(lease, server);
    const [old] = server.streams;
    const generous = server.onSaid;
    server.onSaid = (stream, message) =>
      stream === old ? generous(stream, message) : stream.break(BROKEN);
    old?.answer({ kind: 'draining' });
    await clock.advance(5_000);
    // Attempts fail one after the other, and the old stream goes on renewing.
    lease.assertHeld();
    expect(old?.isOpen).toBe(true);
    expect(server.streams.length).toBeGreaterThan(3);
    server.onSaid = (stream, message) => {
      if (message.kind === 'hello') stream.answer(welcome({ resumed: true, held: [held] }));
      else generous(stream, message);
    };
    await clock.advance(2_000);
    expect(old?.isOpen).toBe(false);
    await clock.advance(20_000);
    lease.assertHeld();
  });

  it('tries another connection when keep-alives go unanswered', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    const held = heldBy(lease, server);
    const [silent] = server.streams;
    const generous = server.onSaid;
    server.onSaid = (stream, message) => {
      if (stream === silent) return;
      if (message.kind === 'hello') stream.answer(welcome({ resumed: true, held: [held] }));
      else generous(stream, message);
    };
    await clock.advance(20_000);
    lease.assertHeld();
    expect(server.streams.length).toBe(2);
  });
});

describe('a request', () => {
  it('tells its place in the queue, then is granted', async () => {
    const { locks, server } = setUp();
    server.onSaid = (stream, { kind }) => void (kind === 'hello' && stream.answer(welcome()));
    const places: unknown[] = [];
    const waiting = locks.acquire('deploy', { onQueued: (place) => places.push(place) });
    await settle();
    const requestId = server.last.saidOf('acquire')[0]?.requestId as string;
    const name = 'deploy';
    server.last.answer({ kind: 'queued', requestId, name, position: 2, holder: 'ann' });
    server.last.answer({ kind: 'queued', requestId, name, position: 1, holder: 'bob' });
    server.last.answer({ kind: 'granted', requestId, name, leaseId: 'x', token: 7n });
    expect((await waiting).token).toBe(7n);
    expect(places).toEqual([
      { position: 2, holder: 'ann' },
      { position: 1, holder: 'bob' },
    ]);
  });

  it('is rejected by what onQueued throws, and leaves the queue', async () => {
    const { locks, server } = setUp();
    server.onSaid = (stream, message) => {
      if (message.kind === 'hello') stream.answer(welcome());
      if (message.kind !== 'acquire') return;
      const { requestId, name } = message;
      stream.answer({ kind: 'queued', requestId, name, position: 1, holder: 'ann' });
    };
    const mistake = new Error('a mistake of the caller');
    const waiting = locks.acquire('deploy', {
      onQueued: () => {
        throw mistake;
      },
    });
    await expect(waiting).rejects.toBe(mistake);
    expect(server.last.saidOf('cancel').length).toBe(1);
  });

  it('ends with LOCK_TIMEOUT, or undefined when only tried', async () => {
    const { locks, server } = setUp();
    server.onSaid = (stream, message) => {
      if (message.kind === 'hello') stream.answer(welcome());
      if (message.kind !== 'acquire') return;
      const { requestId } = message;
      stream.answer({ kind: 'contended', requestId, position: 1, holder: 'ann' });
    };
    await expect(locks.acquire('deploy', { wait: '1s' })).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      details: { holder: 'ann' },
    });
    expect(await locks.tryAcquire('deploy')).toBeUndefined();
  });

  it('ends by itself when the server never answers', async () => {
    const { locks, server, clock } = setUp();
    const generous = server.onSaid;
    server.onSaid = (stream, message) =>
      message.kind === 'acquire' ? undefined : generous(stream, message);
    const waiting = locks.acquire('deploy', { wait: '1s' });
    const trying = locks.tryAcquire('deploy');
    const ends = Promise.all([
      expect(waiting).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' }),
      expect(trying).rejects.toMatchObject({ code: 'UNAVAILABLE' }),
    ]);
    await clock.advance(6_000);
    await ends;
    expect(server.last.saidOf('cancel').length).toBe(2);
  });

  it('fails with UNAVAILABLE when no server can be reached', async () => {
    const { locks, server, clock } = setUp();
    server.onSaid = (stream) => stream.break(BROKEN);
    const end = expect(locks.acquire('deploy')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      cause: BROKEN,
    });
    await clock.advance(5_000);
    await end;
    await clock.advance(5_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails with UNAVAILABLE when its session ends while it waits', async () => {
    const { locks, server, clock } = setUp();
    server.onSaid = (stream, { kind }) => void (kind === 'hello' && stream.answer(welcome()));
    const end = expect(locks.acquire('deploy')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'SESSION_EXPIRED' },
    });
    await clock.advance(3_000);
    await end;
  });

  it('leaves the queue on abort, and gives back a grant that was on its way', async () => {
    const { locks, server } = setUp();
    server.onSaid = (stream, { kind }) => void (kind === 'hello' && stream.answer(welcome()));
    const abort = new AbortController();
    const waiting = locks.acquire('deploy', { signal: abort.signal });
    await settle();
    const requestId = server.last.saidOf('acquire')[0]?.requestId as string;
    abort.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect(server.last.saidOf('cancel')).toEqual([{ kind: 'cancel', requestId }]);
    server.last.answer({ kind: 'granted', requestId, name: 'deploy', leaseId: 'x', token: 7n });
    expect(server.last.saidOf('release')).toEqual([{ kind: 'release', leaseId: 'x', token: 7n }]);
  });

  it('is denied with the server’s own error', async () => {
    const { locks, server } = setUp();
    const error = new HoldfastError('UNAVAILABLE', 'too many', {
      details: { reason: 'WAIT_QUEUE_FULL' },
    });
    server.onSaid = (stream, message) => {
      if (message.kind === 'hello') stream.answer(welcome());
      if (message.kind === 'acquire')
        stream.answer({ kind: 'denied', requestId: message.requestId, error });
    };
    await expect(locks.acquire('deploy')).rejects.toBe(error);
  });

  it('refuses bad arguments before anything is sent', async () => {
    const { locks, server } = setUp();
    const bad = [
      locks.acquire(''),
      locks.acquire('x'.repeat(513)),
      locks.acquire('\ud800'),
      locks.acquire(7 as never),
      locks.acquire('x', { ttl: '10ms' }),
      locks.acquire('x', { wait: -1 }),
      locks.acquire('x', { wait: 'soon' as never }),
      locks.acquire('x', { mode: 'shared' }),
      locks.acquire('x', { tll: '1s' } as never),
      locks.acquire('x', { signal: {} as never }),
      locks.acquire('x', { onQueued: 1 as never }),
      locks.tryAcquire('x', { wait: '1s' } as never),
      locks.request('x', undefined as never),
    ];
    for (const promise of bad) {
      await expect(promise).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    await expect(locks.acquire('x', { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(server.streams.length).toBe(0);
  });
});

describe('request with a callback', () => {
  it('holds the lock for the callback and releases it whatever happens', async () => {
    const { locks, server } = setUp();
    expect(await locks.request('deploy', async (lease) => lease.token)).toBe(41n);
    const mistake = new Error('a mistake');
    const failing = locks.request('deploy', { wait: 0 }, () => Promise.reject(mistake));
    await expect(failing).rejects.toBe(mistake);
    expect(server.last.saidOf('release').length).toBe(2);
  });

  it('rejects with LEASE_LOST when the lease was lost meanwhile, and allows an early release', async () => {
    const { locks, server } = setUp();
    const losing = locks.request('deploy', () => {
      server.last.answer({ kind: 'lost', leaseId: 'lease-41', reason: 'admin' });
      return 'done';
    });
    await expect(losing).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const early = locks.request('deploy', async (lease) => {
      await lease.release();
      return 'done';
    });
    expect(await early).toBe('done');
  });
});

describe('sessions', () => {
  it('are shared by leases of one TTL, and separate for another', async () => {
    const { locks, server } = setUp();
    await locks.acquire('a');
    await locks.acquire('b');
    await locks.acquire('c', { ttl: '1s' });
    await locks.acquire('d', { ttl: 1_000 });
    expect(server.streams.map((stream) => stream.saidOf('hello')[0]?.ttlMs)).toEqual([
      3_000, 1_000,
    ]);
  });

  it('end when nothing was held for a TTL, and begin anew when needed', async () => {
    const { locks, server, clock } = setUp();
    await (await locks.acquire('a')).release();
    await clock.advance(10_000);
    expect(server.last.saidOf('goodbye').length).toBe(1);
    expect(clock.pendingTimers).toBe(0);
    await locks.acquire('a');
    expect(server.streams.length).toBe(2);
    expect(server.last.saidOf('hello')[0]?.resume).toBeUndefined();
  });

  it('give everything back on close, and nothing works after', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('a');
    server.onSaid = () => {};
    const waiting = locks.acquire('b');
    const end = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await locks.close();
    await end;
    expect(server.last.said.at(-1)).toEqual({ kind: 'goodbye' });
    expect(lease.signal.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    await expect(locks.acquire('a')).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('survive a server that talks nonsense', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('a');
    server.last.answer({ kind: 'released', leaseId: 'unknown' });
    server.last.answer({ kind: 'lost', leaseId: 'unknown', reason: 'admin' });
    server.last.answer({ kind: 'denied', requestId: 'unknown', error: BROKEN });
    server.last.answer({ kind: 'contended', requestId: 'unknown', position: 1, holder: '' });
    lease.assertHeld();
    server.last.answer(welcome());
    await clock.advance(100);
    expect(server.streams.length).toBe(2);
  });
});
