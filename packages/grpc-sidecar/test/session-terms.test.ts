// Goal: LockService.Session keeps the terms of a request: scope, modes, permits, lock delay,
// longest hold; and says when a lease is being taken.
// Method: a grpc-js client against the real lease table on a clock that stands still until moved.
// Not covered: the rest of the session (session.test.ts), refusals (lock-errors.test.ts).
import { expect, test } from 'vitest';
import { openSession, type TestSession } from './test-client.ts';
import { startTestServer } from './test-server.ts';

test.each(['UNSPECIFIED', 'PROCESS', 'SERVER'])('scope %s is had here', async (scope) => {
  await using running = await startTestServer();
  const welcome = await openSession(running.clients.tcp.session(), {
    scope: `LOCK_SCOPE_${scope}` as never,
  });
  expect(welcome.scope).toBe('LOCK_SCOPE_SERVER');
});

test('readers are granted together, in order with writers', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  await openSession(session, {});
  for (const requestId of ['r1', 'r2']) {
    session.say({ acquire: { requestId, name: 'x', mode: 'LOCK_MODE_SHARED' } });
    expect((await session.hear()).granted).toMatchObject({ requestId });
  }
  session.say({ acquire: { requestId: 'w', name: 'x' } });
  expect((await session.hear()).queued).toMatchObject({ requestId: 'w', position: 1 });
  session.say({ acquire: { requestId: 'r3', name: 'x', mode: 'LOCK_MODE_SHARED' } });
  expect((await session.hear()).queued).toMatchObject({ requestId: 'r3', position: 2 });
});

test('permits are granted up to the capacity', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  await openSession(session, {});
  const ask = async (requestId: string, permits: number) => {
    const mode = 'LOCK_MODE_PERMIT';
    const wait = { seconds: 0 };
    session.say({ acquire: { requestId, name: 'x', mode, permits, capacity: 3, wait } });
    return (await session.hear()).message;
  };
  expect([await ask('a', 2), await ask('b', 2), await ask('c', 0), await ask('d', 1)]).toEqual([
    'granted',
    'contended',
    'granted',
    'contended',
  ]);
});

test('a longest hold is told from the last keep-alive on, and ends with MAX_HOLD', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  await openSession(session, { sessionTtl: { seconds: 60 } });
  const ask = (requestId: string) =>
    session.say({ acquire: { requestId, name: 'x', maxHold: { seconds: 5 } } });
  ask('a');
  const first = (await session.hear()).granted!;
  expect(first.holdLimit).toEqual({ seconds: '5', nanos: 0 });
  ask('b');
  await session.hear();
  await running.clock.advance(2_000);
  session.say({ keepAlive: { sequence: 1 } });
  await session.hear();
  await running.clock.advance(3_000);
  expect((await session.hear()).lost).toMatchObject({
    leaseId: first.leaseId,
    reason: 'LOST_REASON_MAX_HOLD',
  });
  // Granted 3 s after the keep-alive that was answered last, for 5 s.
  expect((await session.hear()).granted).toMatchObject({
    requestId: 'b',
    holdLimit: { seconds: '8' },
  });
});

test('a resumed session hears how long its holds last yet, and what is being taken', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const broken = tcp.session();
  const { sessionId: id, secret } = await openSession(broken, { sessionTtl: { seconds: 60 } });
  broken.say({ acquire: { requestId: 'a', name: 'x', maxHold: { seconds: 50 } } });
  await broken.hear();
  broken.stream.cancel();
  await broken.ended;
  await running.clock.advance(10_000);
  await tcp.call('admin', 'forceRelease', { name: 'x', grace: { seconds: 20 } });
  await running.clock.advance(5_000);
  const again = tcp.session();
  const { held } = await openSession(again, { resume: { id, secret } });
  // As it is now: an operator takes it in 15 s, before its hold is over.
  expect(held).toMatchObject([{ name: 'x', holdLimit: { seconds: '15' } }]);
  expect((await again.hear()).revoking).toMatchObject({
    remaining: { seconds: '15', nanos: 0 },
    reason: 'LOST_REASON_ADMIN',
  });
});

test('a lock that was lost stays closed for its delay, one that was released does not', async () => {
  await using running = await startTestServer();
  const [first, second] = [running.clients.tcp.session(), running.clients.tcp.session()];
  for (const session of [first, second]) {
    await openSession(session, { sessionTtl: { seconds: 60 } });
  }
  const take = async (session: TestSession, requestId: string) => {
    session.say({
      acquire: { requestId, name: 'x', lockDelay: { seconds: 3 }, maxHold: { seconds: 1 } },
    });
    return session.hear();
  };
  const lease = (await take(first, 'a')).granted!;
  first.say({ release: { leaseId: lease.leaseId, token: lease.token } });
  await first.hear();
  expect((await take(second, 'b')).message).toBe('granted');
  await running.clock.advance(1_000);
  expect((await second.hear()).message).toBe('lost');
  expect((await take(first, 'c')).message).toBe('queued');
  await running.clock.advance(2_999);
  first.say({ keepAlive: {} });
  expect((await first.hear()).message).toBe('keepAliveAck');
  await running.clock.advance(1);
  expect((await first.hear()).message).toBe('granted');
});
