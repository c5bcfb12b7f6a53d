/** What becomes of a lease whose holder dies, stops, hangs or is cut off: failures 1 to 7. */
import assert from 'node:assert/strict';
import { RenewalDeadline } from '../../../client/src/locks/renewal-deadline.ts';
import { abortOf, assertRising, type Bench, isValid, until, waitersOf } from './bench.ts';
import { monotonicMs } from './holder.ts';
import type { Scenario } from './scenario.ts';

const TTL_MS = 2_000;
/** What a busy machine may add to a time. */
const SLACK_MS = 5_000;

/** The next in line is granted the lock while the holder cannot know; then it is told. */
async function outlast(bench: Bench, stop: 'SIGSTOP' | 'blocked'): Promise<void> {
  const holder = await bench.holder(TTL_MS);
  const next = await bench.client('next');
  const granted = next.locks.acquire(bench.lock).then((lease) => ({ lease, atMs: monotonicMs() }));
  await until('the next one waits', async () => (await waitersOf(next, bench.lock)).length === 1);
  if (stop === 'SIGSTOP') holder.process.kill('SIGSTOP');
  else holder.block(4 * TTL_MS);
  const { lease, atMs } = await granted;
  if (stop === 'SIGSTOP') holder.process.kill('SIGCONT');
  const lost = await holder.next('lost');
  assert.ok(lost.workedAtMs < atMs, 'it worked on when another one had the lock');
  assertRising([lost.token, lease.token]);
  const raw = bench.raw();
  assert.equal(await isValid(raw, bench.lock, lost.token), false);
  assert.equal(await isValid(raw, bench.lock, lease.token), true);
}

async function killed(bench: Bench): Promise<void> {
  const holder = await bench.holder(TTL_MS);
  const next = await bench.client('next');
  const granted = next.locks.acquire(bench.lock);
  await until('the next one waits', async () => (await waitersOf(next, bench.lock)).length === 1);
  const killedAtMs = performance.now();
  holder.process.kill('SIGKILL');
  await granted;
  const waitedMs = performance.now() - killedAtMs;
  assert.ok(waitedMs < TTL_MS + SLACK_MS, `granted after ${Math.round(waitedMs)} ms`);
}

async function hung(bench: Bench): Promise<void> {
  // Its connection lives and answers pings; the application says nothing.
  const session = await bench.session(bench.raw(), TTL_MS);
  const lease = await session.acquire(bench.lock, 'a');
  const startMs = performance.now();
  const next = await bench.client('next');
  const { token } = await next.locks.acquire(bench.lock);
  assert.ok(performance.now() - startMs < TTL_MS + SLACK_MS);
  assertRising([lease.token, token]);
  assert.equal((await session.end())?.reason, 'SESSION_EXPIRED');
}

async function cutOff(bench: Bench, which: 'both ways' | 'to the client'): Promise<void> {
  const proxy = await bench.proxy();
  const holder = await bench.client('holder', { address: proxy.address });
  const next = await bench.client('next');
  let jeopardyAtMs = Number.POSITIVE_INFINITY;
  const onJeopardy = (): void => {
    jeopardyAtMs = performance.now();
  };
  const lease = await holder.locks.acquire(bench.lock, { ttl: TTL_MS, onJeopardy });
  let lostAtMs = Number.POSITIVE_INFINITY;
  lease.signal.addEventListener('abort', () => {
    lostAtMs = performance.now();
  });
  const granted = next.locks.acquire(bench.lock);
  await until('the next one waits', async () => (await waitersOf(next, bench.lock)).length === 1);
  const cutAtMs = performance.now();
  proxy.silence(which);
  await abortOf(lease.signal);
  assert.ok(lostAtMs - cutAtMs < TTL_MS + SLACK_MS, 'it was not lost in time');
  assert.ok(jeopardyAtMs < lostAtMs, 'it was not in jeopardy before it was lost');
  const { token } = await granted;
  assert.ok(lostAtMs < performance.now(), 'the next one had it before it was lost');
  assertRising([lease.token, token]);
}

async function lateAcknowledgement(): Promise<void> {
  const deadline = new RenewalDeadline();
  const [first, second] = [deadline.sent(0), deadline.sent(300)];
  assert.equal(deadline.acknowledged(second, 1_000, 310), true);
  const deadlineMs = deadline.deadlineMs;
  // Of what was sent first, and a second time of what was answered already.
  assert.equal(deadline.acknowledged(first, 1_000, 900), false);
  assert.equal(deadline.acknowledged(second, 1_000, 950), false);
  assert.equal(deadline.deadlineMs, deadlineMs);
  // A slow round trip tells less than a quick one before it, and takes nothing away.
  const third = deadline.sent(320);
  deadline.acknowledged(third, 1_000, 1_200);
  assert.equal(deadline.deadlineMs, deadlineMs);
}

export const HOLDER_FAILURES: readonly Scenario[] = [
  { number: 1, name: 'holder SIGKILL: the waiter is granted after ≤ TTL', run: killed },
  {
    number: 2,
    name: 'holder SIGSTOP past TTL, SIGCONT: its signal aborts before user code runs, its token is refused',
    run: (bench) => outlast(bench, 'SIGSTOP'),
  },
  {
    number: 3,
    name: "holder's event loop blocked past TTL: same",
    run: (bench) => outlast(bench, 'blocked'),
  },
  { number: 4, name: 'application hung, pings answered: expires', run: hung },
  {
    number: 5,
    name: 'network cut both ways: holder LOST before the server grants another',
    run: (bench) => cutOff(bench, 'both ways'),
  },
  {
    number: 6,
    name: 'acks lost one way: no ack, no extension',
    run: (bench) => cutOff(bench, 'to the client'),
  },
  {
    number: 7,
    name: 'an old ack arrives late: the deadline never moves back',
    simulated: "the client's clock, and answers out of order",
    run: lateAcknowledgement,
  },
];
