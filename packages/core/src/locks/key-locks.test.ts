/**
 * Goal: the per-key lock of the embedded cache keeps its promises to callers.
 * Method: promises over a manual clock; `settle` lets everything already decided be told.
 * Not covered: what the table decides (lease-table tests), and cost.
 */
import { describe, expect, it } from 'vitest';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { ManualClock, SeededRandom, settle } from '../testing/index.ts';
import { KeyLocks } from './key-locks.ts';
import type { Lease } from './lease.ts';
import { tokensAfter } from './token-source.ts';

function create(): { clock: ManualClock; locks: KeyLocks } {
  const clock = new ManualClock();
  return { clock, locks: new KeyLocks({ clock, tokens: tokensAfter() }) };
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

describe('lock', () => {
  it('serves waiters in the order they came, with rising tokens', async () => {
    const { locks } = create();
    const order: string[] = [];
    const tokens: bigint[] = [];
    const use = async (name: string): Promise<void> => {
      const lease = await locks.lock('k');
      order.push(name);
      tokens.push(lease.token);
      await settle();
      await lease.release();
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(use));
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(tokens).toEqual([...tokens].sort((left, right) => Number(left - right)));
    expect(new Set(tokens).size).toBe(4);
  });

  it('keeps different keys apart', async () => {
    const { locks } = create();
    const leases = await Promise.all(['a', 'b', ''].map((key) => locks.lock(key)));
    expect(leases.map((lease) => lease.name)).toEqual(['a', 'b', '']);
  });

  it('lasts until released when it has no TTL', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k');
    await clock.advance(1e9);
    lease.assertHeld();
    expect(lease.expiresAt).toBe(Number.POSITIVE_INFINITY);
    expect(lease.signal.aborted).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects with LOCK_TIMEOUT when the wait is over, and leaves the queue', async () => {
    const { clock, locks } = create();
    const holder = await locks.lock('k');
    const late = codeOf(locks.lock('k', { wait: '2s' }));
    const patient = locks.lock('k');
    await clock.advance(1_999);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    expect(await late).toBe('LOCK_TIMEOUT');
    await holder.release();
    await (await patient).release();
    expect(await codeOf(locks.lock('k', { wait: 0 }))).toBe('resolved');
    expect(await codeOf(locks.lock('k', { wait: 0 }))).toBe('LOCK_TIMEOUT');
  });

  it("rejects with the signal's reason and leaves the queue at once", async () => {
    const { locks } = create();
    const holder = await locks.lock('k');
    const abort = new AbortController();
    const waiting = locks.lock('k', { signal: abort.signal });
    const behind = locks.lock('k');
    const reason = new Error('changed my mind');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await holder.release();
    expect(await codeOf(behind)).toBe('resolved');
    await expect(locks.lock('other', { signal: abort.signal })).rejects.toBe(reason);
    expect(locks.tryLock('other')).toBeDefined();
  });

  it('gives the lock back when the signal aborts between the grant and its telling', async () => {
    const { locks } = create();
    const holder = await locks.lock('k');
    const abort = new AbortController();
    const waiting = locks.lock('k', { signal: abort.signal });
    const outcome = waiting.then(
      () => 'granted',
      (error) => error,
    );
    await settle();
    void holder.release();
    abort.abort('too late');
    expect(locks.tryLock('k')).toBeDefined();
    expect(await outcome).toBe('too late');
  });

  it('does not care for a signal that aborts after the grant', async () => {
    const { locks } = create();
    const abort = new AbortController();
    const lease = await locks.lock('k', { signal: abort.signal });
    abort.abort();
    lease.assertHeld();
  });

  it('refuses what is no key, TTL or wait', async () => {
    const { locks } = create();
    await expect(locks.lock(7 as never)).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(locks.lock('k', { ttl: 99 })).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(locks.lock('k', { ttl: '25h' })).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(locks.lock('k', { wait: -1 })).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(await codeOf(locks.lock('x'.repeat(65_537)))).toBe('TOO_LARGE');
    expect(locks.tryLock('k')).toBeDefined();
  });
});

describe('a lease', () => {
  it('with a TTL is lost at its deadline: the next one has it, signal and assertHeld say so', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k', { ttl: 500 });
    expect(lease.expiresAt).toBe(clock.wallMs() + 500);
    const { signal } = lease;
    const next = locks.lock('k');
    await clock.advance(499);
    lease.assertHeld();
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
    expect((await next).token).toBeGreaterThan(lease.token);
    await lease.release();
    (await next).assertHeld();
  });

  it('tells a stopped program of its loss before any timer could', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k', { ttl: 500 });
    const unwatched = await locks.lock('l', { ttl: 500 });
    const { signal } = lease;
    // Time passes with no timer run, as while the event loop is blocked.
    const monotonicMs = clock.monotonicMs();
    clock.monotonicMs = () => monotonicMs + 500;
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
    expect(signal.aborted).toBe(true);
    expect(unwatched.signal.aborted).toBe(true);
    expect(await codeOf(lease.renew())).toBe('LEASE_LOST');
  });

  it('does not follow the wall clock', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k', { ttl: 500 });
    clock.setWallMs(clock.wallMs() + 86_400_000);
    await clock.advance(499);
    lease.assertHeld();
    clock.setWallMs(0);
    expect(lease.expiresAt).toBe(1);
    await clock.advance(1);
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
  });

  it('lives longer when renewed, counted from the renewal', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k', { ttl: 500 });
    await clock.advance(400);
    await lease.renew();
    expect(lease.expiresAt).toBe(clock.wallMs() + 500);
    await clock.advance(499);
    lease.assertHeld();
    await clock.advance(1);
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
    expect(await codeOf(lease.renew())).toBe('LEASE_LOST');
  });

  it('may be released twice, and is over then without its signal aborting', async () => {
    const { locks } = create();
    const lease = await locks.lock('k');
    const { signal } = lease;
    await lease.release();
    const next = await locks.lock('k');
    await lease.release();
    next.assertHeld();
    expect(signal.aborted).toBe(false);
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
    expect(await codeOf(lease.renew())).toBe('LEASE_LOST');
    expect(signal.aborted).toBe(false);
  });

  it('releases at the end of an `await using` block', async () => {
    const { locks } = create();
    {
      await using lease = await locks.lock('k');
      lease.assertHeld();
      expect(locks.tryLock('k')).toBeUndefined();
    }
    expect(locks.tryLock('k')).toBeDefined();
  });
});

describe('withLock', () => {
  it('hands the lease to the function and releases when it is done or throws', async () => {
    const { locks } = create();
    expect(await locks.withLock('k', (lease) => lease.token)).toBe(1n);
    const failure = new Error('no');
    await expect(locks.withLock('k', () => Promise.reject(failure))).rejects.toBe(failure);
    expect(locks.tryLock('k')).toBeDefined();
  });

  it('rejects with LEASE_LOST when the lease was lost before the function was done', async () => {
    const { clock, locks } = create();
    let finish: (value: string) => void = () => {};
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const outcome = codeOf(locks.withLock('k', () => work, { ttl: 500 }));
    await clock.advance(500);
    finish('done');
    expect(await outcome).toBe('LEASE_LOST');
  });

  it('accepts that the function released by itself', async () => {
    const { locks } = create();
    const result = await locks.withLock('k', async (lease) => {
      await lease.release();
      return 'done';
    });
    expect(result).toBe('done');
  });
});

describe('keys', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

  it.each<[string, Uint8Array]>([
    ['k', bytes(0x6b)],
    ['', bytes()],
    ['schlüssel', new TextEncoder().encode('schlüssel')],
    ['🔑', bytes(0xf0, 0x9f, 0x94, 0x91)],
    ['\ufeffk', bytes(0xef, 0xbb, 0xbf, 0x6b)],
    ['\uffff', bytes(0xef, 0xbf, 0xbf)],
    // A lone surrogate, as the engine stores it.
    ['\ud800', bytes(0xed, 0xa0, 0x80)],
  ])('as text %j are the same as their bytes', (text, asBytes) => {
    const { locks } = create();
    expect(locks.tryLock(text)?.name).toBe(text);
    expect(locks.tryLock(asBytes)).toBeUndefined();
    expect(locks.tryLock(bytes(0x6b, 0x6b))?.name).toBe('kk');
  });

  it('that are no text differ from each other and from every text', () => {
    const { locks } = create();
    const keys = [
      bytes(0xff),
      bytes(0xfe),
      bytes(0x80),
      bytes(0xc0, 0x80),
      bytes(0xc3),
      bytes(0xf5, 0x80, 0x80, 0x80),
      bytes(0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80),
      bytes(0xe0, 0x80, 0x80),
      '\0',
      '\ufffd',
      '\uffffb\u00ff',
      '\uffff\uffffb',
      '\u00ff',
      '\ud800\udc00',
    ];
    for (const key of keys) expect(locks.tryLock(key)).toBeDefined();
    for (const key of keys) expect(locks.tryLock(key)).toBeUndefined();
  });
});

describe('dispose', () => {
  it('ends waits with CLOSED and leases with their signal, and leaves no timer', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k');
    const { signal } = lease;
    const waiting = codeOf(locks.lock('k', { wait: '1h' }));
    locks.dispose();
    locks.dispose();
    expect(await waiting).toBe('CLOSED');
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST', details: { reason: 'server' } });
    await lease.release();
    expect(await codeOf(locks.lock('k'))).toBe('CLOSED');
    expect(() => locks.tryLock('k')).toThrow('CLOSED');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('random use', () => {
  it('never has two holders of a key, and lets everybody finish, 20 seeds', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { clock, locks } = create();
      const random = new SeededRandom(seed);
      const holders = new Map<string, Lease>();
      const ends: Record<string, number> = { used: 0, LOCK_TIMEOUT: 0, aborted: 0 };
      const use = async (): Promise<void> => {
        const key = `k${random.below(2)}`;
        const abort = new AbortController();
        if (random.chance(0.2)) {
          clock.startTimer(random.below(60), 'background', () => abort.abort('aborted'));
        }
        const wait = random.chance(0.4) ? random.below(100) : undefined;
        try {
          await locks.withLock(
            key,
            async (lease) => {
              if (holders.has(key)) throw new Error(`two holders of ${key}`);
              holders.set(key, lease);
              await new Promise<void>((resolve) => {
                clock.startTimer(random.below(10), 'background', resolve);
              });
              lease.assertHeld();
              holders.delete(key);
              ends.used = (ends.used ?? 0) + 1;
            },
            { wait, signal: abort.signal },
          );
        } catch (error) {
          const end = error instanceof HoldfastError ? error.code : String(error);
          if (!(end in ends)) throw new Error(`SEED=${seed}`, { cause: error });
          ends[end] = (ends[end] ?? 0) + 1;
        }
      };
      const all = Promise.all(Array.from({ length: 40 }, use));
      await clock.advance(1_000);
      await all;
      expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(40);
      expect(clock.pendingTimers).toBe(0);
    }
  }, 30_000);
});
