/**
 * Goal: the lock seam over the embedded table tells sessions what happens, when and to whom it
 * should.
 * Method: sessions with recording listeners over a manual clock; `settle` lets everything be
 * told.
 * Not covered: gRPC streams, and what the table decides (lease-table tests).
 */
import { describe, expect, it } from 'vitest';
import type { LockEvent, LockSession } from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import { ManualClock, SeededRandom, settle } from '../testing/index.ts';
import { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import { EmbeddedLocks } from './embedded-locks.ts';
import { tokensAfter } from './token-source.ts';

const TTL_MS = 1_000;

interface Client {
  readonly session: LockSession;
  readonly events: LockEvent[];
}

class Rig {
  readonly clock = new ManualClock();
  readonly backend = new EmbeddedLockBackend({
    clock: this.clock,
    random: new SeededRandom(7),
    tokens: tokensAfter(),
  });

  open(clientName: string, resume?: { id: string; secret: string }, ttlMs = TTL_MS): Client {
    const events: LockEvent[] = [];
    const options = { clientName, metadata: {}, ttlMs, resume };
    return { session: this.backend.openSession(options, (event) => events.push(event)), events };
  }
}

function ask(client: Client, requestId: string, name = 'x', waitMs = Number.POSITIVE_INFINITY) {
  client.session.acquire({ requestId, name, waitMs });
}

async function hear(client: Client): Promise<LockEvent[]> {
  await settle();
  return client.events.splice(0);
}

async function kinds(client: Client): Promise<string[]> {
  return (await hear(client)).map((event) => event.kind);
}

function reasonOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof HoldfastError ? [error.code, error.details.reason] : error;
  }
  return 'did not throw';
}

describe('a session', () => {
  it('hears granted, queued with position and holder, and granted again after a release', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('alice'), rig.open('')];
    ask(a, '1');
    ask(b, '1');
    expect(await hear(a)).toEqual([
      {
        kind: 'granted',
        requestId: '1',
        name: 'x',
        leaseId: '1',
        token: 1n,
        effectiveTtlMs: 1_000,
      },
    ]);
    expect(await hear(b)).toEqual([
      { kind: 'queued', requestId: '1', name: 'x', position: 1, holder: 'alice' },
    ]);
    a.session.release('1', 1n);
    expect(await hear(a)).toEqual([{ kind: 'released', leaseId: '1', token: 1n }]);
    expect(await hear(b)).toMatchObject([{ kind: 'granted', token: 2n }]);
    const c = rig.open('c');
    ask(c, '1', 'x', 0);
    expect(await hear(c)).toMatchObject([{ kind: 'contended', holder: b.session.id }]);
  });

  it('hears nothing before the call that caused it has returned', async () => {
    const rig = new Rig();
    const a = rig.open('a');
    ask(a, '1');
    expect(a.events).toEqual([]);
    expect(await kinds(a)).toEqual(['granted']);
  });

  it('may call back from its listener, and hears of that in order', async () => {
    const rig = new Rig();
    const events: string[] = [];
    const session = rig.backend.openSession(
      { clientName: 'a', metadata: {}, ttlMs: TTL_MS },
      (event) => {
        events.push(event.kind);
        if (event.kind !== 'granted') return;
        session.release(event.leaseId, event.token);
        events.push('returned');
      },
    );
    session.acquire({ requestId: '1', name: 'x', waitMs: 0 });
    session.acquire({ requestId: '2', name: 'x', waitMs: 5 });
    await settle();
    expect(events).toEqual([
      ...['granted', 'returned', 'queued', 'released', 'granted', 'returned', 'released'],
    ]);
  });

  it('gets the same answer to the same request, and an error for another one', async () => {
    const rig = new Rig();
    const a = rig.open('a');
    ask(a, '1');
    ask(a, '1');
    const [first, second] = await hear(a);
    expect(second).toEqual(first);
    ask(a, '1', 'y');
    expect(await hear(a)).toMatchObject([
      { kind: 'denied', requestId: '1', error: { details: { reason: 'REQUEST_ID_REUSED' } } },
    ]);
    a.session.release('1', 1n);
    ask(a, '1');
    expect(await hear(a)).toMatchObject([
      { kind: 'released' },
      { kind: 'denied', error: { code: 'LEASE_LOST' } },
    ]);
  });

  it.each([
    ['empty', ''],
    ['of 513 bytes', 'x'.repeat(513)],
    ['of 257 characters and 514 bytes', 'ü'.repeat(257)],
    ['that is not UTF-8', '\ud800'],
    ['that is no text', undefined as never],
  ])('is denied a name %s', async (_, name) => {
    const rig = new Rig();
    const a = rig.open('a');
    a.session.acquire({ requestId: '1', name, waitMs: 0 });
    const details = { reason: 'INVALID_LOCK_NAME' };
    expect(await hear(a)).toMatchObject([
      { kind: 'denied', error: { code: 'INVALID_ARGUMENT', details } },
    ]);
  });

  it('is denied a request id or a wait that is none, and allowed names of any 512 bytes', async () => {
    const rig = new Rig();
    const a = rig.open('a');
    ask(a, '');
    ask(a, 'i'.repeat(129));
    ask(a, '1', 'x', Number.NaN);
    expect(await kinds(a)).toEqual(['denied', 'denied', 'denied']);
    const names = ['x'.repeat(512), 'ü'.repeat(256), '🔑'.repeat(128), '\0'];
    for (const [index, name] of names.entries()) ask(a, `name-${index}`, name);
    expect(await kinds(a)).toEqual(['granted', 'granted', 'granted', 'granted']);
  });

  it('leaves the queue by cancel, told once, unless the grant was first', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('a'), rig.open('b')];
    ask(a, '1');
    ask(b, '1');
    b.session.cancel('1');
    b.session.cancel('1');
    b.session.cancel('unknown');
    expect(await kinds(b)).toEqual(['queued', 'contended']);
    ask(b, '2');
    a.session.release('1', 1n);
    b.session.cancel('2');
    expect(await kinds(b)).toEqual(['queued', 'granted']);
    ask(a, '2', 'x', 100);
    await rig.clock.advance(100);
    a.session.cancel('2');
    expect((await kinds(a)).slice(-2)).toEqual(['queued', 'contended']);
  });

  it('may release twice; releasing what it lost, never had or what is of others is refused', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('a'), rig.open('b')];
    ask(a, '1');
    expect(reasonOf(() => b.session.release('1', 1n))).toEqual(['LEASE_LOST', 'NOT_OWNER']);
    expect(reasonOf(() => a.session.release('1', 2n))).toEqual(['LEASE_LOST', 'LEASE_LOST']);
    expect(reasonOf(() => a.session.release('2', 1n))).toEqual(['LEASE_LOST', 'LEASE_LOST']);
    expect(reasonOf(() => a.session.release('9', 9n))).toEqual(['LEASE_LOST', 'LEASE_LOST']);
    a.session.release('1', 1n);
    a.session.release('1', 1n);
    expect(await kinds(a)).toEqual(['granted', 'released', 'released']);
  });

  it('loses its leases with its TTL and says so, after which nothing follows', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('a'), rig.open('b', undefined, 5_000)];
    ask(a, '1');
    ask(b, '1');
    ask(b, '2', 'y');
    ask(a, '2', 'y');
    await rig.clock.advance(600);
    expect(await a.session.keepAlive()).toBe(TTL_MS);
    await rig.clock.advance(999);
    a.events.length = 0;
    b.events.length = 0;
    await rig.clock.advance(1);
    expect(await hear(a)).toMatchObject([
      { kind: 'lost', leaseId: '1', token: 1n, reason: 'session-expired' },
      { kind: 'denied', requestId: '2', error: { code: 'LEASE_LOST' } },
      { kind: 'session-expired' },
    ]);
    expect(await hear(b)).toMatchObject([{ kind: 'granted', requestId: '1', token: 3n }]);
    const expired = { details: { reason: 'SESSION_EXPIRED' } };
    await expect(a.session.keepAlive()).rejects.toMatchObject(expired);
    expect(reasonOf(() => ask(a, '3'))).toEqual(['LEASE_LOST', 'SESSION_EXPIRED']);
    a.session.detach();
    a.session.close();
    expect(await hear(a)).toEqual([]);
  });

  it('outlives its stream: resumed in time it has the same leases, tokens and places', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('a', undefined, 5_000), rig.open('b')];
    ask(a, '1');
    ask(b, '1');
    ask(b, '2', 'y');
    await settle();
    b.session.detach();
    b.events.length = 0;
    await rig.clock.advance(900);
    const again = rig.open('b', b.session);
    expect(again.session).toMatchObject({
      id: b.session.id,
      resumed: true,
      effectiveTtlMs: TTL_MS,
      held: [{ requestId: '2', name: 'y', token: 2n }],
      queued: [{ requestId: '1', name: 'x', position: 1, holder: 'a' }],
    });
    await rig.clock.advance(600);
    a.session.release('1', 1n);
    expect(await hear(again)).toMatchObject([{ kind: 'granted', requestId: '1', token: 3n }]);
    expect(await hear(b)).toEqual([]);
    const detached = { details: { reason: 'SESSION_DETACHED' } };
    await expect(b.session.keepAlive()).rejects.toMatchObject(detached);
  });

  it('hears nothing after it detached, not even what was on its way', async () => {
    const rig = new Rig();
    const a = rig.open('a');
    await hear(a);
    ask(a, '1');
    a.session.detach();
    expect(await hear(a)).toEqual([]);
  });

  it('is granted while detached, and told by the snapshot alone', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('a'), rig.open('b')];
    ask(a, '1');
    ask(b, '1');
    b.session.detach();
    a.session.release('1', 1n);
    const again = rig.open('b', b.session);
    expect(again.session.held).toMatchObject([{ requestId: '1', token: 2n }]);
    expect(await hear(again)).toEqual([]);
  });

  it('that is resumed elsewhere tells the first stream, whose calls no longer count', async () => {
    const rig = new Rig();
    const first = rig.open('a');
    ask(first, '1');
    await hear(first);
    const second = rig.open('a', first.session);
    expect(await kinds(first)).toEqual(['taken-over']);
    first.session.close();
    first.session.detach();
    ask(second, '2', 'y');
    expect(await kinds(second)).toEqual(['granted']);
    expect(reasonOf(() => ask(first, '3'))).toEqual(['LEASE_LOST', 'SESSION_DETACHED']);
  });

  it('is resumed by nobody without its secret, nor after its end', async () => {
    const rig = new Rig();
    const a = rig.open('a');
    const { id, secret } = a.session;
    const over = ['LEASE_LOST', 'SESSION_EXPIRED'];
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(reasonOf(() => rig.open('a', { id, secret: secret.replace(/.$/, '!') }))).toEqual(over);
    expect(reasonOf(() => rig.open('a', { id, secret: '' }))).toEqual(over);
    a.session.close();
    expect(reasonOf(() => rig.open('a', { id, secret }))).toEqual(over);
  });

  it("cannot resume the program's own session, whose id anybody may see", async () => {
    const rig = new Rig();
    await new EmbeddedLocks(rig.backend).acquire('x');
    const owner = (await rig.backend.query()).held[0];
    expect(owner?.clientName).toBe('embedded');
    expect(reasonOf(() => rig.open('a', { id: owner?.sessionId ?? '', secret: '' }))).toEqual([
      'LEASE_LOST',
      'SESSION_EXPIRED',
    ]);
  });

  it.each([99, 86_400_001, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused a TTL of %d ms',
    (ttlMs) => {
      expect(reasonOf(() => new Rig().open('a', undefined, ttlMs))).toMatchObject([
        'INVALID_ARGUMENT',
        'INVALID_TTL',
      ]);
    },
  );

  it('is refused a name and metadata too long to keep', () => {
    const rig = new Rig();
    const refused = ['INVALID_ARGUMENT', 'INVALID_CLIENT'];
    expect(reasonOf(() => rig.open('c'.repeat(4_097)))).toEqual(refused);
    const options = { clientName: '', metadata: { k: 'v'.repeat(4_096) }, ttlMs: 100 };
    expect(reasonOf(() => rig.backend.openSession(options, () => {}))).toEqual(refused);
  });

  it('frees its locks at once when it is closed, with nothing more to hear', async () => {
    const rig = new Rig();
    const [a, b] = [rig.open('a'), rig.open('b')];
    ask(a, '1');
    ask(b, '1');
    await hear(a);
    await hear(b);
    a.session.close();
    expect(await kinds(b)).toEqual(['granted']);
    expect(await hear(a)).toEqual([]);
  });
});

describe('listeners', () => {
  it('hear all the same when another one throws', async () => {
    const rig = new Rig();
    const b = rig.open('b');
    const failures: unknown[] = [];
    const onRejection = (error: unknown): void => void failures.push(error);
    process.once('unhandledRejection', onRejection);
    const failing = rig.backend.openSession({ clientName: 'a', metadata: {}, ttlMs: 100 }, () => {
      throw new Error('listener failed');
    });
    failing.acquire({ requestId: '1', name: 'x', waitMs: 0 });
    ask(b, '1', 'y');
    expect(await kinds(b)).toEqual(['granted']);
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener('unhandledRejection', onRejection);
    expect(failures).toEqual([new Error('listener failed')]);
  });
});

describe('time', () => {
  it('needs one timer for any number of sessions, and none for none', async () => {
    const rig = new Rig();
    expect(rig.clock.pendingTimers).toBe(0);
    const clients = Array.from({ length: 20 }, (_, index) => rig.open(`c${index}`));
    for (const client of clients) ask(client, '1');
    expect(rig.clock.pendingTimers).toBe(1);
    for (const client of clients) client.session.close();
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('reaches deadlines beyond what one timer can wait', async () => {
    const rig = new Rig();
    const lease = await rig.backend.local.acquire({
      ...{ name: 'x', displayName: 'x', ttlMs: 5e9, waitMs: 0, signal: undefined },
    });
    await rig.clock.advance(5e9 - 1);
    lease.assertHeld();
    await rig.clock.advance(1);
    expect(() => lease.assertHeld()).toThrow('LEASE_LOST');
  });
});

describe('query and dispose', () => {
  it('shows who holds and who waits, in the order of their turns', async () => {
    const rig = new Rig();
    const [a, b, c] = [rig.open('a'), rig.open('b'), rig.open('c')];
    for (const client of [a, b, c]) ask(client, '1');
    const { held, waiting } = await rig.backend.query();
    const owner = { name: 'x', sessionId: a.session.id, clientName: 'a' };
    expect(held).toEqual([{ ...owner, mode: 'exclusive', permits: 1, token: 1n }]);
    expect(waiting.map((owner) => owner.clientName)).toEqual(['b', 'c']);
  });

  it('leaves no timer and answers CLOSED afterwards', async () => {
    const rig = new Rig();
    const a = rig.open('a');
    ask(a, '1');
    rig.backend.dispose();
    rig.backend.dispose();
    expect(rig.clock.pendingTimers).toBe(0);
    expect(reasonOf(() => rig.open('b'))).toEqual(['CLOSED', undefined]);
    await expect(rig.backend.query()).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await hear(a)).toEqual([]);
  });
});
