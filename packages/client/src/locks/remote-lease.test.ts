/**
 * Goal: a lease is never believed longer than it lasts.
 * Method: a scripted server in memory and a clock that is moved by hand; nothing sleeps, nothing
 * touches a socket.
 * Not covered: breaks (remote-session.test.ts), the wire format (test/locks-over-grpc.test.ts).
 */
import { ManualClock, SeededRandom, settle } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { generousServer } from '../../test/fake-session-server.ts';
import { setUp } from '../../test/locks-on-manual-clock.ts';
import { clientSettings } from '../connect-options.ts';
import { RemoteLocks } from './remote-locks.ts';

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
    // The server may still count us in for a moment, so it is told.
    expect(server.streams[0]?.said.at(-1)).toEqual({ kind: 'goodbye' });
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

  it('never loses time to a renewal that took longer than the one before', async () => {
    const { locks, server, clock } = setUp();
    const lease = await locks.acquire('deploy');
    const [stream] = server.streams;
    await clock.advance(1_000);
    const expiresAt = lease.expiresAt;
    server.onSaid = () => {};
    await clock.advance(2_500);
    const sequence = stream?.saidOf('keep-alive').at(1)?.sequence as number;
    // Sent at 2000 and heard of at 3500: 2000 + 3000 − 30 − 1500 is before 1000 + 3000 − 30.
    stream?.answer({ kind: 'keep-alive-ack', sequence, ttlMs: 3_000 });
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
      { open: server.open, query: () => Promise.reject(new Error('not asked')) },
      { clock: stoppable, random: new SeededRandom(1) },
      clientSettings({ sessionTtl: '3s' }),
    );
    const lease = await locks.acquire('deploy');
    stoppedMs = 3_000;
    expect(lease.signal.aborted).toBe(true);
    const asserted = await locks.acquire('deploy');
    stoppedMs = 6_000;
    expect(() => asserted.assertHeld()).toThrow('LEASE_LOST');
    // Not even an answer that was waiting to be read brings it back.
    const late = await locks.acquire('deploy');
    const renewing = expect(late.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    stoppedMs = 9_000;
    await renewing;
    expect(late.signal.aborted).toBe(true);
    // And nothing of the caller's is called for a session that is over.
    const places: unknown[] = [];
    const generous = server.onSaid;
    server.onSaid = (stream, message) =>
      message.kind === 'acquire' ? undefined : generous(stream, message);
    const waiting = locks.acquire('busy', { onQueued: (place) => places.push(place) });
    const ended = expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await settle();
    const requestId = server.last.saidOf('acquire').at(-1)?.requestId as string;
    stoppedMs = 12_000;
    server.last.answer({ kind: 'queued', requestId, name: 'busy', position: 1, holder: 'ann' });
    await ended;
    expect(places).toEqual([]);
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

  it('is not renewed by an answer to nothing', async () => {
    const { locks, server } = setUp();
    const lease = await locks.acquire('deploy');
    server.onSaid = () => {};
    let isRenewed = false;
    const renewing = lease.renew().then(() => {
      isRenewed = true;
    });
    server.last.answer({ kind: 'keep-alive-ack', sequence: 999, ttlMs: 3_000 });
    await settle();
    expect(isRenewed).toBe(false);
    const [keepAlive] = server.last.saidOf('keep-alive');
    const sequence = keepAlive?.sequence as number;
    server.last.answer({ kind: 'keep-alive-ack', sequence, ttlMs: 3_000 });
    await renewing;
  });
});
