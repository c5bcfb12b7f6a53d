// Goal: a fence is looked at in the very turn of the write, and a kill changes nothing about it.
// Method: getters that run inside a write, and a simulated machine that is killed; leases of a
// session, which outlive the process.
// Not covered: each kind of write (conformance/cache-fences.ts), the same over gRPC.
import { expect, test } from 'vitest';
import type { LockEvent } from '../backend/lock-backend.ts';
import { NEVER } from '../expiry/expiry.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../testing/index.ts';
import type { Cache } from './cache.ts';
import { openCacheOn } from './open-cache.ts';

const STALE = { code: 'STALE_FENCING_TOKEN' };

async function open(machine: SimulatedRuntime): Promise<Cache> {
  const opening = openCacheOn(machine, { directory: '/store', onError: () => {} });
  await machine.clock.settle();
  return opening;
}

/** Writes as a client does whose lease may be of a process before. */
async function isTaken(cache: Cache, machine: SimulatedRuntime, token: bigint): Promise<boolean> {
  const set = cache.set('by', String(token), { fence: { name: 'x', token }, durability: 'synced' });
  await machine.clock.settle();
  return set.then(
    () => true,
    (error: unknown) => {
      expect(error).toMatchObject(STALE);
      return false;
    },
  );
}

test('a value whose getter gives the lease back is not stored', async () => {
  const machine = simulatedRuntime();
  const cache = await open(machine);
  const writes = [
    (value: object, fence: object) => cache.set('a', value, fence),
    (value: object, fence: object) => cache.setIfAbsent('a', value, fence),
    (value: object, fence: object) =>
      cache.compareAndSet('a', value, { version: undefined, ...fence }),
    (value: object, fence: object) => cache.setMany([['a', value]], fence),
  ];
  for (const write of writes) {
    const lease = cache.tryLock('a')!;
    const value = {
      get now() {
        void lease.release();
        return 1;
      },
    };
    await expect(write(value, { fence: lease })).rejects.toMatchObject(STALE);
    expect(cache.has('a')).toBe(false);
  }
  const lease = cache.tryLock('a')!;
  const tags = {
    *[Symbol.iterator]() {
      void lease.release();
      yield 't';
    },
  };
  await cache.set('a', 1, { tags: ['t'] });
  await expect(cache.invalidateTags(tags, { fence: lease })).rejects.toMatchObject(STALE);
  expect(cache.get('a')).toBe(1);
});

test('the error names the lock and the token that has won', async () => {
  const machine = simulatedRuntime();
  const cache = await open(machine);
  const acquire = async () => {
    const acquiring = cache.locks.acquire('x');
    await machine.clock.settle();
    return acquiring;
  };
  const first = await acquire();
  await first.release();
  const second = await acquire();
  const { token } = first;
  await expect(cache.set('a', 1, { fence: first })).rejects.toMatchObject({
    details: { name: 'x', token, highest: second.token },
  });
});

test('over a kill, what was held is taken and what was refused is refused', async () => {
  let machine = simulatedRuntime({ seed: 3 });
  let cache = await open(machine);
  const events: LockEvent[] = [];
  const session = (clientName: string, ttlMs: number) =>
    cache
      .lockBackend()
      .openSession({ clientName, metadata: {}, ttlMs }, (event) => events.push(event));
  const grant = async (clientName: string, ttlMs: number) => {
    session(clientName, ttlMs).acquire({ requestId: '1', name: 'x', waitMs: NEVER });
    await machine.clock.settle();
    return events.flatMap((event) => (event.kind === 'granted' ? [event.token] : [])).at(-1)!;
  };
  const late = await grant('late', 1_000);
  expect(await isTaken(cache, machine, late)).toBe(true);
  await machine.clock.advance(1_000);
  expect(await isTaken(cache, machine, late)).toBe(false);
  const holder = await grant('holder', 60_000);
  for (let turn = 0; turn < 3; turn++) {
    machine = machine.crash(turn === 1 ? 'power' : 'process');
    cache = await open(machine);
    expect(await isTaken(cache, machine, late), `turn ${turn}`).toBe(false);
    expect(await isTaken(cache, machine, holder), `turn ${turn}`).toBe(true);
    expect(cache.get('by')).toBe(String(holder));
  }
  await machine.clock.advance(60_000);
  expect(await isTaken(cache, machine, holder)).toBe(false);
  expect(await isTaken(cache, machine, late)).toBe(false);
  expect(cache.get('by')).toBe(String(holder));
});
