/**
 * Failures that only a simulated machine has at the right moment: 11, 12 and 15 to 17. The lease
 * table, its journal and the client's deadlines are the real ones; clocks, disk and crashes are
 * not.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { status as StatusCode } from '@grpc/grpc-js';
import { ManualClock, SeededRandom } from '@holdfast/core/testing';
import { clientSettings } from '../../../client/src/connect-options.ts';
import { RemoteLocks } from '../../../client/src/locks/remote-locks.ts';
import { RenewalDeadline } from '../../../client/src/locks/renewal-deadline.ts';
import { generousServer } from '../../../client/test/fake-session-server.ts';
import { Rig, TTL_MS } from '../../../core/test/lease-table-rig.ts';
import { SimulatedLocks } from '../../../core/test/simulated-locks.ts';
import { SILENT_LOGGER } from '../../src/server/logger.ts';
import { startServer } from '../../src/server/start-server.ts';
import { memoryBackends } from '../memory-backends.ts';
import { decodeStatus, type TestClient } from '../test-client.ts';
import { assertRising, type Bench } from './bench.ts';
import type { Scenario } from './scenario.ts';

const DAY_MS = 86_400_000;
const kindsOf = (events: readonly { readonly kind: string }[]) => events.map(({ kind }) => kind);

async function crashBeforeSync(): Promise<void> {
  for (let seed = 0; seed < 20; seed++) {
    const locks = await SimulatedLocks.start();
    const stream = locks.session('a', 60_000);
    await locks.machine.clock.settle();
    // The sync of the grant takes until after the power cut.
    locks.machine.disk.gate = (call) =>
      call.kind === 'datasync' ? new Promise(() => {}) : undefined;
    stream.session.acquire({ requestId: '1', name: 'x', waitMs: 0 });
    for (let turn = 0; turn < 50 + seed; turn++) await Promise.resolve();
    assert.deepEqual(kindsOf(stream.events), [], 'told before it was synced');
    locks.machine.disk.gate = undefined;
    await locks.restart('power', 0);
    const next = locks.session('b', 60_000);
    await locks.ask(next);
    const [told] = next.events;
    // Either nothing is left of it, or the lease is there, which nobody uses: never both.
    const { held } = await locks.backend.query();
    assert.equal(held.length, 1);
    assert.equal(told?.kind, held[0]?.clientName === 'b' ? 'granted' : 'queued');
  }
}

async function syncFails(bench: Bench): Promise<void> {
  const locks = await SimulatedLocks.start();
  const { clock, disk } = locks.machine;
  const server = await startServer({
    // The same clock to memory and locks: to TypeScript sources and build are two classes of it.
    backends: { ...(await memoryBackends(clock as never, undefined)), locks: locks.backend },
    clock,
    logger: SILENT_LOGGER,
    version: '0',
    listen: [],
    socketPath: join(await bench.folder(), 'holdfast.sock'),
    drainTimeoutMs: 0,
  });
  bench.defer(async () => {
    const closed = server.close();
    for (let turn = 0; turn < 50; turn++) {
      await clock.advance(1_000);
      await new Promise(setImmediate);
    }
    await closed;
  });
  const raw = bench.raw(server.addresses[0]!);
  const session = await bench.session(raw);
  const services = ['', 'readiness', 'holdfast.v1.LockService', 'holdfast.v1.CacheService'];
  assert.deepEqual(await healthOf(raw, services), ['SERVING', 'SERVING', 'SERVING', 'SERVING']);
  for (const [index, code] of (['ENOSPC', 'EIO'] as const).entries()) {
    const kind = code === 'EIO' ? (['datasync'] as const) : (['write', 'open'] as const);
    const fault = disk.fail({ code, kind: [...kind], times: 1e9 });
    session.ask(bench.lock, code);
    const { status } = await session.next('denied');
    const denied = decodeStatus(status as never);
    assert.deepEqual([denied.code, denied.reason], [StatusCode.UNAVAILABLE, 'STORAGE_READ_ONLY']);
    await clock.advance(1_000);
    const failing = ['NOT_SERVING', 'NOT_SERVING', 'NOT_SERVING', 'SERVING'];
    assert.deepEqual(await healthOf(raw, services), failing);
    fault.cancel();
    await clock.advance(2_000);
    assert.deepEqual(await healthOf(raw, services), ['SERVING', 'SERVING', 'SERVING', 'SERVING']);
    await session.acquire(`${bench.lock}-${index}`, `after ${code}`);
  }
}

function healthOf(raw: TestClient, services: readonly string[]): Promise<unknown[]> {
  return Promise.all(services.map((service) => raw.health(service)));
}

async function wallClockJumps(): Promise<void> {
  for (const jumpMs of [DAY_MS, -DAY_MS]) {
    const locks = await SimulatedLocks.start();
    const stream = locks.session('a', TTL_MS);
    await locks.ask(stream);
    const { clock } = locks.machine;
    await clock.advance(TTL_MS - 1);
    clock.setWallMs(clock.wallMs() + jumpMs);
    await clock.settle();
    assert.equal((await locks.backend.query()).held.length, 1, 'lost for the wall clock');
    const renewed = stream.session.keepAlive();
    await clock.settle();
    assert.equal(await renewed, TTL_MS);
    // Nor does it count across a restart.
    clock.setWallMs(clock.wallMs() - 2 * jumpMs);
    await locks.restart('process', 0);
    await locks.machine.clock.advance(TTL_MS - 1);
    assert.equal((await locks.backend.query()).held.length, 1, 'lost for the wall clock');
    await locks.machine.clock.advance(1);
    assert.equal((await locks.backend.query()).held.length, 0, 'outlived its TTL');
  }
}

/** A client whose clock is slow by as much as `rate` says never counts longer than the server. */
async function clockRates(): Promise<void> {
  const random = new SeededRandom(16);
  let tightestMs = Number.POSITIVE_INFINITY;
  for (const rate of [0.99, 1, 1.01]) {
    for (let history = 0; history < 300; history++) {
      const rig = new Rig();
      const session = rig.session('a');
      const deadline = new RenewalDeadline();
      let trueMs = 0;
      for (let renewal = 0; renewal < 5; renewal++) {
        trueMs += random.next() * (TTL_MS / 3);
        const sequence = deadline.sent(trueMs * rate);
        trueMs += random.next() * 50;
        rig.table.keepAlive(session, trueMs);
        trueMs += random.next() * 50;
        deadline.acknowledged(sequence, TTL_MS, trueMs * rate);
        const clientMs = deadline.deadlineMs / rate;
        tightestMs = Math.min(tightestMs, session.expiresAtMs - clientMs);
        assert.ok(clientMs <= session.expiresAtMs, 'the client counts longer than the server');
      }
    }
  }
  assert.ok(tightestMs < TTL_MS * 0.05, 'the client gives away more than it has to');
}

async function suspended(): Promise<void> {
  const clock = new ManualClock();
  let asleepMs = 0;
  const sleepless = {
    wallMs: () => clock.wallMs() + asleepMs,
    monotonicMs: () => clock.monotonicMs() + asleepMs,
    startTimer: clock.startTimer.bind(clock),
  };
  const server = generousServer();
  const locks = new RemoteLocks(
    { open: server.open, query: () => Promise.reject(new Error('not asked')) },
    { clock: sleepless, random: new SeededRandom(1) },
    clientSettings({ sessionTtl: TTL_MS }),
  );
  const lease = await locks.acquire('x');
  asleepMs = TTL_MS;
  // No timer has run yet and nothing was heard: the user's code looks first.
  assert.equal(lease.signal.aborted, true);
  assert.throws(() => lease.assertHeld(), { code: 'LEASE_LOST' });
  const next = await locks.acquire('x');
  assertRising([lease.token, next.token]);
}

export const SIMULATED_FAILURES: readonly Scenario[] = [
  {
    number: 11,
    name: 'crash before sync: nobody was told',
    simulated: 'a power cut between the write and the sync',
    run: crashBeforeSync,
  },
  {
    number: 12,
    name: 'sync fails or disk full: no grant, UNAVAILABLE, health NOT_SERVING',
    simulated: 'a failing disk, behind a real server',
    run: syncFails,
  },
  {
    number: 15,
    name: 'wall clock ±1 day',
    simulated: "the machine's clocks",
    run: wallClockJumps,
  },
  {
    number: 16,
    name: '1 % clock-rate skew',
    simulated: 'two clocks of different rates',
    run: clockRates,
  },
  {
    number: 17,
    name: 'suspend/resume counts as lost',
    simulated: "a monotonic clock that counts while the machine sleeps, which Linux's does not",
    run: suspended,
  },
];
