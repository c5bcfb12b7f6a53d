/**
 * Goal: a session survives the breaks it may survive, and ends where it must.
 * Method: a scripted server in memory and a clock that is moved by hand; nothing sleeps, nothing
 * touches a socket.
 * Not covered: the wire format and real streams (test/locks-over-grpc.test.ts).
 */
import { settle } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { type FakeSessionServer, welcome } from '../../test/fake-session-server.ts';
import { BROKEN, heldBy, setUp } from '../../test/locks-on-manual-clock.ts';

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

  it('is no reason to ask again for what waits in its queue', async () => {
    const { locks, server, clock } = setUp();
    server.onSaid = (stream, { kind }) => void (kind === 'hello' && stream.answer(welcome()));
    const places: number[] = [];
    const waiting = locks.acquire('deploy', { onQueued: ({ position }) => places.push(position) });
    await settle();
    const requestId = server.last.saidOf('acquire')[0]?.requestId as string;
    server.last.break(BROKEN);
    server.onSaid = () => {};
    await clock.advance(30);
    const queued = [{ requestId, name: 'deploy', position: 4, holder: 'ann' }];
    server.last.answer(welcome({ resumed: true, queued }));
    expect(server.last.saidOf('acquire')).toEqual([]);
    expect(places).toEqual([4]);
    server.last.answer({ kind: 'granted', requestId, name: 'deploy', leaseId: 'x', token: 9n });
    expect((await waiting).token).toBe(9n);
  });

  it.each([
    [
      'does not hold it any more',
      (server: FakeSessionServer) => server.last.answer(welcome({ resumed: true })),
    ],
    [
      'does not know the session any more',
      (server: FakeSessionServer) => server.last.break(BROKEN, true),
    ],
  ])('ends a release when the server %s', async (_, answer) => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = () => {};
    server.last.break(BROKEN);
    let released = false;
    const releasing = lease.release().then(() => {
      released = true;
    });
    await clock.advance(30);
    expect(released).toBe(false);
    answer(server);
    await releasing;
  });

  it('gives an attempt up that gets no answer, and makes another', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    const held = heldBy(lease, server);
    server.onSaid = () => {};
    server.last.break(BROKEN);
    await clock.advance(1_100);
    expect(server.streams[1]?.isOpen).toBe(false);
    expect(server.streams.length).toBe(3);
    server.last.answer(welcome({ resumed: true, held: [held] }));
    await clock.advance(1_950);
    lease.assertHeld();
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
