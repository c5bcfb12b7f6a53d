/** What goes on in line for a lock, and between those who share it: failures 18 to 28. */
import assert from 'node:assert/strict';
import { status as StatusCode } from '@grpc/grpc-js';
import type { LockInfo__Output, SessionInfo__Output } from '@holdfast/protos';
import { decodeError, decodeStatus, type TestClient } from '../test-client.ts';
import { assertRising, type Bench, isValid, sleep, until } from './bench.ts';
import { RawSession } from './raw-session.ts';
import type { Scenario } from './scenario.ts';

const NO_WAIT = { wait: { seconds: 0 } };

async function lockInfo(client: TestClient, name: string): Promise<LockInfo__Output> {
  const { lock } = await client.call<{ lock: LockInfo__Output }>('locks', 'getLock', { name });
  return lock;
}

async function waits(client: TestClient, name: string, count: number): Promise<void> {
  await until(`${count} wait`, async () => (await lockInfo(client, name)).waiting === count);
}

async function expiredInQueue(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const holder = await bench.session(raw);
  const lease = await holder.acquire(bench.lock, 'a');
  const late = await bench.session(raw, 1_500);
  late.ask(bench.lock, 'a');
  await waits(raw, bench.lock, 1);
  const startMs = performance.now();
  const patient = await bench.session(raw);
  patient.ask(bench.lock, 'a');
  assert.equal((await late.end())?.reason, 'SESSION_EXPIRED');
  assert.ok(performance.now() - startMs < 6_500, 'it was not told at once');
  await waits(raw, bench.lock, 1);
  holder.release(lease);
  assertRising([lease.token, (await patient.next('granted')).token]);
}

async function leaves(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const holder = await bench.session(raw);
  const lease = await holder.acquire(bench.lock, 'a');
  const leaver = await bench.session(raw);
  const goner = await bench.session(raw);
  const last = await bench.session(raw);
  for (const [index, session] of [leaver, goner, last].entries()) {
    session.ask(bench.lock, 'a');
    await waits(raw, bench.lock, index + 1);
  }
  leaver.say({ cancelAcquire: { requestId: 'a' } });
  await leaver.next('contended');
  goner.leave();
  await waits(raw, bench.lock, 1);
  const startMs = performance.now();
  holder.release(lease);
  await last.next('granted');
  assert.ok(performance.now() - startMs < 5_000, 'those who had left were waited for');
}

async function cancelRaces(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const holder = await bench.session(raw);
  const racer = await bench.session(bench.raw());
  const outcomes = { granted: 0, contended: 0 };
  for (let round = 0; round < 60; round++) {
    const requestId = `${round}`;
    const lease = await holder.acquire(bench.lock, requestId);
    racer.ask(bench.lock, requestId);
    await racer.next('queued');
    const cancel = () => racer.say({ cancelAcquire: { requestId } });
    if (round % 2 === 0) cancel();
    holder.release(lease);
    if (round % 2 === 1) cancel();
    await holder.next('released');
    // Answered behind whatever the race has come to.
    racer.say({ keepAlive: { sequence: round } });
    const heard = [];
    for (;;) {
      const message = await racer.stream.hear();
      if (message.message === 'keepAliveAck') break;
      if (message.message !== 'queued') heard.push(message);
    }
    assert.equal(heard.length, 1, `${heard.length} outcomes of one request`);
    const [{ granted, contended }] = heard as [(typeof heard)[0]];
    if (granted) {
      outcomes.granted++;
      racer.release(granted);
      await racer.next('released');
    } else {
      assert.ok(contended);
      outcomes.contended++;
    }
  }
  assert.ok(outcomes.contended > 0, 'no cancellation ever came in time');
}

async function duplicate(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const session = await bench.session(raw);
  const first = await session.acquire(bench.lock, 'a');
  const second = await session.acquire(bench.lock, 'a');
  assert.deepEqual([second.leaseId, second.token], [first.leaseId, first.token]);
  assert.equal((await lockInfo(raw, bench.lock)).held, 1);
  session.ask(`${bench.lock}-other`, 'a');
  const { status } = await session.next('denied');
  assert.equal(decodeStatus(status as never).reason, 'REQUEST_ID_REUSED');
}

async function staleRelease(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const session = await bench.session(raw);
  const stale = await session.acquire(bench.lock, 'a');
  session.release(stale);
  await session.next('released');
  const other = await bench.session(raw);
  const lease = await other.acquire(bench.lock, 'a');
  session.release({ leaseId: lease.leaseId, token: stale.token });
  assert.equal(decodeStatus((await session.next('denied')).status as never).reason, 'LEASE_LOST');
  session.release(lease);
  assert.equal(decodeStatus((await session.next('denied')).status as never).reason, 'NOT_OWNER');
  assert.equal(await isValid(raw, bench.lock, lease.token), true);
  other.release(lease);
  await other.next('released');
}

async function doubleRelease(bench: Bench): Promise<void> {
  const session = await bench.session(bench.raw());
  const lease = await session.acquire(bench.lock, 'a');
  for (let times = 0; times < 2; times++) {
    session.release(lease);
    assert.equal((await session.next('released')).token, lease.token);
  }
}

async function forceRelease(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const holder = await bench.session(raw);
  const lease = await holder.acquire(bench.lock, 'a');
  const next = await bench.session(raw);
  next.ask(bench.lock, 'a');
  await waits(raw, bench.lock, 1);
  const grace = { seconds: 0, nanos: 300_000_000 };
  const answer = await raw.call('admin', 'forceRelease', { name: bench.lock, grace });
  assert.deepEqual(answer, { tokens: [lease.token] });
  const startMs = performance.now();
  assert.equal((await holder.next('revoking')).reason, 'LOST_REASON_ADMIN');
  const lost = await holder.next('lost');
  assert.deepEqual([lost.token, lost.reason], [lease.token, 'LOST_REASON_ADMIN']);
  const { token } = await next.next('granted');
  assert.ok(performance.now() - startMs > 250, 'the grace was not waited for');
  assertRising([lease.token, token]);
}

async function readersAndWriters(bench: Bench): Promise<void> {
  const clients = await Promise.all(['one', 'two', 'three'].map((name) => bench.client(name)));
  const [first] = clients;
  let readers = 0;
  let writers = 0;
  const order: string[] = [];
  const use = (index: number, mode: 'shared' | 'exclusive') =>
    clients[index % clients.length]!.locks.request(bench.lock, { mode }, async () => {
      order.push(mode);
      if (mode === 'shared') readers++;
      else writers++;
      assert.ok(writers === 0 || (writers === 1 && readers === 0), 'a writer is not alone');
      await sleep(2);
      if (mode === 'shared') readers--;
      else writers--;
    });
  const reader = await first!.locks.acquire(bench.lock, { mode: 'shared' });
  const writing = use(0, 'exclusive');
  const raw = bench.raw();
  await waits(raw, bench.lock, 1);
  // Behind the writer, so it does not starve; ahead of the next one, so neither do they.
  const reading = Array.from({ length: 20 }, (_, index) => use(index, 'shared'));
  await waits(raw, bench.lock, 21);
  const writingAgain = use(1, 'exclusive');
  await waits(raw, bench.lock, 22);
  await reader.release();
  await Promise.all([writing, ...reading, writingAgain]);
  assert.deepEqual(order, ['exclusive', ...Array(20).fill('shared'), 'exclusive']);
}

async function permitHolderDies(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const permits = (count: number) =>
    ({ mode: 'LOCK_MODE_PERMIT', capacity: 5, permits: count }) as const;
  const stays = await bench.session(raw);
  await stays.acquire(bench.lock, 'a', permits(2));
  const dies = await bench.session(raw, 400);
  const lease = await dies.acquire(bench.lock, 'a', permits(3));
  const next = await bench.session(raw);
  next.ask(bench.lock, 'busy', { ...permits(1), ...NO_WAIT });
  await next.next('contended');
  const { token } = await next.acquire(bench.lock, 'a', permits(3));
  assertRising([lease.token, token]);
  next.ask(bench.lock, 'more', { ...permits(1), ...NO_WAIT });
  await next.next('contended');
  assert.equal((await lockInfo(raw, bench.lock)).held, 2);
}

async function crowd(bench: Bench): Promise<void> {
  const raw = bench.raw();
  const holder = await bench.session(raw, 120_000);
  let lease = await holder.acquire(bench.lock, 'a');
  const grants: { session: RawSession; leaseId: string; token: string }[] = [];
  const sessions = await Promise.all(Array.from({ length: 10 }, () => bench.session(raw, 120_000)));
  for (const session of sessions) {
    session.stream.stream.on('data', ({ granted }) => {
      if (granted) grants.push({ session, ...granted });
    });
    for (let index = 0; index < 1_000; index++) session.ask(bench.lock, `${index}`);
  }
  await waits(raw, bench.lock, 10_000);
  holder.release(lease);
  for (let round = 1; round <= 30; round++) {
    await until('the next one has it', () => grants.length >= round);
    // Answered behind any other grant of the same moment.
    await lockInfo(raw, bench.lock);
    assert.equal(grants.length, round);
    const { session, ...next } = grants.at(-1)!;
    assertRising([lease.token, next.token]);
    lease = { ...lease, ...next };
    session.release(next);
  }
}

async function slowReader(bench: Bench): Promise<void> {
  const slow = await RawSession.open(bench.raw(), { ttlMs: 60_000 });
  const { token } = await slow.acquire(bench.lock, 'held');
  slow.stream.pause();
  // Names of nearly 512 bytes fill the windows of a connection fast.
  const long = bench.lock.padEnd(490, 'n');
  for (let index = 0; index < 30_000; index++) slow.ask(`${long}${index}`, `${index}`, NO_WAIT);
  const raw = bench.raw();
  const isAttached = async (): Promise<boolean> => {
    const { sessionId } = slow.welcome;
    const { sessions } = await raw.call<{ sessions: SessionInfo__Output[] }>(
      'admin',
      'listSessions',
      { pageSize: 1_000 },
    );
    return sessions.find((session) => session.sessionId === sessionId)?.attached === true;
  };
  await until('the stream is ended', async () => !(await isAttached()));
  slow.stream.resume();
  const error = decodeError((await slow.stream.ended)!);
  assert.deepEqual([error.code, error.reason], [StatusCode.RESOURCE_EXHAUSTED, 'SLOW_READER']);
  const again = await RawSession.open(raw, { ttlMs: 60_000, resume: slow.welcome });
  assert.equal(again.welcome.held.find(({ requestId }) => requestId === 'held')?.token, token);
  again.leave();
}

export const QUEUE_FAILURES: readonly Scenario[] = [
  {
    number: 18,
    name: "a waiter's session expires in the queue: told at once, never granted",
    run: expiredInQueue,
  },
  { number: 19, name: 'a waiter leaves: no delay for others', run: leaves },
  { number: 20, name: 'cancel races with grant: exactly one outcome', run: cancelRaces },
  { number: 21, name: 'duplicate acquire', run: duplicate },
  { number: 22, name: 'release with a stale token: refused, holder untouched', run: staleRelease },
  { number: 23, name: 'double release: fine', run: doubleRelease },
  { number: 24, name: 'force-release: Revoking, then LOST(ADMIN)', run: forceRelease },
  {
    number: 25,
    name: 'readers and a writer: no starvation, no overlap',
    run: readersAndWriters,
  },
  { number: 26, name: 'a permit holder dies: exactly its permits return', run: permitHolderDies },
  {
    number: 27,
    name: '10,000 waiters on one name: one wake-up per grant',
    isHeavy: true,
    run: crowd,
  },
  { number: 28, name: 'paused reader: bounded memory', isHeavy: true, run: slowReader },
];
