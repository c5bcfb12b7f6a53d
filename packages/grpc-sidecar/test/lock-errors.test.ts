// Goal: each row of the table of errors in docs/locks.md is what a client gets: status, reason,
// field, and whether to try again.
// Method: a grpc-js client over a session (denied, or the stream's end) and over unary calls.
// Not covered: the encoding (status.test.ts), the document (docs/locks.test.ts), fenced writes (the
// cache's), a store that writes no more.
import { status as StatusCode } from '@grpc/grpc-js';
import type { Acquire } from '@holdfast/protos';
import { describe, expect, test } from 'vitest';
import {
  type DecodedError,
  decodeError,
  decodeStatus,
  failure,
  openSession,
  type TestClient,
} from './test-client.ts';
import { startTestServer } from './test-server.ts';

const LIMITS = { sessionsMax: 4, locksMax: 3, waitersPerLockMax: 1, claimsPerSessionMax: 3 };
const PERMIT = { name: 'x', mode: 'LOCK_MODE_PERMIT', capacity: 5 } as const;
const REQUEST_ID = 'a-request-id-of-22-and-more';
const INVALID = StatusCode.INVALID_ARGUMENT;
const { ALREADY_EXISTS, NOT_FOUND, PERMISSION_DENIED } = StatusCode;
const { FAILED_PRECONDITION, RESOURCE_EXHAUSTED, UNAVAILABLE } = StatusCode;

const BAD_TERMS: readonly [string, Acquire, string, string][] = [
  ['an empty name', { name: '' }, 'INVALID_LOCK_NAME', 'name'],
  ['a name of 513 bytes', { name: 'é'.repeat(257) }, 'INVALID_LOCK_NAME', 'name'],
  ['a mode of later servers', { name: 'x', mode: 9 as never }, 'INVALID_MODE', 'mode'],
  ['permits without the mode', { name: 'x', permits: 1 }, 'INVALID_PERMITS', 'permits'],
  ['a capacity without the mode', { name: 'x', capacity: 1 }, 'INVALID_PERMITS', 'capacity'],
  ['no capacity', { ...PERMIT, capacity: 0 }, 'INVALID_PERMITS', 'capacity'],
  ['a capacity too large', { ...PERMIT, capacity: 1_000_001 }, 'INVALID_PERMITS', 'capacity'],
  ['more permits than there are', { ...PERMIT, permits: 6 }, 'INVALID_PERMITS', 'permits'],
  [
    'a lock delay of 2 h',
    { name: 'x', lockDelay: { seconds: 7_200 } },
    'INVALID_TTL',
    'lock_delay',
  ],
  ['a lock delay below 0', { name: 'x', lockDelay: { seconds: -1 } }, 'INVALID_TTL', 'lock_delay'],
  ['a hold of 99 ms', { name: 'x', maxHold: { nanos: 99_000_000 } }, 'INVALID_TTL', 'max_hold'],
  ['a wait below 0', { name: 'x', wait: { seconds: -1 } }, 'INVALID_TTL', 'wait'],
];

describe.each(BAD_TERMS)('%s', (_what, acquire, reason, field) => {
  const expected = { code: INVALID, reason, fields: [field], hasRetry: false };

  test('is denied on a session, which goes on', async () => {
    await using running = await startTestServer();
    expect(await denied(running.clients.tcp, [acquire])).toMatchObject(expected);
  });

  test('is refused by the unary calls', async () => {
    await using running = await startTestServer();
    expect(await refused(running.clients.tcp, 'acquire', acquire)).toMatchObject(expected);
    const { wait, ...rest } = acquire;
    if (wait === undefined) {
      expect(await refused(running.clients.tcp, 'tryAcquire', rest)).toMatchObject(expected);
    }
  });
});

test.each([
  ['a TTL of 99 ms', { ttl: { nanos: 99_000_000 } }, 'INVALID_TTL', 'ttl'],
  ['a TTL of 25 h', { ttl: { seconds: 90_000 } }, 'INVALID_TTL', 'ttl'],
  ['a request id of 21', { requestId: 'a'.repeat(21) }, 'INVALID_REQUEST_ID', 'request_id'],
  ['a client name of 257', { clientName: 'a'.repeat(257) }, 'INVALID_ARGUMENT', 'client_name'],
])('%s is refused by the unary calls', async (_what, request, reason, field) => {
  await using running = await startTestServer();
  expect(await refused(running.clients.tcp, 'acquire', { name: 'x', ...request })).toMatchObject({
    code: INVALID,
    reason,
    fields: [field],
  });
});

test.each([
  ['getLock', 'locks'],
  ['validateToken', 'locks'],
  ['forceRelease', 'admin'],
] as const)('%s refuses a bad name', async (method, service) => {
  await using running = await startTestServer();
  const call = running.clients.tcp.call(service, method, { name: '' });
  expect(await failure(call)).toMatchObject({ code: INVALID, reason: 'INVALID_LOCK_NAME' });
});

test.each([
  ['exclusive and permits', [{ name: 'x' }, PERMIT]],
  ['permits and shared', [PERMIT, { name: 'x', mode: 'LOCK_MODE_SHARED' }]],
  ['another capacity', [PERMIT, { ...PERMIT, capacity: 6 }]],
] as const)('modes that do not mix: %s', async (_what, [first, second]) => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const expected = { code: INVALID, reason: 'LOCK_MODE_MISMATCH', fields: ['mode'] };
  await tcp.call('locks', 'acquire', first);
  expect(await denied(tcp, [second])).toMatchObject(expected);
  expect(await refused(tcp, 'acquire', second)).toMatchObject(expected);
});

test('renew or release after loss, and of another', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const { granted } = await tcp.call<{ granted: { leaseId: string; token: string } }>(
    'locks',
    'acquire',
    { name: 'x', ttl: { seconds: 5 } },
  );
  const guess = { leaseId: 'guess', token: granted.token };
  const session = unix.session();
  await openSession(session, {});
  session.say({ release: guess });
  const { status } = (await session.hear()).denied!;
  const expected = { code: PERMISSION_DENIED, reason: 'NOT_OWNER', hasRetry: false };
  expect(decodeStatus(status!)).toMatchObject({ ...expected, code: PERMISSION_DENIED });
  for (const method of ['renew', 'release']) {
    expect(await refused(unix, method, guess)).toMatchObject(expected);
  }
  await running.clock.advance(5_000);
  for (const method of ['renew', 'release']) {
    expect(await refused(tcp, method, granted)).toMatchObject({
      code: FAILED_PRECONDITION,
      reason: 'LEASE_LOST',
      hasRetry: false,
    });
  }
});

test('an unknown session on resume', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  session.say({ hello: { resume: { id: 'nobody', secret: 'x' } } });
  expect(decodeError((await session.ended)!)).toMatchObject({
    code: NOT_FOUND,
    reason: 'SESSION_EXPIRED',
  });
});

test.each(['LOCK_SCOPE_CLUSTER', 9])('a scope not available here: %s', async (scope) => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  session.say({ hello: { scope: scope as never } });
  expect(decodeError((await session.ended)!)).toMatchObject({
    code: FAILED_PRECONDITION,
    reason: 'SCOPE_UNAVAILABLE',
    metadata: { scope: 'server' },
    fields: [],
  });
});

test('a request id reused for something else', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const expected = { code: ALREADY_EXISTS, reason: 'REQUEST_ID_REUSED', hasRetry: false };
  expect(await denied(tcp, [{ name: 'x' }, { name: 'x', mode: 'LOCK_MODE_SHARED' }])).toMatchObject(
    expected,
  );
  await tcp.call('locks', 'acquire', { name: 'y', requestId: REQUEST_ID });
  const other = { name: 'y', requestId: REQUEST_ID, maxHold: { seconds: 9 } };
  expect(await refused(tcp, 'acquire', other)).toMatchObject(expected);
});

test('too many waiters, locks, requests and sessions, each to be tried again', async () => {
  await using running = await startTestServer({ lockLimits: LIMITS });
  const { tcp, unix } = running.clients;
  const full = (reason: string) => ({ code: RESOURCE_EXHAUSTED, reason, hasRetry: true });
  await tcp.call('locks', 'acquire', { name: 'x' });
  const session = unix.session();
  await openSession(session, {});
  for (const [id, name] of Object.entries({ a: 'x', b: 'y', c: 'z' })) {
    session.say({ acquire: { requestId: id, name } });
    await session.hear();
  }
  session.say({ acquire: { requestId: 'd', name: 'x' } });
  expect(decodeStatus((await session.hear()).denied!.status!)).toMatchObject(
    full('TOO_MANY_REQUESTS'),
  );
  expect(await refused(tcp, 'acquire', { name: 'x' })).toMatchObject(full('WAIT_QUEUE_FULL'));
  expect(await refused(tcp, 'acquire', { name: 'w' })).toMatchObject(full('TOO_MANY_LOCKS'));
  // The lease's own session, this one and the local one are three; refused calls left none behind.
  await openSession(tcp.session(), {});
  const oneTooMany = tcp.session();
  oneTooMany.say({ hello: {} });
  expect(decodeError((await oneTooMany.ended)!)).toMatchObject(full('TOO_MANY_SESSIONS'));
  expect(await refused(tcp, 'tryAcquire', { name: 'x' })).toMatchObject(full('TOO_MANY_SESSIONS'));
});

test('draining, on a session and in the calls that wait or come', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const { tcp } = running.clients;
  const session = tcp.session();
  await openSession(session, {});
  session.say({ acquire: { requestId: 'a', name: 'x' } });
  await session.hear();
  const waiting = refused(tcp, 'acquire', { name: 'x' });
  await expect.poll(async () => (await running.backends.locks.query()).waiting.length).toBe(1);
  const closed = running.server.close();
  const draining = { code: UNAVAILABLE, reason: 'SERVER_DRAINING', hasRetry: true };
  expect(await waiting).toMatchObject(draining);
  expect((await session.hear()).draining).not.toBeNull();
  session.say({ acquire: { requestId: 'b', name: 'y' } });
  expect(decodeStatus((await session.hear()).denied!.status!)).toMatchObject(draining);
  session.say({ goodbye: {} });
  await session.ended;
  await closed;
});

/** Says each on a new session under one request id: how the last is denied. */
async function denied(client: TestClient, requests: readonly Acquire[]): Promise<DecodedError> {
  const session = client.session();
  await openSession(session, {});
  for (const request of requests.slice(0, -1)) {
    session.say({ acquire: { requestId: 'a', ...request } });
    await session.hear();
  }
  session.say({ acquire: { requestId: 'a', ...requests.at(-1) } });
  const answer = (await session.hear()).denied!;
  expect(answer.requestId).toBe('a');
  session.say({ keepAlive: { sequence: 1 } });
  expect((await session.hear()).message).toBe('keepAliveAck');
  session.stream.end();
  return decodeStatus(answer.status!);
}

function refused(client: TestClient, method: string, request: object): Promise<DecodedError> {
  return failure(client.call('locks', method, request));
}
