// Goal: a client whose keep-alive is late is told so, and when it is safe again, as lock.proto
// promises; neither costs a client anything that does not read them.
// Method: a grpc-js client against the real lease table; its clock, and the server's, stands still
// until moved. One journal that is stuck, in place of a slow disk.
// Not covered: which sessions are late (core's keep-alives.test.ts), what our own client makes of
// it (packages/client/src/locks/jeopardy.test.ts).
import { expect, test, vi } from 'vitest';
import { SESSION_ADVICE_MAX } from '../src/server/limits.ts';
import { decodeError, openSession, type TestSession } from './test-client.ts';
import { startTestServer } from './test-server.ts';

const NOW = { seconds: 0 };

/** A session with a TTL of 9 s, and a lease of the lock `x`. */
async function holder(session: TestSession): Promise<void> {
  await openSession(session, { sessionTtl: { seconds: 9 } });
  session.say({ acquire: { requestId: 'a', name: 'x' } });
  await session.hear();
}

const kindsOf = async (session: TestSession, count: number): Promise<(string | undefined)[]> => {
  const kinds: (string | undefined)[] = [];
  while (kinds.length < count) kinds.push((await session.hear()).message);
  return kinds;
};

/** Everything before the answer to a message that is said now. */
async function heardSince(session: TestSession): Promise<(string | undefined)[]> {
  session.say({ acquire: { requestId: 'a', name: 'x' } });
  const kinds: (string | undefined)[] = [];
  for (;;) {
    const { message } = await session.hear();
    if (message === 'granted') return kinds;
    kinds.push(message);
  }
}

test('a client that stops its keep-alives hears Jeopardy, then Lost, then the end', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  await holder(session);
  await running.clock.advance(5_999);
  expect(await heardSince(session)).toEqual([]);
  await running.clock.advance(1);
  expect((await session.hear()).jeopardy).toEqual({ remaining: { seconds: '3', nanos: 0 } });
  await running.clock.advance(2_999);
  expect(await heardSince(session)).toEqual([]);
  await running.clock.advance(1);
  expect(await kindsOf(session, 1)).toEqual(['lost']);
  expect(decodeError((await session.ended)!).reason).toBe('SESSION_EXPIRED');
});

test('one that goes on with them hears Safe behind the acknowledgement, once each time', async () => {
  await using running = await startTestServer();
  const session = running.clients.unix.session();
  await holder(session);
  for (let round = 0; round < 2; round++) {
    await running.clock.advance(7_000);
    session.say({ keepAlive: { sequence: 1 } });
    session.say({ keepAlive: { sequence: 2 } });
    const kinds = ['jeopardy', 'keepAliveAck', 'safe', 'keepAliveAck'];
    expect(await kindsOf(session, 4)).toEqual(kinds);
  }
  await running.clock.advance(5_000);
  expect(await heardSince(session)).toEqual([]);
});

test('a session that neither holds nor waits hears nothing until it does', async () => {
  await using running = await startTestServer();
  const [session, other] = [running.clients.tcp.session(), running.clients.tcp.session()];
  await openSession(session, { sessionTtl: { seconds: 9 } });
  await openSession(other, { sessionTtl: { seconds: 60 } });
  other.say({ acquire: { requestId: 'b', name: 'y' } });
  await other.hear();
  await running.clock.advance(7_000);
  session.say({ acquire: { requestId: '1', name: 'y', wait: NOW } });
  session.say({ acquire: { requestId: '2', name: 'y' } });
  expect(await kindsOf(session, 3)).toEqual(['contended', 'jeopardy', 'queued']);
});

test('a stream that resumes a late session begins safe', async () => {
  await using running = await startTestServer();
  const [broken, again] = [running.clients.tcp.session(), running.clients.tcp.session()];
  const { sessionId: id, secret } = await openSession(broken, { sessionTtl: { seconds: 9 } });
  broken.say({ acquire: { requestId: 'a', name: 'x' } });
  await broken.hear();
  await running.clock.advance(7_000);
  expect(await kindsOf(broken, 1)).toEqual(['jeopardy']);
  await openSession(again, { resume: { id, secret } });
  again.say({ keepAlive: {} });
  expect(await kindsOf(again, 1)).toEqual(['keepAliveAck']);
  expect(await heardSince(again)).toEqual([]);
});

test('an acknowledgement of what came before the Jeopardy makes nothing safe', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  const { locks } = running.backends;
  const openReal = locks.openSession.bind(locks);
  // Keeping the first renewal takes as long as the test says.
  let kept = (): void => {};
  vi.spyOn(locks, 'openSession').mockImplementation((options, listener) => {
    const real = openReal(options, listener);
    const keepAlive = real.keepAlive.bind(real);
    vi.spyOn(real, 'keepAlive').mockImplementationOnce(async () => {
      const ttlMs = await keepAlive();
      await new Promise<void>((resolve) => {
        kept = resolve;
      });
      return ttlMs;
    });
    return real;
  });
  await holder(session);
  session.say({ keepAlive: { sequence: 1 } });
  expect(await heardSince(session)).toEqual([]);
  await running.clock.advance(6_000);
  kept();
  session.say({ keepAlive: { sequence: 2 } });
  const kinds = ['jeopardy', 'keepAliveAck', 'keepAliveAck', 'safe'];
  expect(await kindsOf(session, 4)).toEqual(kinds);
});

test('neither is sent to a client that does not read, which hears all the rest', async () => {
  await using running = await startTestServer();
  const session = running.clients.tcp.session();
  await holder(session);
  session.pause();
  // Large answers fill the windows of the stream and the connection, and then the server's queue.
  const name = 'n'.repeat(500);
  const requests = 400;
  for (let index = 0; index < requests; index++) {
    const requestId = `${index}`;
    session.say({ acquire: { requestId, name: `${name}${index}` } });
  }
  const granted = async () => (await locksHeld(running)) === requests + 1;
  await expect.poll(granted).toBe(true);
  await running.clock.advance(7_000);
  session.say({ keepAlive: { sequence: 1 } });
  session.resume();
  const heard = await kindsOf(session, requests + 1);
  expect(requests).toBeGreaterThan(SESSION_ADVICE_MAX);
  expect(new Set(heard.slice(0, -1))).toEqual(new Set(['granted']));
  expect(heard.at(-1)).toBe('keepAliveAck');
  expect(await heardSince(session)).toEqual([]);
});

async function locksHeld({ backends }: Awaited<ReturnType<typeof startTestServer>>) {
  return (await backends.locks.query()).held.length;
}
