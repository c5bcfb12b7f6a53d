/**
 * Goal: modes, longest holds, revocation, scope and query hold between clients of a real sidecar.
 * Method: a sidecar in this process, in memory; an operator who calls AdminService with grpc-js.
 * Not covered: cuts and drains (with-sidecar.test.ts), single timings (lease-revocation.test.ts).
 */
import { credentials, makeClientConstructor } from '@grpc/grpc-js';
import { serve } from '@holdfast/grpc-sidecar';
import { type AdminServiceClient, loadHoldfastProtos } from '@holdfast/protos';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Client, connect } from '../src/index.ts';

let sidecar: Awaited<ReturnType<typeof serve>>;
let address: string;
let one: Client;
let two: Client;

beforeEach(async () => {
  sidecar = await serve({ cache: { persistent: false }, listen: '127.0.0.1:0' });
  address = sidecar.addresses[0] as string;
  one = await connect(address, { clientName: 'one' });
  two = await connect(address, { clientName: 'two' });
});

afterEach(async () => {
  await Promise.all([one.close(), two.close()]);
  await sidecar.close();
});

it('readers of several clients share, a writer waits for all of them', async () => {
  const readers = await Promise.all(
    [one, two].map(({ locks }) => locks.acquire('table', { mode: 'shared' })),
  );
  const writer = one.locks.acquire('table');
  for (const reader of readers) {
    reader.assertHeld();
    await reader.release();
  }
  expect((await writer).token).toBeGreaterThan(readers[1]?.token as bigint);
});

it('permits are counted over clients, and another capacity is refused', async () => {
  const permit = { mode: 'permit', capacity: 3, permits: 2 } as const;
  const first = await one.locks.acquire('pool', permit);
  expect(await two.locks.tryAcquire('pool', permit)).toBeUndefined();
  await expect(two.locks.acquire('pool', { ...permit, capacity: 4 })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: { reason: 'LOCK_MODE_MISMATCH' },
  });
  const second = two.locks.acquire('pool', permit);
  await first.release();
  (await second).assertHeld();
});

it('a longest hold is over for its holder before the next is granted', async () => {
  const held = await one.locks.acquire('deploy', { maxHold: 400 });
  let lostAtMs = Number.POSITIVE_INFINITY;
  held.signal.addEventListener('abort', () => {
    lostAtMs = performance.now();
  });
  const next = await two.locks.acquire('deploy');
  expect(lostAtMs).toBeLessThan(performance.now());
  expect(held.signal.reason).toMatchObject({ details: { reason: 'max-hold' } });
  next.assertHeld();
});

it('a holder hears that its lease is being taken, and releases it in good order', async () => {
  const held = await one.locks.acquire('deploy');
  const next = two.locks.acquire('deploy');
  const revoked = new Promise((resolve) => held.revokeSignal.addEventListener('abort', resolve));
  expect(await forceRelease('deploy', 60)).toEqual([String(held.token)]);
  await revoked;
  const leftMs = held.revokesAt - Date.now();
  expect(leftMs).toBeGreaterThan(50_000);
  expect(leftMs).toBeLessThanOrEqual(60_000);
  held.assertHeld();
  await held.release();
  (await next).assertHeld();
  expect(held.signal.aborted).toBe(false);
});

it('a holder who does not let go loses its lease to an operator', async () => {
  const held = await one.locks.acquire('deploy');
  const lost = new Promise((resolve) => held.signal.addEventListener('abort', resolve));
  const next = two.locks.acquire('deploy');
  await forceRelease('deploy', 0);
  await lost;
  expect(held.signal.reason).toMatchObject({ details: { reason: 'admin' } });
  (await next).assertHeld();
});

it('query tells holders and waiters of all clients, by prefix', async () => {
  const held = await one.locks.acquire('job-1', { mode: 'permit', capacity: 9, permits: 4 });
  await two.locks.acquire('other');
  let onQueued = (): void => {};
  const queued = new Promise<void>((resolve) => {
    onQueued = resolve;
  });
  const terms = { mode: 'permit', capacity: 9, permits: 6 } as const;
  const waiting = two.locks.acquire('job-1', { ...terms, onQueued });
  await queued;
  expect(await one.locks.query({ prefix: 'job-' })).toEqual({
    held: [
      {
        name: 'job-1',
        sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
        clientName: 'one',
        mode: 'permit',
        permits: 4,
        token: held.token,
      },
    ],
    waiting: [
      {
        name: 'job-1',
        sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
        clientName: 'two',
        mode: 'permit',
        permits: 6,
      },
    ],
  });
  expect((await two.locks.query()).held.map(({ name }) => name)).toEqual(['job-1', 'other']);
  await held.release();
  (await waiting).assertHeld();
});

it('a scope that the server has is granted, one that it lacks is refused', async () => {
  const scoped = await connect(address, { scope: 'server' });
  await (await scoped.locks.acquire('deploy')).release();
  await scoped.close();
  await expect(connect(address, { scope: 'cluster' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: { reason: 'SCOPE_UNAVAILABLE' },
  });
  await expect(connect(address, { scope: 'world' as never })).rejects.toThrow('scope must be');
});

/** As an operator does; the tokens concerned. */
function forceRelease(name: string, graceSeconds: number): Promise<string[]> {
  const { adminService } = loadHoldfastProtos();
  const AdminService = makeClientConstructor(adminService, '');
  const admin = new AdminService(
    address,
    credentials.createInsecure(),
  ) as never as AdminServiceClient & { close(): void };
  return new Promise((resolve, reject) => {
    admin.forceRelease({ name, grace: { seconds: graceSeconds } }, (error, response) => {
      admin.close();
      if (error) reject(error);
      else resolve(response?.tokens ?? []);
    });
  });
}
