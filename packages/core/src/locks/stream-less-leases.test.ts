/**
 * Goal: a lease without a stream has one owner, never leaks, and is had once however often it is
 * asked for.
 * Method: the calls of the lock seam over a manual clock, beside a session that competes; `settle`
 * lets everything be told.
 * Not covered: gRPC (the sidecar's tests), who may be granted what (lease-table tests).
 */
import { describe, expect, it } from 'vitest';
import type { LeaseOutcome, LeaseRequest } from '../backend/single-lease.ts';
import { HoldfastError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import { ManualClock, SeededRandom, settle } from '../testing/index.ts';
import { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import { EXCLUSIVE } from './lock-terms.ts';
import { tokensAfter } from './token-source.ts';

const ID = 'a-request-id-of-22-and-more';
type Granted = Extract<LeaseOutcome, { kind: 'granted' }>;

class Rig {
  readonly clock = new ManualClock();
  readonly backend = new EmbeddedLockBackend({
    clock: this.clock,
    random: new SeededRandom(7),
    tokens: tokensAfter(),
  });

  acquire(options: Partial<LeaseRequest> = {}): Promise<LeaseOutcome> {
    const request = { name: 'x', ttlMs: 1_000, waitMs: NEVER, clientName: 'me', ...options };
    return this.backend.acquireLease(request);
  }

  async granted(options: Partial<LeaseRequest> = {}): Promise<Granted> {
    const outcome = await this.acquire(options);
    if (outcome.kind !== 'granted') throw new Error('the lock is busy');
    return outcome;
  }

  async waiting(): Promise<number> {
    return (await this.backend.query()).waiting.length;
  }
}

async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error instanceof HoldfastError ? error.details.reason : error;
  }
}

describe('a lease without a stream', () => {
  it('lives for its TTL, goes on when renewed, and is lost without', async () => {
    const { clock, backend, granted } = bound();
    const { leaseId, token, remainingMs } = await granted();
    expect([leaseId.length, token, remainingMs]).toEqual([32, 1n, 1_000]);
    await clock.advance(999);
    expect(await backend.renewLease(leaseId, token)).toBe(1_000);
    await clock.advance(999);
    expect((await backend.getLock('x')).heldCount).toBe(1);
    await clock.advance(1);
    expect((await backend.getLock('x')).heldCount).toBe(0);
    expect(await reasonOf(backend.renewLease(leaseId, token))).toBe('LEASE_LOST');
    expect(await reasonOf(backend.releaseLease(leaseId, token))).toBe('LEASE_LOST');
  });

  it('outlives its TTL in the queue, and has a full one from its grant', async () => {
    const { clock, backend, acquire, granted } = bound();
    const first = await granted({ ttlMs: 60_000 });
    const second = acquire({ ttlMs: 100 });
    await clock.advance(59_000);
    await backend.releaseLease(first.leaseId, first.token);
    expect(await second).toMatchObject({ kind: 'granted', token: 2n, remainingMs: 100 });
  });

  it('is contended at once without a wait, and when the wait is over', async () => {
    const { clock, acquire, granted, waiting } = bound();
    await granted({ ttlMs: 60_000 });
    expect(await acquire({ waitMs: 0 })).toEqual({ kind: 'contended', holder: 'me', position: 1 });
    const late = acquire({ waitMs: 50 });
    await clock.advance(50);
    expect(await late).toEqual({ kind: 'contended', holder: 'me', position: 1 });
    expect(await waiting()).toBe(0);
  });

  it('is released once, and a second time is fine; others, and old tokens, are refused', async () => {
    const { backend, granted } = bound();
    const { leaseId, token } = await granted();
    const other = await granted({ name: 'y' });
    expect(await reasonOf(backend.releaseLease(leaseId, other.token))).toBe('NOT_OWNER');
    expect(await reasonOf(backend.renewLease('guess', token))).toBe('NOT_OWNER');
    expect(await reasonOf(backend.releaseLease('guess', 9n))).toBe('LEASE_LOST');
    await backend.releaseLease(leaseId, token);
    await backend.releaseLease(leaseId, token);
    expect(await reasonOf(backend.renewLease(leaseId, token))).toBe('LEASE_LOST');
    await backend.releaseLease(other.leaseId, other.token);
    expect((await backend.query()).held).toEqual([]);
  });

  it('tells nobody its id, and cannot be resumed as a session', async () => {
    const { backend, granted } = bound();
    const { leaseId } = await granted({ clientName: '' });
    const { held } = await backend.query();
    expect(held).toMatchObject([{ sessionId: '', clientName: '' }]);
    const busy = await backend.acquireLease({ name: 'x', ttlMs: 100, waitMs: 0, clientName: '' });
    const shown = JSON.stringify(
      [busy, await backend.getLock('x'), await backend.listSessions({ limit: 9 })],
      (_key, value) => (typeof value === 'bigint' ? String(value) : value),
    );
    expect(shown).not.toContain(leaseId);
    const id = busy.kind === 'contended' ? busy.holder : '';
    const options = { clientName: '', metadata: {}, ttlMs: 1_000, resume: { id, secret: leaseId } };
    expect(() => backend.openSession(options, () => {})).toThrow('LEASE_LOST');
  });

  it('is lost at the end of its longest hold, renewed or not', async () => {
    const { clock, backend, granted } = bound();
    const { leaseId, token } = await granted({ terms: { ...EXCLUSIVE, maxHoldMs: 1_500 } });
    await clock.advance(900);
    expect(await backend.renewLease(leaseId, token)).toBe(600);
    await clock.advance(600);
    expect((await backend.query()).held).toEqual([]);
  });
});

describe('leaving', () => {
  it('a cancelled wait leaves the queue at once, and the next is granted', async () => {
    const { backend, acquire, granted, waiting } = bound();
    const holder = await granted();
    const abort = new AbortController();
    const left = reasonOf(acquire({ signal: abort.signal }));
    const next = acquire();
    expect(await waiting()).toBe(2);
    abort.abort('gone');
    expect(await waiting()).toBe(1);
    expect(await left).toBe('gone');
    await backend.releaseLease(holder.leaseId, holder.token);
    expect(await next).toMatchObject({ kind: 'granted' });
  });

  it('a grant that races with the cancellation is given back: exactly one outcome', async () => {
    for (const isFree of [true, false]) {
      const { backend, acquire, granted } = bound();
      const holder = isFree ? undefined : await granted();
      const abort = new AbortController();
      const outcome = reasonOf(acquire({ signal: abort.signal }));
      if (holder !== undefined) {
        await settle();
        await backend.releaseLease(holder.leaseId, holder.token);
      }
      abort.abort('gone');
      const result = await outcome;
      await settle();
      const isHeld = (await backend.query()).held.length === 1;
      expect([result === 'gone', isHeld]).toEqual(
        result === 'gone' ? [true, false] : [false, true],
      );
    }
  });

  it('closing rejects whoever waits', async () => {
    const { backend, acquire, granted } = bound();
    await granted();
    const waiting = acquire();
    await settle();
    backend.dispose();
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(acquire()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

describe('a request id', () => {
  it('gives the same lease for as long as that lives, and a new one after', async () => {
    const { clock, backend, granted } = bound();
    const first = await granted({ requestId: ID });
    await clock.advance(400);
    expect(await granted({ requestId: ID, waitMs: 0 })).toEqual({ ...first, remainingMs: 600 });
    await backend.releaseLease(first.leaseId, first.token);
    const second = await granted({ requestId: ID });
    expect(second.token).toBe(2n);
    expect(second.leaseId).not.toBe(first.leaseId);
  });

  it('with other terms is refused, and the lease stays', async () => {
    const { backend, acquire, granted } = bound();
    await granted({ requestId: ID });
    const shared = { ...EXCLUSIVE, mode: 'shared' } as const;
    for (const other of [{ name: 'y' }, { ttlMs: 2_000 }, { terms: shared }]) {
      expect(await reasonOf(acquire({ requestId: ID, ...other }))).toBe('REQUEST_ID_REUSED');
    }
    expect((await backend.query()).held).toHaveLength(1);
  });

  it('is waited for by several callers in one place of the queue, until the last leaves', async () => {
    const { backend, acquire, granted, waiting } = bound();
    const holder = await granted();
    const abort = new AbortController();
    const broken = reasonOf(acquire({ requestId: ID, signal: abort.signal }));
    const again = acquire({ requestId: ID });
    expect(await acquire({ requestId: ID, waitMs: 0 })).toMatchObject({ kind: 'contended' });
    expect(await waiting()).toBe(1);
    abort.abort('broken');
    expect([await broken, await waiting()]).toEqual(['broken', 1]);
    await backend.releaseLease(holder.leaseId, holder.token);
    expect(await again).toMatchObject({ kind: 'granted', token: 2n });
    expect((await backend.query()).held).toHaveLength(1);
  });

  it('of too few or too many characters is refused, as is every other bad argument', async () => {
    const { backend, acquire } = bound();
    const cases: [Partial<LeaseRequest>, string][] = [
      [{ requestId: 'a'.repeat(21) }, 'INVALID_REQUEST_ID'],
      [{ requestId: 'a'.repeat(129) }, 'INVALID_REQUEST_ID'],
      [{ name: '' }, 'INVALID_LOCK_NAME'],
      [{ ttlMs: 99 }, 'INVALID_TTL'],
      [{ terms: { ...EXCLUSIVE, maxHoldMs: 99 } }, 'INVALID_TTL'],
      [{ terms: { ...EXCLUSIVE, mode: 'permit', permits: 2 } }, 'INVALID_PERMITS'],
    ];
    for (const [options, reason] of cases) expect(await reasonOf(acquire(options))).toBe(reason);
    await acquire();
    const permit = { ...EXCLUSIVE, mode: 'permit' } as const;
    expect(await reasonOf(acquire({ terms: permit }))).toBe('LOCK_MODE_MISMATCH');
    expect((await backend.query()).held).toHaveLength(1);
  });
});

it('2,000 random steps leave no lease that nobody knows of, 20 seeds', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { backend, acquire } = bound();
    const random = new SeededRandom(seed);
    const known = new Map<string, bigint>();
    const aborts: AbortController[] = [];
    for (let step = 0; step < 100; step++) {
      const dice = random.below(4);
      if (dice <= 1) {
        const abort = new AbortController();
        aborts.push(abort);
        const requestId = random.chance(0.5) ? `${ID}-${random.below(3)}` : undefined;
        acquire({ signal: abort.signal, requestId, ttlMs: 86_400_000 }).then(
          (outcome) => {
            if (outcome.kind === 'granted') known.set(outcome.leaseId, outcome.token);
          },
          () => {},
        );
      } else if (dice === 2) {
        aborts[random.below(aborts.length + 1)]?.abort();
      } else {
        const [leaseId, token] = [...known][0] ?? ['', 0n];
        if (leaseId !== '') await backend.releaseLease(leaseId, token);
        known.delete(leaseId);
      }
      if (random.chance(0.5)) await settle();
    }
    for (const abort of aborts) abort.abort();
    await settle();
    const { held, waiting } = await backend.query();
    const leaked = held.filter(({ token }) => ![...known.values()].includes(token));
    if (leaked.length + waiting.length > 0) throw new Error(`SEED=${seed} leaks`);
  }
});

/** A rig whose methods can be taken apart. */
function bound() {
  const rig = new Rig();
  return {
    clock: rig.clock,
    backend: rig.backend,
    acquire: rig.acquire.bind(rig),
    granted: rig.granted.bind(rig),
    waiting: rig.waiting.bind(rig),
  };
}
