// Goal: LockService.Session says what lock.proto promises, through grants, losses, broken streams
// and slow readers.
// Method: a grpc-js client against the real lease table; its clock, and the server's, stands still
// until moved.
// Not covered: the table itself (core's tests), draining (drain.test.ts).
import { status as StatusCode } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import {
  decodeError,
  decodeStatus,
  openSession,
  type TestClient,
  type TestSession,
} from './test-client.ts';
import { startTestServer } from './test-server.ts';

const NOW = { seconds: 0 };

describe.each(['tcp', 'unix'] as const)('over %s', (transport) => {
  test('grants a free lock, queues the next, and grants it a larger token on release', async () => {
    await using running = await startTestServer();
    const [first, second] = await twoSessions(running.clients[transport]);
    first.say({ acquire: { requestId: 'a', name: 'deploy' } });
    const { granted } = await first.hear();
    expect(granted).toMatchObject({
      requestId: 'a',
      name: 'deploy',
      effectiveTtl: { seconds: '10' },
    });
    second.say({ acquire: { requestId: 'b', name: 'deploy' } });
    expect((await second.hear()).queued).toEqual({
      requestId: 'b',
      name: 'deploy',
      position: 1,
      holder: 'first',
    });
    first.say({ release: { leaseId: granted!.leaseId, token: granted!.token } });
    expect((await first.hear()).released).toEqual({
      leaseId: granted!.leaseId,
      token: granted!.token,
    });
    const next = (await second.hear()).granted!;
    expect(BigInt(next.token)).toBeGreaterThan(BigInt(granted!.token));
  });
});

test('says what the session is', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  const welcome = await openSession(session, { sessionTtl: { seconds: 3 } });
  expect(welcome).toMatchObject({
    resumed: false,
    effectiveTtl: { seconds: '3' },
    keepaliveInterval: { seconds: '1' },
    scope: 'LOCK_SCOPE_SERVER',
    durable: false,
    held: [],
    queued: [],
  });
  expect(welcome.incarnation).toBe(running.backends.locks.incarnation);
  expect(welcome.secret.length).toBeGreaterThanOrEqual(32);
});

test('a busy lock is contended at once without a wait, and when the wait is over', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  await grant(first, 'x');
  second.say({ acquire: { requestId: 'try', name: 'x', wait: NOW } });
  expect((await second.hear()).contended).toMatchObject({ requestId: 'try', holder: 'first' });
  second.say({ acquire: { requestId: 'wait', name: 'x', wait: { seconds: 5 } } });
  expect((await second.hear()).queued).toMatchObject({ requestId: 'wait' });
  await running.clock.advance(5_000);
  expect((await second.hear()).contended).toMatchObject({ requestId: 'wait' });
});

test('a cancelled request is contended, and the one behind it moves up', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  await grant(first, 'x');
  second.say({ acquire: { requestId: '1', name: 'x' } });
  await second.hear();
  second.say({ cancelAcquire: { requestId: '1' } });
  expect((await second.hear()).contended).toMatchObject({ requestId: '1' });
});

test('keep-alives renew; without them the lease is lost and goes to the next', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  const lease = await grant(first, 'x');
  second.say({ acquire: { requestId: 'b', name: 'x' } });
  await second.hear();
  await running.clock.advance(6_000);
  for (const [session, sequence] of [
    [first, '18446744073709551615'],
    [second, '2'],
  ] as const) {
    session.say({ keepAlive: { sequence } });
    expect((await session.hear()).keepAliveAck).toEqual({
      sequence,
      ttl: { seconds: '10', nanos: 0 },
    });
  }
  await running.clock.advance(6_000);
  second.say({ keepAlive: { sequence: 3 } });
  await second.hear();
  await running.clock.advance(4_000);
  expect((await first.hear()).message).toBe('jeopardy');
  expect((await first.hear()).lost).toEqual({
    leaseId: lease.leaseId,
    token: lease.token,
    reason: 'LOST_REASON_SESSION_EXPIRED',
  });
  expect(decodeError((await first.ended)!)).toMatchObject({
    code: StatusCode.NOT_FOUND,
    reason: 'SESSION_EXPIRED',
  });
  expect((await second.hear()).granted).toMatchObject({ requestId: 'b' });
});

test('a broken stream is no loss: the session is resumed with its lease and its place', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  const lease = await grant(first, 'x');
  const broken = running.clients.unix.session();
  const { sessionId, secret } = await openSession(broken, { clientName: 'third' });
  broken.say({ acquire: { requestId: 'q', name: 'x' } });
  await broken.hear();
  const other = await grant(broken, 'y');
  broken.stream.cancel();
  await broken.ended;
  const again = running.clients.tcp.session();
  const welcome = await openSession(again, { resume: { id: sessionId, secret } });
  expect(welcome).toMatchObject({ resumed: true, sessionId });
  expect(welcome.held).toEqual([
    { requestId: 'y', name: 'y', leaseId: other.leaseId, token: other.token, holdLimit: null },
  ]);
  expect(welcome.queued).toMatchObject([{ requestId: 'q', name: 'x', position: 1 }]);
  first.say({ release: lease });
  await first.hear();
  expect((await again.hear()).granted).toMatchObject({ requestId: 'q' });
  second.stream.cancel();
});

test('a session that another stream resumes ends here with ABORTED', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  const { sessionId, secret } = await openSession(session, {});
  await openSession(running.clients.unix.session(), { resume: { id: sessionId, secret } });
  expect(decodeError((await session.ended)!)).toMatchObject({
    code: StatusCode.ABORTED,
    reason: 'SESSION_TAKEN_OVER',
  });
});

test.each([
  ['an unknown session', { id: 'nobody', secret: 'x' }],
  ['a wrong secret', undefined],
])('resuming %s is NOT_FOUND', async (_what, resume) => {
  await using running = await startTestServer();
  const { sessionId } = await openSession(running.clients.tcp.session(), {});
  const session = running.clients.tcp.session();
  session.say({ hello: { resume: resume ?? { id: sessionId, secret: 'guess' } } });
  expect(decodeError((await session.ended)!)).toMatchObject({
    code: StatusCode.NOT_FOUND,
    reason: 'SESSION_EXPIRED',
    metadata: { code: 'LEASE_LOST' },
  });
});

test('goodbye releases everything and ends the stream with OK', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  await grant(first, 'x');
  second.say({ acquire: { requestId: 'b', name: 'x' } });
  await second.hear();
  first.say({ goodbye: {} });
  expect(await first.ended).toBeUndefined();
  expect((await second.hear()).granted).toMatchObject({ requestId: 'b' });
});

test('closing the sending side detaches, and the lease lives on', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  await grant(first, 'x');
  first.stream.end();
  expect(await first.ended).toBeUndefined();
  second.say({ acquire: { requestId: 'b', name: 'x', wait: NOW } });
  expect((await second.hear()).contended).toMatchObject({ requestId: 'b' });
});

test('a wrong request is denied and the stream goes on', async () => {
  await using running = await startTestServer();
  const [first, second] = await twoSessions(running.clients.tcp);
  const lease = await grant(first, 'x');
  const denied = async (session: TestSession, message: object) => {
    session.say(message);
    const answer = (await session.hear()).denied!;
    return {
      ...decodeStatus(answer.status!),
      requestId: answer.requestId,
      leaseId: answer.leaseId,
    };
  };
  expect(await denied(first, { acquire: { requestId: 'n', name: '' } })).toMatchObject({
    code: StatusCode.INVALID_ARGUMENT,
    reason: 'INVALID_LOCK_NAME',
    fields: ['name'],
    requestId: 'n',
  });
  expect(
    await denied(first, { acquire: { requestId: 'w', name: 'x', wait: { seconds: -1 } } }),
  ).toMatchObject({
    reason: 'INVALID_TTL',
    fields: ['wait'],
  });
  expect(await denied(first, { acquire: { requestId: 'x', name: 'another' } })).toMatchObject({
    code: StatusCode.ALREADY_EXISTS,
    reason: 'REQUEST_ID_REUSED',
  });
  expect(await denied(second, { release: lease })).toMatchObject({
    code: StatusCode.PERMISSION_DENIED,
    reason: 'NOT_OWNER',
    leaseId: lease.leaseId,
    requestId: '',
  });
  expect(
    await denied(second, { release: { leaseId: 'no', token: '18446744073709551615' } }),
  ).toMatchObject({
    code: StatusCode.FAILED_PRECONDITION,
    reason: 'LEASE_LOST',
  });
  await grant(first, 'still');
});

test('releasing twice is fine', async () => {
  await using running = await startTestServer();
  const [first] = await twoSessions(running.clients.tcp);
  const lease = await grant(first, 'x');
  for (let round = 0; round < 2; round++) {
    first.say({ release: lease });
    expect((await first.hear()).released).toMatchObject({ leaseId: lease.leaseId });
  }
});

test.each([
  ['no hello first', [{ acquire: { requestId: 'a', name: 'x' } }], ''],
  ['an empty message', [{ hello: {} }, {}], ''],
  ['a second hello', [{ hello: {} }, { hello: {} }], ''],
  ['a TTL too short', [{ hello: { sessionTtl: { nanos: 1_000_000 } } }], 'ttl'],
  ['a TTL below 0', [{ hello: { sessionTtl: { seconds: -5 } } }], 'session_ttl'],
  ['a client name too long', [{ hello: { clientName: 'é'.repeat(129) } }], 'client_name'],
  ['a metadata value too long', [{ hello: { metadata: { a: 'v'.repeat(257) } } }], 'metadata'],
  [
    'too much metadata',
    [{ hello: { metadata: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [i, ''])) } }],
    'metadata',
  ],
])('%s ends the stream with INVALID_ARGUMENT', async (_what, messages, field) => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  for (const message of messages) session.say(message);
  expect(decodeError((await session.ended)!)).toMatchObject({
    code: StatusCode.INVALID_ARGUMENT,
    fields: [field],
  });
});

test('a stream that says nothing is ended after 10 seconds', async () => {
  await using running = await startTestServer();
  const timers = running.clock.pendingTimers;
  const session = running.clients.tcp.session();
  await expect.poll(() => running.clock.pendingTimers).toBeGreaterThan(timers);
  await running.clock.advance(10_000);
  expect(decodeError((await session.ended)!).reason).toBe('HELLO_TIMEOUT');
});

test('a client that does not read loses its stream, not its lease', async () => {
  await using running = await startTestServer();
  const [slow, other] = await twoSessions(running.clients.tcp);
  const lease = await grant(slow, 'x');
  slow.stream.pause();
  // Large answers fill the flow-control window; then the server's queue has to stop growing.
  const name = 'n'.repeat(512);
  for (let index = 0; index < 3_000; index++) {
    slow.say({ acquire: { requestId: `${index}`, name: `${name.slice(5)}${index}`, wait: NOW } });
  }
  await expect
    .poll(async () => {
      const { server } = await running.clients.unix.call<{ server: { sessionStreams: number } }>(
        'admin',
        'getStats',
        {},
      );
      return server.sessionStreams;
    })
    .toBe(1);
  other.say({ acquire: { requestId: 'b', name: 'x', wait: NOW } });
  expect((await other.hear()).contended).toMatchObject({ holder: 'first' });
  slow.stream.resume();
  expect(decodeError((await slow.ended)!)).toMatchObject({
    code: StatusCode.RESOURCE_EXHAUSTED,
    reason: 'SLOW_READER',
  });
  expect(lease.leaseId).not.toBe('');
});

async function twoSessions(client: TestClient): Promise<[TestSession, TestSession]> {
  const sessions: [TestSession, TestSession] = [client.session(), client.session()];
  await openSession(sessions[0], { clientName: 'first' });
  await openSession(sessions[1], { clientName: 'second' });
  return sessions;
}

async function grant(
  session: TestSession,
  name: string,
): Promise<{ leaseId: string; token: string }> {
  session.say({ acquire: { requestId: name, name } });
  const { leaseId, token } = (await session.hear()).granted!;
  return { leaseId, token };
}
