// Goal: an operator sees locks, sessions and what happens to them, and can take a lock away.
// Method: grpc-js clients against the real lease table; its clock stands still until moved.
// Not covered: watchers who do not read (slow-readers.test.ts), bad names (lock-errors.test.ts).
import { status as StatusCode } from '@grpc/grpc-js';
import type { ListLocksResponse__Output, ListSessionsResponse__Output } from '@holdfast/protos';
import { expect, test } from 'vitest';
import { decodeError, failure, openSession, type TestClient } from './test-client.ts';
import { startTestServer } from './test-server.ts';

test('lists locks by name, a page at a time, with holders and waiters', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  for (const name of ['job-3', 'job-1', 'other', 'job-2']) {
    await tcp.call('locks', 'acquire', { name, clientName: 'single' });
  }
  const session = unix.session();
  const { sessionId } = await openSession(session, { clientName: 'waiter' });
  session.say({ acquire: { requestId: 'a', name: 'job-1' } });
  await session.hear();
  const first = await list(tcp, { prefix: 'job-', pageSize: 2 });
  expect(first.locks).toEqual([
    {
      name: 'job-1',
      holders: [
        {
          sessionId: '',
          clientName: 'single',
          token: running.backends.nthToken(2),
          mode: 'LOCK_MODE_EXCLUSIVE',
          permits: 1,
        },
      ],
      waiting: 1,
      held: 1,
      waiters: [
        { sessionId, clientName: 'waiter', token: '0', mode: 'LOCK_MODE_EXCLUSIVE', permits: 1 },
      ],
    },
    expect.objectContaining({ name: 'job-2', waiting: 0, held: 1 }),
  ]);
  const pageToken = first.nextPageToken;
  const second = await list(tcp, { prefix: 'job-', pageSize: 2, pageToken });
  expect([second.locks.map(({ name }) => name), second.nextPageToken]).toEqual([['job-3'], '']);
  expect((await list(tcp, {})).locks).toHaveLength(4);
});

test.each([
  ['a page too large', { pageSize: 1_001 }, 'page_size'],
  ['a page token of nobody', { pageToken: 'a b' }, 'page_token'],
])('%s is refused', async (_what, request, field) => {
  await using running = await startTestServer();
  for (const method of ['listLocks', 'listSessions']) {
    expect(await failure(running.clients.tcp.call('admin', method, request))).toMatchObject({
      code: StatusCode.INVALID_ARGUMENT,
      fields: [field],
    });
  }
});

test('lists sessions, attached or not, a page at a time, without their secrets', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const ids: string[] = [];
  for (const clientName of ['a', 'b', 'c']) {
    const session = unix.session();
    const welcome = await openSession(session, { clientName, metadata: { pod: clientName } });
    ids.push(welcome.sessionId);
    session.say({ acquire: { requestId: '1', name: 'x' } });
    await session.hear();
    if (clientName === 'c') {
      session.stream.end();
      await session.ended;
    }
  }
  await running.clock.advance(4_000);
  const found: ListSessionsResponse__Output['sessions'] = [];
  let pageToken = '';
  do {
    const page: ListSessionsResponse__Output = await tcp.call('admin', 'listSessions', {
      pageSize: 1,
      pageToken,
    });
    found.push(...page.sessions);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(found.map(({ sessionId }) => sessionId)).toEqual([...ids].sort());
  expect(found.find(({ clientName }) => clientName === 'a')).toEqual({
    sessionId: ids[0],
    clientName: 'a',
    metadata: { pod: 'a' },
    attached: true,
    ttl: { seconds: '10', nanos: 0 },
    remaining: { seconds: '6', nanos: 0 },
    held: 1,
    waiting: 0,
  });
  expect(found.find(({ clientName }) => clientName === 'c')).toMatchObject({
    attached: false,
    held: 0,
    waiting: 1,
  });
});

test('watches locks: what is held at first, and every change after', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const [one, three] = [1, 3].map(running.backends.nthToken);
  await tcp.call('locks', 'acquire', { name: 'job-1', clientName: 'single' });
  const watch = tcp.watchLocks({ prefix: 'job-', includeCurrent: true });
  const hear = async () => {
    const { change, name, holder, reason } = await watch.hear();
    return [change, name, holder?.clientName, holder?.token, reason].join(' ');
  };
  expect(await hear()).toBe(`LOCK_CHANGE_GRANTED job-1 single ${one} LOST_REASON_UNSPECIFIED`);
  const session = unix.session();
  await openSession(session, { clientName: 'two' });
  session.say({ acquire: { requestId: 'a', name: 'job-1' } });
  session.say({ acquire: { requestId: 'b', name: 'other' } });
  session.say({ cancelAcquire: { requestId: 'a' } });
  session.say({ acquire: { requestId: 'c', name: 'job-1' } });
  expect(await hear()).toBe('LOCK_CHANGE_QUEUED job-1 two 0 LOST_REASON_UNSPECIFIED');
  expect(await hear()).toBe('LOCK_CHANGE_LEFT job-1 two 0 LOST_REASON_UNSPECIFIED');
  expect(await hear()).toBe('LOCK_CHANGE_QUEUED job-1 two 0 LOST_REASON_UNSPECIFIED');
  await tcp.call('admin', 'forceRelease', { name: 'job-1' });
  expect(await hear()).toBe(`LOCK_CHANGE_LOST job-1 single ${one} LOST_REASON_ADMIN`);
  expect(await hear()).toBe(`LOCK_CHANGE_GRANTED job-1 two ${three} LOST_REASON_UNSPECIFIED`);
  await tcp.call('admin', 'forceRelease', { name: 'job-1', grace: { seconds: 5 } });
  expect(await hear()).toBe(`LOCK_CHANGE_REVOKING job-1 two ${three} LOST_REASON_ADMIN`);
  session.say({ goodbye: {} });
  expect(await hear()).toBe(`LOCK_CHANGE_RELEASED job-1 two ${three} LOST_REASON_UNSPECIFIED`);
  watch.cancel();
});

test('64 may watch, and a watcher who leaves makes room', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  await tcp.call('locks', 'acquire', { name: 'x' });
  const watches = Array.from({ length: 64 }, () => tcp.watchLocks({ includeCurrent: true }));
  for (const watch of watches) await watch.hear();
  const refused = tcp.watchLocks({});
  expect(decodeError((await refused.ended)!)).toMatchObject({
    code: StatusCode.RESOURCE_EXHAUSTED,
    reason: 'TOO_MANY_WATCHERS',
    hasRetry: true,
  });
  watches[0]!.cancel();
  await watches[0]!.ended;
  await expect
    .poll(async () => {
      const watch = tcp.watchLocks({ includeCurrent: true });
      return Promise.race([watch.hear().then(() => 'watching'), watch.ended.then(() => 'refused')]);
    })
    .toBe('watching');
  for (const watch of watches) watch.cancel();
});

test('a server that drains ends its watches', async () => {
  await using running = await startTestServer({ drainTimeoutMs: 5_000 });
  const { tcp } = running.clients;
  await tcp.call('locks', 'acquire', { name: 'x' });
  const watch = tcp.watchLocks({ includeCurrent: true });
  await watch.hear();
  const closed = running.server.close();
  expect(decodeError((await watch.ended)!)).toMatchObject({
    code: StatusCode.UNAVAILABLE,
    reason: 'SERVER_DRAINING',
  });
  await closed;
});

test('takes a lock from one holder, from all, and at once or after a grace', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const session = unix.session();
  await openSession(session, { sessionTtl: { seconds: 60 } });
  const tokens: string[] = [];
  for (const requestId of ['a', 'b', 'c']) {
    session.say({ acquire: { requestId, name: 'x', mode: 'LOCK_MODE_SHARED' } });
    tokens.push((await session.hear()).granted!.token);
  }
  const force = (request: object) => tcp.call('admin', 'forceRelease', { name: 'x', ...request });
  expect(await force({ token: tokens[1] })).toEqual({ tokens: [tokens[1]] });
  expect((await session.hear()).lost).toEqual({
    leaseId: tokens[1],
    token: tokens[1],
    reason: 'LOST_REASON_ADMIN',
  });
  expect(await force({ token: tokens[1] })).toEqual({ tokens: [] });
  expect(await force({ grace: { seconds: 2 } })).toEqual({ tokens: [tokens[0], tokens[2]] });
  for (const token of [tokens[0], tokens[2]]) {
    expect((await session.hear()).revoking).toEqual({
      leaseId: token,
      token,
      remaining: { seconds: '2', nanos: 0 },
      reason: 'LOST_REASON_ADMIN',
    });
  }
  session.say({ release: { leaseId: tokens[0]!, token: tokens[0]! } });
  expect((await session.hear()).message).toBe('released');
  await running.clock.advance(2_000);
  expect((await session.hear()).lost).toMatchObject({ token: tokens[2] });
  expect(await failure(force({ grace: { seconds: 3_601 } }))).toMatchObject({
    reason: 'INVALID_TTL',
    fields: ['grace'],
  });
});

function list(client: TestClient, request: object): Promise<ListLocksResponse__Output> {
  return client.call('admin', 'listLocks', request);
}
