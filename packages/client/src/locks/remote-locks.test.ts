/**
 * Goal: each request for a lock ends once and rightly, whatever server and caller do.
 * Method: a scripted server in memory and a clock that is moved by hand; nothing sleeps, nothing
 * touches a socket.
 * Not covered: fairness of queues (the server's), the wire format (test/locks-over-grpc.test.ts).
 */
import { HoldfastError } from '@holdfast/core';
import { settle } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { welcome } from '../../test/fake-session-server.ts';
import { BROKEN, setUp } from '../../test/locks-on-manual-clock.ts';

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
      locks.acquire('x', { mode: 'both' as never }),
      locks.acquire('x', { mode: 'permit' }),
      locks.acquire('x', { maxHold: 99 }),
      locks.query({ name: 'x' } as never),
      locks.acquire('x', { tll: '1s' } as never),
      locks.acquire('x', { signal: {} as never }),
      locks.acquire('x', { onQueued: 1 as never }),
      locks.acquire('x', { onJeopardy: 1 as never }),
      locks.tryAcquire('x', { onSafe: 1 as never }),
      locks.tryAcquire('x', { onQueued: () => {} } as never),
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
