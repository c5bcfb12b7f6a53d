/**
 * Goal: what a restart brings back of locks, one behaviour per test.
 * Method: a backend on a simulated machine, which is killed or loses power. Random histories are in
 * lock-journal.history.test.ts.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { LockEvent, LockSession } from '../../backend/lock-backend.ts';
import { NEVER } from '../../expiry/expiry.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../../testing/index.ts';
import type { EmbeddedLockBackend } from '../embedded-lock-backend.ts';
import { EXCLUSIVE } from '../lock-terms.ts';
import { openLocks } from '../open-locks.ts';
import { tokensAfter } from '../token-source.ts';

const DIRECTORY = '/locks';
const TTL_MS = 1_000;

let machine: SimulatedRuntime;
let backend: EmbeddedLockBackend;
let openings: number;
let boots: number;
/** The machine's own time when this process's clock stood at 0. */
let upBaseMs: number;

async function start(): Promise<void> {
  const { clock } = machine;
  const id = `boot ${boots}`;
  const base = upBaseMs;
  backend = await openLocks(
    {
      ...machine,
      readBootTime: async () => ({ id, uptimeMs: base + clock.monotonicMs() }),
    },
    { directory: DIRECTORY, tokens: tokensAfter(++openings * 1_000), onError: () => {} },
  );
  await clock.settle();
}

async function restart(kind: 'process' | 'power', downMs: number): Promise<void> {
  const upMs = upBaseMs + machine.clock.monotonicMs();
  machine = machine.crash(kind);
  if (kind === 'power') boots += 1;
  upBaseMs = kind === 'power' ? 0 : upMs + downMs;
  await start();
}

interface Stream {
  readonly session: LockSession;
  readonly events: LockEvent[];
}

function open(clientName: string, ttlMs = TTL_MS, resume?: LockSession): Stream {
  const events: LockEvent[] = [];
  const options = { clientName, metadata: {}, ttlMs, resume };
  return { session: backend.openSession(options, (event) => events.push(event)), events };
}

async function ask({ session }: Stream, lockDelayMs = 0): Promise<void> {
  const terms = { ...EXCLUSIVE, lockDelayMs };
  session.acquire({ requestId: '1', name: 'x', waitMs: NEVER, terms });
  await machine.clock.settle();
}

beforeEach(async () => {
  machine = simulatedRuntime({ seed: 5 });
  openings = 0;
  boots = 1;
  upBaseMs = 0;
  await machine.fileSystem.createDirectory(DIRECTORY);
  await start();
});

describe('after a kill', () => {
  it('a lease goes on for the time that was left, with its token', async () => {
    const a = open('a');
    await ask(a);
    await machine.clock.advance(300);
    await restart('process', 400);
    expect((await backend.query()).held).toMatchObject([{ clientName: 'a', token: 1_001n }]);
    await machine.clock.advance(299);
    expect((await backend.query()).held).toHaveLength(1);
    await machine.clock.advance(1);
    expect((await backend.query()).held).toEqual([]);
  });

  it('what ended meanwhile is over, and its waiters whose session is over get nothing', async () => {
    // Of this program, so that the lock is free when it is gone.
    const own = backend.local.acquire({
      name: 'x',
      displayName: 'x',
      ttlMs: NEVER,
      waitMs: 0,
      signal: undefined,
    });
    await machine.clock.settle();
    await own;
    await ask(open('late', 800));
    const patient = open('patient', 5_000);
    await ask(patient);
    await restart('process', 900);
    const { held, waiting } = await backend.query();
    // The first token of this opening: nothing was granted to the session that was over.
    expect(held).toMatchObject([{ clientName: 'patient', token: 2_001n }]);
    expect(waiting).toEqual([]);
  });

  it('a lease without a stream is renewed and given back by its id', async () => {
    const request = { name: 'x', ttlMs: TTL_MS, waitMs: 0, clientName: '' };
    const asked = backend.acquireLease(request);
    await machine.clock.settle();
    const lease = await asked;
    if (lease.kind !== 'granted') throw new Error('busy');
    await restart('process', 600);
    const renewal = backend.renewLease(lease.leaseId, lease.token);
    await machine.clock.settle();
    expect(await renewal).toBe(TTL_MS);
    await restart('process', 600);
    expect((await backend.query()).held).toHaveLength(1);
    await backend.releaseLease(lease.leaseId, lease.token);
    expect((await backend.query()).held).toEqual([]);
  });
});

describe('after a power cut', () => {
  it('a lease lives for its whole time again', async () => {
    await ask(open('a'));
    await machine.clock.advance(900);
    await restart('power', 0);
    await machine.clock.advance(999);
    expect((await backend.query()).held).toHaveLength(1);
    await machine.clock.advance(1);
    expect((await backend.query()).held).toEqual([]);
  });

  it('a lock delay runs again, whoever has left the queue since', async () => {
    await ask(open('dies'), 700);
    const waiter = open('waits', 60_000);
    await ask(waiter);
    await machine.clock.advance(TTL_MS);
    waiter.session.cancel('1');
    // Synced with this grant of another lock.
    waiter.session.acquire({ requestId: '2', name: 'y', waitMs: 0 });
    await machine.clock.advance(600);
    await restart('power', 0);
    const other = open('other', 60_000);
    await ask(other);
    await machine.clock.advance(699);
    expect(other.events.map(({ kind }) => kind)).toEqual(['queued']);
    await machine.clock.advance(1);
    expect(other.events.map(({ kind }) => kind)).toEqual(['queued', 'granted']);
  });
});

describe('while the journal cannot be written', () => {
  it('nobody is granted anything, and it goes on by itself', async () => {
    const [holder, waiter] = [open('holder', 60_000), open('waiter', 60_000)];
    holder.session.acquire({ requestId: '1', name: 'y', waitMs: 0 });
    waiter.session.acquire({ requestId: '1', name: 'y', waitMs: NEVER });
    const a = open('a', 60_000);
    await machine.clock.settle();
    const fault = machine.disk.fail({ code: 'ENOSPC', kind: ['write', 'open'], times: 1e9 });
    await ask(a);
    expect(a.events).toMatchObject([
      { kind: 'denied', error: { code: 'UNAVAILABLE', details: { reason: 'STORAGE_READ_ONLY' } } },
    ]);
    expect(backend.refusal).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(
      backend.local.tryAcquireKept({
        name: 'z',
        displayName: 'z',
        ttlMs: NEVER,
        signal: undefined,
      }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const [lease] = (await backend.query()).held;
    holder.session.release(String(lease?.token), lease?.token ?? 0n);
    await machine.clock.settle();
    expect(waiter.events.map(({ kind }) => kind)).toEqual(['queued']);
    fault.cancel();
    await machine.clock.advance(1_000);
    expect(backend.refusal).toBeUndefined();
    expect(waiter.events.map(({ kind }) => kind)).toEqual(['queued', 'granted']);
    await ask(open('b'));
    expect((await backend.query()).held).toMatchObject([{ name: 'y' }, { clientName: 'b' }]);
  });
});
