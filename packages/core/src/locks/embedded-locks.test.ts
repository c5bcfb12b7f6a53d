/**
 * Goal: `cache.locks` keeps what the LockManager interface promises.
 * Method: promises over a manual clock, a remote session beside it where both share a table.
 * Not covered: the remote client's implementation of the same interface.
 */
import { describe, expect, it } from 'vitest';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { ManualClock, SeededRandom, settle } from '../testing/index.ts';
import { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import { EmbeddedLocks } from './embedded-locks.ts';
import type { Lease } from './lease.ts';
import type { LockManager } from './locks.ts';
import { tokensAfter } from './token-source.ts';

function create(): { clock: ManualClock; backend: EmbeddedLockBackend; locks: LockManager } {
  const clock = new ManualClock();
  const random = new SeededRandom(1);
  const backend = new EmbeddedLockBackend({ clock, random, tokens: tokensAfter() });
  return { clock, backend, locks: new EmbeddedLocks(backend) };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof HoldfastError) return error.code;
    throw error;
  }
  return 'resolved';
}

describe('request', () => {
  it('runs the callback under the lock and resolves to its result, with or without options', async () => {
    const { locks } = create();
    const inside = await locks.request('deploy', async (lease) => {
      lease.assertHeld();
      return [lease.token, (await locks.query()).held.length, await locks.tryAcquire('deploy')];
    });
    expect(inside).toEqual([1n, 1, undefined]);
    expect(await locks.request('deploy', { mode: 'exclusive', ttl: '15s' }, () => 'done')).toBe(
      'done',
    );
    expect((await locks.query()).held).toEqual([]);
  });

  it('releases when the callback throws, at once or later', async () => {
    const { locks } = create();
    const failure = new Error('no');
    const failing = locks.request('x', () => {
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    await expect(locks.request('x', () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await locks.tryAcquire('x')).toBeDefined();
  });

  it('rejects with LOCK_TIMEOUT when the wait is over, and with the reason when aborted', async () => {
    const { clock, locks } = create();
    await locks.acquire('x');
    const late = codeOf(locks.request('x', { wait: '30s' }, () => 'never'));
    const abort = new AbortController();
    const aborted = locks.request('x', { signal: abort.signal }, () => 'never');
    abort.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    await clock.advance(30_000);
    expect(await late).toBe('LOCK_TIMEOUT');
    expect((await locks.query()).waiting).toEqual([]);
  });

  it('refuses bad modes, permits, names, TTLs and callbacks', async () => {
    const { locks } = create();
    const refused = [
      locks.request('x', { mode: 'many' as never }, () => 1),
      locks.acquire('x', { mode: 'permit' }),
      locks.acquire('x', { permits: 1 }),
      locks.tryAcquire('x', { mode: 'permit', permits: 3, capacity: 2 }),
      locks.tryAcquire('x', { mode: 'permit', permits: 0, capacity: 2 }),
      locks.tryAcquire('x', { mode: 'permit', capacity: 1_000_001 }),
      locks.acquire('x', { lockDelay: '61m' }),
      locks.acquire('x', { maxHold: 99 }),
      locks.acquire(''),
      locks.acquire('x'.repeat(513)),
      locks.tryAcquire('\udc00'),
      locks.acquire('x', { ttl: 99 }),
      locks.tryAcquire('x', { ttl: '25h' }),
      locks.acquire('x', { wait: Number.NaN }),
      locks.request('x', {}, undefined as never),
    ];
    for (const outcome of await Promise.allSettled(refused)) {
      expect(outcome).toMatchObject({ reason: expect.any(InvalidArgumentError) });
    }
    expect((await locks.query()).held).toEqual([]);
  });
});

describe('a lease', () => {
  it('is renewed every third of its TTL for as long as it is held', async () => {
    const { clock, locks } = create();
    const lease = await locks.acquire('x', { ttl: '15s' });
    const { signal } = lease;
    expect(lease.expiresAt - clock.wallMs()).toBe(15_000);
    await clock.advance(4_999);
    expect(lease.expiresAt - clock.wallMs()).toBe(10_001);
    await clock.advance(1);
    expect(lease.expiresAt - clock.wallMs()).toBe(15_000);
    await clock.advance(3_600_000);
    lease.assertHeld();
    expect(signal.aborted).toBe(false);
    await lease.release();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is lost when the program stood still past its TTL, which it hears before the next holder', async () => {
    const { clock, locks } = create();
    const lease = await locks.acquire('x', { ttl: 300 });
    const order: string[] = [];
    lease.signal.addEventListener('abort', () => order.push('lost'));
    const next = locks.acquire('x').then((granted: Lease) => {
      order.push('granted');
      return granted;
    });
    await settle();
    // No timer runs while the clock goes on; then all that are late run at once, renewals first.
    const monotonicMs = clock.monotonicMs();
    clock.monotonicMs = () => monotonicMs + 300;
    await clock.advance(100);
    expect(order).toEqual(['lost', 'granted']);
    expect(lease.signal.reason).toMatchObject({
      code: 'LEASE_LOST',
      details: { reason: 'expired' },
    });
    expect((await next).token).toBeGreaterThan(lease.token);
  });

  it('fails its request when lost meanwhile', async () => {
    const { clock, backend, locks } = create();
    let seen: AbortSignal | undefined;
    let finish: () => void = () => {};
    const outcome = codeOf(
      locks.request('x', (lease) => {
        seen = lease.signal;
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      }),
    );
    await settle();
    backend.dispose();
    expect(seen?.aborted).toBe(true);
    finish();
    expect(await outcome).toBe('LEASE_LOST');
    await clock.advance(60_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('releases at the end of an `await using` block', async () => {
    const { locks } = create();
    {
      await using lease = await locks.acquire('x');
      lease.assertHeld();
    }
    expect(await locks.tryAcquire('x')).toBeDefined();
  });
});

describe('beside remote sessions', () => {
  it('both exclude each other, in one queue, and a dead remote holder is waited out', async () => {
    const { clock, backend, locks } = create();
    const events: string[] = [];
    const session = backend.openSession(
      { clientName: 'remote', metadata: {}, ttlMs: 1_000 },
      (event) => events.push(event.kind),
    );
    session.acquire({ requestId: '1', name: 'x', waitMs: 0 });
    expect(await locks.tryAcquire('x')).toBeUndefined();
    const mine = locks.acquire('x');
    await clock.advance(999);
    expect((await locks.query()).waiting).toMatchObject([{ clientName: 'embedded' }]);
    await clock.advance(1);
    expect(events).toEqual(['granted', 'jeopardy', 'lost', 'session-expired']);
    expect((await mine).token).toBe(2n);
  });

  it('ends waits with CLOSED when the backend is disposed', async () => {
    const { clock, backend, locks } = create();
    await locks.acquire('x');
    const waiting = codeOf(locks.acquire('x', { wait: '1h' }));
    await settle();
    backend.dispose();
    expect(await waiting).toBe('CLOSED');
    expect(await codeOf(locks.acquire('y'))).toBe('CLOSED');
    await clock.advance(20_000);
    expect(clock.pendingTimers).toBe(0);
  });
});
