// Goal: a server that closes finishes what it has begun, tells its clients, and is gone within its
// drain timeout.
// Method: clients with calls and sessions open while the server closes; the timeout is a clock that
// the test moves.
// Not covered: the signal itself (command-line.test.ts).
import { existsSync } from 'node:fs';
import { status as StatusCode } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { decodeError, decodeStatus, type TestSession } from './test-client.ts';
import { startTestServer } from './test-server.ts';

const GET = { get: { key: Buffer.from('k') } };

test('without clients it closes at once, removes its socket, and closes the backends once', async () => {
  await using running = await startTestServer();
  expect(existsSync(running.socketPath)).toBe(true);
  await Promise.all([running.server.close(), running.server.close()]);
  expect(existsSync(running.socketPath)).toBe(false);
  expect(running.backends.closes).toEqual(['backends']);
});

test('a call that has begun is answered, and the backends close after it', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const { cache } = running.backends;
  let open = () => {};
  cache.gate = new Promise((resolve) => {
    open = resolve;
  });
  const answer = running.clients.tcp.call('cache', 'get', {});
  await expect.poll(() => cache.inFlightMost).toBe(1);
  const closed = running.server.close();
  expect(await running.clients.unix.health('').catch(() => 'unreachable')).not.toBe('SERVING');
  expect(running.backends.closes).toEqual([]);
  open();
  expect(await answer).toEqual({ entry: null, isStale: false });
  await closed;
  expect(running.backends.closes).toEqual(['backends']);
});

test('a pipeline gets the answers of what was read, then UNAVAILABLE', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const { cache } = running.backends;
  let open = () => {};
  cache.gate = new Promise((resolve) => {
    open = resolve;
  });
  const stream = running.clients.tcp.cache.pipeline();
  const answered: number[] = [];
  stream.on('data', ({ id }: { id: number }) => answered.push(id));
  const ended = new Promise((resolve) =>
    stream.on('error', (error) => resolve(decodeError(error as never))),
  );
  for (let id = 1; id <= 3; id++) stream.write({ id, operations: [GET] });
  await expect.poll(() => cache.inFlightMost).toBe(3);
  const closed = running.server.close();
  open();
  expect(await ended).toMatchObject({
    code: StatusCode.UNAVAILABLE,
    reason: 'SERVER_DRAINING',
    hasRetry: true,
  });
  expect(answered).toEqual([1, 2, 3]);
  await closed;
});

test('a session that holds nothing is told and ended at once', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const session = await openSession(running.clients.tcp.session());
  const closed = running.server.close();
  expect((await session.hear()).draining).toEqual({ grace: { seconds: '5', nanos: 0 } });
  expect(decodeError((await session.ended)!)).toMatchObject({
    code: StatusCode.UNAVAILABLE,
    reason: 'SERVER_DRAINING',
  });
  await closed;
});

test('a holder may renew and release, and gets nothing new', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const session = await openSession(running.clients.tcp.session());
  session.say({ acquire: { requestId: 'a', name: 'x' } });
  const { leaseId, token } = (await session.hear()).granted!;
  const closed = running.server.close();
  expect((await session.hear()).draining).not.toBeNull();
  session.say({ acquire: { requestId: 'b', name: 'y' } });
  expect(decodeStatus((await session.hear()).denied!.status!).reason).toBe('SERVER_DRAINING');
  session.say({ keepAlive: { sequence: 1 } });
  expect((await session.hear()).keepAliveAck).not.toBeNull();
  session.say({ release: { leaseId, token } });
  expect((await session.hear()).released).not.toBeNull();
  expect((await session.ended)!.code).toBe(StatusCode.UNAVAILABLE);
  await closed;
});

test('what is left at the drain timeout is cut', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const session = await openSession(running.clients.tcp.session());
  session.say({ acquire: { requestId: 'a', name: 'x' } });
  await session.hear();
  running.backends.cache.gate = new Promise(() => {});
  const stuck = running.clients.unix.call('cache', 'get', {}).catch((error) => error.code);
  const watch = running.clients.unix.watchHealth();
  watch.on('data', () => {});
  watch.on('error', () => {});
  await expect.poll(() => running.backends.cache.inFlightMost).toBe(1);
  const closed = running.server.close();
  await session.hear();
  await running.clock.advance(4_999);
  expect(running.backends.closes).toEqual([]);
  await running.clock.advance(1);
  expect((await session.ended)!.code).toBe(StatusCode.UNAVAILABLE);
  await running.clock.advance(1_000);
  expect([StatusCode.UNAVAILABLE, StatusCode.CANCELLED]).toContain(await stuck);
  await closed;
});

test('a client that watches health does not hold the server up, and hears NOT_SERVING', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const watch = running.clients.tcp.watchHealth();
  const heard: unknown[] = [];
  watch.on('data', ({ status }) => heard.push(status));
  watch.on('error', () => {});
  await expect.poll(() => heard).toEqual(['SERVING']);
  await running.server.close();
  expect(heard).toEqual(['SERVING', 'NOT_SERVING']);
});

test('a thousand sessions are told and gone in time', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const sessions = await Promise.all(
    Array.from({ length: 1_000 }, () => openSession(running.clients.tcp.session())),
  );
  await running.server.close();
  for (const session of sessions) {
    expect((await session.hear()).draining).not.toBeNull();
    expect((await session.ended)!.code).toBe(StatusCode.UNAVAILABLE);
  }
});

async function openSession(session: TestSession): Promise<TestSession> {
  session.say({ hello: {} });
  await session.hear();
  return session;
}
