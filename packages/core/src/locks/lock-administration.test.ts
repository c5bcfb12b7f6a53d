/**
 * Goal: operators see what there is, hear of all that happens, and can take a lock away; a token is
 * valid exactly while nothing granted since excludes it.
 * Method: the calls of the lock seam over a manual clock, with sessions, single leases and local
 * ones.
 * Not covered: bounded queues of watchers (the sidecar's), gRPC.
 */
import { describe, expect, it } from 'vitest';
import type { LockChange } from '../backend/lock-administration.ts';
import type { LockEvent, LockTerms } from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import { ManualClock, SeededRandom, settle } from '../testing/index.ts';
import { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import { EmbeddedLocks } from './embedded-locks.ts';
import { firstInOrder } from './first-in-order.ts';
import { LastGrants } from './last-grants.ts';
import { EXCLUSIVE } from './lock-terms.ts';
import { tokensAfter } from './token-source.ts';

const SHARED: LockTerms = { ...EXCLUSIVE, mode: 'shared' };
const PERMIT: LockTerms = { ...EXCLUSIVE, mode: 'permit', capacity: 2 };

function create() {
  const clock = new ManualClock();
  const random = new SeededRandom(1);
  const backend = new EmbeddedLockBackend({ clock, random, tokens: tokensAfter() });
  const open = (clientName: string, resume?: { id: string; secret: string }) => {
    const events: LockEvent[] = [];
    const options = { clientName, metadata: { pod: 'a' }, ttlMs: 10_000, resume };
    const session = backend.openSession(options, (event) => events.push(event));
    let count = 0;
    const ask = (name: string, terms?: LockTerms, waitMs = NEVER) =>
      session.acquire({ requestId: `${clientName}-${++count}`, name, waitMs, terms });
    return { session, events, ask };
  };
  return { clock, backend, open, locks: new EmbeddedLocks(backend) };
}

describe('listing', () => {
  it('tells a lock, its holders in order and how many wait', async () => {
    const { backend, open } = create();
    const [a, b, c] = [open('a'), open('b'), open('c')] as const;
    for (const client of [a, b]) client.ask('x', SHARED);
    c.ask('x');
    expect(await backend.getLock('x')).toEqual({
      name: 'x',
      holders: [
        {
          name: 'x',
          sessionId: a.session.id,
          clientName: 'a',
          mode: 'shared',
          permits: 1,
          token: 1n,
        },
        {
          name: 'x',
          sessionId: b.session.id,
          clientName: 'b',
          mode: 'shared',
          permits: 1,
          token: 2n,
        },
      ],
      heldCount: 2,
      waiters: [
        { name: 'x', sessionId: c.session.id, clientName: 'c', mode: 'exclusive', permits: 1 },
      ],
      waitingCount: 1,
    });
    expect(await backend.getLock('unused')).toMatchObject({ holders: [], waitingCount: 0 });
    await expect(backend.getLock('')).rejects.toMatchObject({
      details: { reason: 'INVALID_LOCK_NAME' },
    });
  });

  it('pages through locks by name, with a prefix, and each is on one page', async () => {
    const { backend, open } = create();
    const client = open('a');
    const names = Array.from({ length: 57 }, (_, index) => `job-${(index * 37) % 57}`);
    for (const name of [...names, 'other', 'jo']) client.ask(name);
    const found: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const { items, next } = await backend.listLocks({ prefix: 'job-', after, limit: 10 });
      found.push(...items.map(({ name }) => name));
      after = next;
      pages += 1;
    } while (after !== undefined);
    expect(found).toEqual([...names].sort());
    expect(pages).toBe(6);
    expect((await backend.listLocks({ limit: 1 })).items[0]?.name).toBe('jo');
    await expect(backend.listLocks({ limit: 0 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('ends a page early where very many wait, and lists the first of them', async () => {
    const { backend, open } = create();
    const client = open('a');
    for (let lock = 0; lock < 12; lock++) {
      for (let count = 0; count < 1_200; count++) client.ask(`lock-${lock + 10}`);
    }
    const page = await backend.listLocks({ limit: 100 });
    expect([page.items.length, page.next]).toEqual([10, 'lock-19']);
    expect(page.items[0]).toMatchObject({ waitingCount: 1_199, heldCount: 1 });
    expect(page.items[0]?.waiters).toHaveLength(1_000);
    const rest = await backend.listLocks({ limit: 100, after: page.next });
    expect([rest.items.length, rest.next]).toEqual([2, undefined]);
  });

  it('lists sessions of clients, attached or not, and nobody else', async () => {
    const { clock, backend, open, locks } = create();
    const [a, b] = [open('a'), open('b')] as const;
    a.ask('x');
    b.ask('x');
    await backend.acquireLease({ name: 'y', ttlMs: 1_000, waitMs: 0, clientName: 'single' });
    await locks.acquire('z');
    b.session.detach();
    await clock.advance(4_000);
    const { items } = await backend.listSessions({ limit: 10 });
    expect(items).toEqual(
      [
        { id: a.session.id, clientName: 'a', isAttached: true, heldCount: 1, waitingCount: 0 },
        { id: b.session.id, clientName: 'b', isAttached: false, heldCount: 0, waitingCount: 1 },
      ]
        .map((info) => ({ ...info, metadata: { pod: 'a' }, ttlMs: 10_000, remainingMs: 6_000 }))
        .sort((left, right) => (left.id < right.id ? -1 : 1)),
    );
    expect(await backend.listSessions({ limit: 1 })).toMatchObject({ next: items[0]?.id });
  });

  it('the first in order are those that a sort finds, 200 seeds', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new SeededRandom(seed);
      const texts = [
        ...new Set(Array.from({ length: random.below(80) }, () => `${random.below(200)}`)),
      ];
      const limit = 1 + random.below(12);
      expect(firstInOrder(texts, limit)).toEqual([...texts].sort().slice(0, limit));
    }
  });
});

describe('watching', () => {
  it('tells all changes of its locks in order, from the moment it begins', async () => {
    const { clock, backend, open } = create();
    const [a, b] = [open('a'), open('b')] as const;
    a.ask('job-1');
    const heard: LockChange[] = [];
    const watch = backend.watchLocks({ prefix: 'job-' }, (change) => heard.push(change));
    expect(watch.held).toMatchObject([{ name: 'job-1', token: 1n }]);
    await settle();
    expect(heard).toEqual([]);
    b.ask('job-1');
    b.ask('job-1', undefined, 0);
    b.ask('other');
    b.session.cancel('b-1');
    b.ask('job-1');
    a.session.release('1', 1n);
    b.ask('job-2', { ...EXCLUSIVE, maxHoldMs: 100 });
    await clock.advance(100);
    await backend.forceRelease('job-1', { graceMs: 50 });
    await clock.advance(50);
    expect(
      heard.map(({ kind, owner, token, reason }) => [kind, owner.name, token, reason]),
    ).toEqual([
      ['queued', 'job-1', undefined, undefined],
      ['left', 'job-1', undefined, undefined],
      ['queued', 'job-1', undefined, undefined],
      ['released', 'job-1', 1n, undefined],
      ['granted', 'job-1', 3n, undefined],
      ['granted', 'job-2', 4n, undefined],
      ['lost', 'job-2', 4n, 'max-hold'],
      ['revoking', 'job-1', 3n, 'admin'],
      ['lost', 'job-1', 3n, 'admin'],
    ]);
    watch.stop();
    a.ask('job-1');
    await settle();
    expect(heard).toHaveLength(9);
  });
});

describe('force release', () => {
  it('tells the holder, lets it release, and otherwise takes the lease after the grace', async () => {
    const { clock, backend, open } = create();
    const [a, b] = [open('a'), open('b')] as const;
    a.ask('x');
    b.ask('x');
    expect(await backend.forceRelease('x', { graceMs: 500 })).toEqual([1n]);
    await settle();
    expect(a.events.at(-1)).toEqual({
      kind: 'revoking',
      leaseId: '1',
      token: 1n,
      remainingMs: 500,
      reason: 'admin',
    });
    await clock.advance(499);
    expect(b.events.at(-1)?.kind).toBe('queued');
    await clock.advance(1);
    expect(a.events.at(-1)).toEqual({ kind: 'lost', leaseId: '1', token: 1n, reason: 'admin' });
    expect(b.events.at(-1)).toMatchObject({ kind: 'granted', token: 2n });
    expect(await backend.forceRelease('x', { token: 1n, graceMs: 0 })).toEqual([]);
    expect(await backend.forceRelease('x', { token: 2n, graceMs: 0 })).toEqual([2n]);
    expect(await backend.forceRelease('x', { graceMs: 0 })).toEqual([]);
    await expect(backend.forceRelease('x', { graceMs: 3_600_001 })).rejects.toMatchObject({
      details: { reason: 'INVALID_TTL', field: 'grace' },
    });
  });

  it('tells a session that was detached meanwhile as soon as it is back', async () => {
    const { clock, backend, open } = create();
    const before = open('a');
    before.ask('x');
    before.session.detach();
    await backend.forceRelease('x', { graceMs: 5_000 });
    await clock.advance(1_000);
    const { id, secret } = before.session;
    const after = open('a', { id, secret });
    await settle();
    expect(after.events).toMatchObject([{ kind: 'revoking', token: 1n, remainingMs: 4_000 }]);
  });

  it('a local holder hears of it by its own signals, and single leases by their renewal', async () => {
    const { clock, backend, locks } = create();
    const lease = await locks.acquire('x');
    const { revokeSignal, signal } = lease;
    expect([lease.revokesAt, revokeSignal.aborted]).toEqual([NEVER, false]);
    const single = await backend.acquireLease({
      name: 'y',
      ttlMs: 10_000,
      waitMs: 0,
      clientName: '',
    });
    for (const name of ['x', 'y']) await backend.forceRelease(name, { graceMs: 300 });
    await settle();
    expect([revokeSignal.aborted, signal.aborted]).toEqual([true, false]);
    expect(revokeSignal.reason).toMatchObject({ details: { reason: 'admin' } });
    expect(lease.revokesAt).toBe(clock.wallMs() + 300);
    expect(lease.expiresAt).toBe(clock.wallMs() + 300);
    if (single.kind !== 'granted') throw new Error('busy');
    expect(await backend.renewLease(single.leaseId, single.token)).toBe(300);
    await clock.advance(300);
    expect([signal.aborted, signal.reason]).toMatchObject([true, { details: { reason: 'admin' } }]);
    await expect(lease.renew()).rejects.toBeInstanceOf(HoldfastError);
  });

  it('a longest hold is known from the start, and aborts no revokeSignal', async () => {
    const { clock, locks } = create();
    const lease = await locks.acquire('x', { maxHold: '1s' });
    expect(lease.revokesAt).toBe(clock.wallMs() + 1_000);
    await clock.advance(1_000);
    expect([lease.signal.aborted, lease.revokeSignal.aborted]).toEqual([true, false]);
  });
});

describe('a token', () => {
  it('is valid while held, and after until the lock is granted anew', async () => {
    const { clock, backend, open } = create();
    const a = open('a');
    const validity = (token: bigint) => backend.validateToken('x', token);
    expect(await validity(0n)).toEqual({ isValid: false, highestToken: 0n });
    a.ask('x');
    a.ask('y');
    expect(await validity(1n)).toEqual({ isValid: true, highestToken: 1n });
    expect(await validity(2n)).toEqual({ isValid: false, highestToken: 1n });
    await clock.advance(10_000);
    expect(await validity(1n)).toEqual({ isValid: true, highestToken: 1n });
    open('b').ask('x');
    expect(await validity(1n)).toEqual({ isValid: false, highestToken: 3n });
    expect(await validity(3n)).toEqual({ isValid: true, highestToken: 3n });
  });

  it('of a reader stays valid beside other readers, and not behind a writer', async () => {
    const { backend, open } = create();
    const a = open('a');
    a.ask('x', SHARED);
    a.ask('y');
    a.session.release('1', 1n);
    a.ask('x', SHARED);
    const valid = async () => {
      const results = [1n, 2n, 3n, 4n].map((token) => backend.validateToken('x', token));
      return (await Promise.all(results)).map(({ isValid }) => isValid);
    };
    expect(await valid()).toEqual([true, false, true, false]);
    a.session.release('3', 3n);
    a.ask('x');
    expect(await valid()).toEqual([false, false, false, true]);
  });

  it('of a permit is valid while held, and not once its permits may be out again', async () => {
    const { backend, open } = create();
    const a = open('a');
    for (let count = 0; count < 2; count++) a.ask('x', PERMIT);
    expect((await backend.validateToken('x', 1n)).isValid).toBe(true);
    a.session.release('2', 2n);
    expect((await backend.validateToken('x', 2n)).isValid).toBe(true);
    a.ask('x', PERMIT);
    const valid = [1n, 2n, 3n].map((token) => backend.validateToken('x', token));
    expect((await Promise.all(valid)).map(({ isValid }) => isValid)).toEqual([true, false, true]);
  });

  it('of a name forgotten is invalid, and its highest never counts as lower than it was', () => {
    const grants = new LastGrants(2);
    const grant = (name: string, token: bigint) =>
      grants.claimGranted({ name, token, terms: EXCLUSIVE } as Parameters<
        LastGrants['claimGranted']
      >[0]);
    for (const [name, token] of [
      ['a', 1n],
      ['b', 2n],
      ['a', 3n],
      ['c', 4n],
    ] as const) {
      grant(name, token);
    }
    expect(grants.validity('b', 2n)).toEqual({ isValid: false, highestToken: 2n });
    expect(grants.validity('a', 3n)).toEqual({ isValid: true, highestToken: 3n });
  });
});
