// Goal: the unary calls of LockService keep what lease.proto promises: one owner, one lease for one
// request id, no place in a queue for a caller who has gone.
// Method: grpc-js clients against the real lease table; its clock stands still until moved, a
// call's deadline is real.
// Not covered: the leases themselves (core's stream-less-leases.test.ts), errors (lock-errors).
import { status as StatusCode } from '@grpc/grpc-js';
import type {
  AcquireResponse__Output,
  GetLockResponse__Output,
  GrantedLease__Output,
  ValidateTokenResponse__Output,
} from '@holdfast/protos';
import { expect, test } from 'vitest';
import { failure, type TestClient } from './test-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const REQUEST_ID = 'a-request-id-of-22-and-more';

test('a lease is granted, renewed, validated and released, without a stream', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const { leaseId, token, effectiveTtl } = await granted(tcp, { name: 'x', ttl: { seconds: 10 } });
  expect([leaseId.length, effectiveTtl]).toEqual([32, { seconds: '10', nanos: 0 }]);
  await running.clock.advance(9_000);
  // Over another connection as well: the lease's id is all that counts.
  expect(await unix.call('locks', 'renew', { leaseId, token })).toEqual({
    ttl: { seconds: '10', nanos: 0 },
  });
  await running.clock.advance(9_000);
  expect(await holders(unix)).toEqual([
    { sessionId: '', clientName: 'me', token, mode: 'LOCK_MODE_EXCLUSIVE', permits: 1 },
  ]);
  expect(await valid(unix, token)).toEqual({ valid: true, highestToken: token });
  for (let time = 0; time < 2; time++) {
    expect(await tcp.call('locks', 'release', { leaseId, token })).toEqual({});
  }
  expect(await holders(unix)).toEqual([]);
  expect(await valid(unix, token)).toEqual({ valid: true, highestToken: token });
  const next = await granted(tcp, { name: 'x' });
  expect(await valid(unix, token)).toEqual({ valid: false, highestToken: next.token });
});

test('a lease that is not renewed is lost, and the waiter has it', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const first = await granted(tcp, { name: 'x', ttl: { seconds: 1 } });
  const waiting = granted(tcp, { name: 'x' });
  await isWaiting(running);
  await running.clock.advance(1_000);
  expect(BigInt((await waiting).token)).toBeGreaterThan(BigInt(first.token));
  expect(await failure(tcp.call('locks', 'renew', first))).toMatchObject({
    code: StatusCode.FAILED_PRECONDITION,
    reason: 'LEASE_LOST',
  });
});

test('a busy lock is an answer: at once for TryAcquire, after its wait for Acquire', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  await granted(tcp, { name: 'x', ttl: { seconds: 60 } });
  const contended = { outcome: 'contended', contended: { holder: 'me', position: 1 } };
  expect(await tcp.call('locks', 'tryAcquire', { name: 'x' })).toMatchObject(contended);
  const waiting = tcp.call('locks', 'acquire', { name: 'x', wait: { seconds: 5 } });
  await isWaiting(running);
  await running.clock.advance(5_000);
  expect(await waiting).toMatchObject(contended);
});

test('terms are those of a session: readers share, permits count, a hold has an end', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const shared = { name: 'table', mode: 'LOCK_MODE_SHARED' };
  for (let reader = 0; reader < 2; reader++) await granted(tcp, shared);
  expect((await lock(tcp, 'table')).held).toBe(2);
  const permit = { name: 'pool', mode: 'LOCK_MODE_PERMIT', permits: 2, capacity: 3 };
  await granted(tcp, permit);
  expect(await tcp.call('locks', 'tryAcquire', permit)).toMatchObject({ outcome: 'contended' });
  await granted(tcp, { ...permit, permits: 1 });
  const short = await granted(tcp, { name: 'x', ttl: { seconds: 60 }, maxHold: { seconds: 3 } });
  expect(short.effectiveTtl).toMatchObject({ seconds: '3' });
  await running.clock.advance(3_000);
  expect(await holders(tcp)).toEqual([]);
});

test('a request id gives the same lease again, over any connection, also after its answer was lost', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const request = { name: 'x', requestId: REQUEST_ID, ttl: { seconds: 30 } };
  const first = await granted(tcp, request);
  await running.clock.advance(1_000);
  const again = await granted(unix, request);
  expect(again).toMatchObject({ leaseId: first.leaseId, token: first.token });
  expect(again.effectiveTtl).toMatchObject({ seconds: '29' });
  expect(await failure(tcp.call('locks', 'acquire', { ...request, name: 'y' }))).toMatchObject({
    code: StatusCode.ALREADY_EXISTS,
    reason: 'REQUEST_ID_REUSED',
  });
});

test('a call that is cancelled leaves the queue at once, and the one behind it is granted', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const first = await granted(tcp, { name: 'x' });
  const cancelled = cancellable(tcp, { name: 'x' });
  await isWaiting(running, 1);
  const behind = granted(tcp, { name: 'x' });
  await isWaiting(running, 2);
  cancelled.cancel();
  await isWaiting(running, 1);
  expect(await cancelled.code).toBe(StatusCode.CANCELLED);
  await tcp.call('locks', 'release', first);
  await behind;
  expect(await holders(tcp)).toHaveLength(1);
});

test('a call whose deadline passes leaves the queue', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  await granted(tcp, { name: 'x' });
  const late = cancellable(tcp, { name: 'x' }, 200);
  expect(await late.code).toBe(StatusCode.DEADLINE_EXCEEDED);
  await isWaiting(running, 0);
});

test('a cancellation that races with the grant leaks no lease, 200 times', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  let isGranted = 0;
  for (let round = 0; round < 200; round++) {
    const first = await granted(tcp, { name: 'x', ttl: { seconds: 60 } });
    const racing = cancellable(tcp, { name: 'x', ttl: { seconds: 60 } });
    await isWaiting(running, 1);
    const released = tcp.call('locks', 'release', first);
    // Both ways round, and with the cancellation on its way for a different time.
    for (let turn = 0; turn < round % 5; turn++) await new Promise(setImmediate);
    racing.cancel();
    await released;
    const lease = await racing.lease;
    if (lease !== undefined) {
      isGranted += 1;
      await tcp.call('locks', 'release', lease);
    }
    await isWaiting(running, 0);
    // The one outcome that no server can tell from a success: its answer was under way already.
    // Such a lease ends with its TTL.
    if ((await holders(tcp)).length > 0) await running.clock.advance(60_000);
    expect(await holders(tcp)).toEqual([]);
  }
  expect(isGranted).toBeLessThan(200);
});

test('a call that broke and is sent again with its request id keeps its place in the queue', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const first = await granted(tcp, { name: 'x' });
  const request = { name: 'x', requestId: REQUEST_ID };
  const broken = cancellable(tcp, request);
  await isWaiting(running, 1);
  const behind = granted(tcp, { name: 'x' });
  await isWaiting(running, 2);
  const again = granted(unix, request);
  // Answered behind it on the same connection, so the server has read it.
  await unix.call('admin', 'getServerInfo', {});
  broken.cancel();
  expect(await broken.code).toBe(StatusCode.CANCELLED);
  await isWaiting(running, 2);
  await tcp.call('locks', 'release', first);
  const lease = await again;
  expect((await lock(tcp, 'x')).waiting).toBe(1);
  await unix.call('locks', 'release', lease);
  await behind;
});

function cancellable(client: TestClient, request: object, timeoutMs = 20_000) {
  let settle: (result: { code: number; lease: GrantedLease__Output | undefined }) => void;
  const result = new Promise<Parameters<typeof settle>[0]>((resolve) => {
    settle = resolve;
  });
  const call = client.locks.acquire(
    request,
    { deadline: Date.now() + timeoutMs },
    (error, response) => {
      settle({ code: error?.code ?? 0, lease: response?.granted ?? undefined });
    },
  );
  return {
    cancel: () => call.cancel(),
    code: result.then(({ code }) => code),
    lease: result.then(({ lease }) => lease),
  };
}

async function granted(client: TestClient, request: object): Promise<GrantedLease__Output> {
  const response = await client.call<AcquireResponse__Output>('locks', 'acquire', {
    clientName: 'me',
    ...request,
  });
  return response.granted!;
}

async function lock(client: TestClient, name: string) {
  return (await client.call<GetLockResponse__Output>('locks', 'getLock', { name })).lock!;
}

async function holders(client: TestClient) {
  return (await lock(client, 'x')).holders;
}

function valid(client: TestClient, token: string): Promise<ValidateTokenResponse__Output> {
  return client.call('locks', 'validateToken', { name: 'x', token });
}

function isWaiting({ backends }: TestServer, count = 1): Promise<void> {
  const waiting = async () => (await backends.locks.query()).waiting.length;
  return expect.poll(waiting, { interval: 1 }).toBe(count);
}
