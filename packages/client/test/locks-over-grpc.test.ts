/**
 * Goal: the session protocol over real sockets: what is sent, what is understood, and resuming
 * after a cut.
 * Method: a gRPC server in this process that keeps just enough state to grant, queue and resume; a
 * real clock with long TTLs, so that no test waits for one.
 * Not covered: deadlines (remote-locks.test.ts, by a manual clock), the sidecar's own table
 * (with-sidecar.test.ts).
 */
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, connect, type QueuePosition } from '../src/index.ts';
import {
  GrpcTestServer,
  reasonedError,
  reasonedStatus,
  type SessionCall,
} from './grpc-test-server.ts';

let server: GrpcTestServer;
let client: Client;

/**
 * Grants every lock at once, unless the name says otherwise; a session lives as long as the server.
 */
function grantEverything(): void {
  const held = new Map<
    string,
    { requestId: string; name: string; leaseId: string; token: string }
  >();
  let token = 2n ** 63n;
  server.onSession = (call, { hello, acquire, release, keepAlive, goodbye }) => {
    if (hello) {
      const isResumed = hello.resume?.secret === 'secret';
      call.write({
        welcome: {
          sessionId: 'session',
          secret: 'secret',
          resumed: isResumed,
          effectiveTtl: hello.sessionTtl,
          held: isResumed ? [...held.values()] : [],
        },
      });
    } else if (acquire) {
      const { requestId, name } = acquire;
      if (name === 'busy') {
        call.write({ queued: { requestId, name, position: 3, holder: 'ann' } });
        call.write({ contended: { requestId, name, position: 3, holder: 'ann' } });
      } else if (name === 'denied') {
        const denial = reasonedStatus(status.RESOURCE_EXHAUSTED, 'full', 'WAIT_QUEUE_FULL');
        call.write({ denied: { requestId, status: denial } });
      } else {
        token += 1n;
        const lease = { requestId, name, leaseId: `l${token}`, token: String(token) };
        held.set(lease.leaseId, lease);
        call.write({ granted: lease });
      }
    } else if (release) {
      held.delete(release.leaseId);
      call.write({ released: release });
    } else if (keepAlive) {
      call.write({
        keepAliveAck: { sequence: keepAlive.sequence, ttl: { seconds: 10, nanos: 0 } },
      });
    } else if (goodbye) {
      held.clear();
      call.end();
    }
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !condition(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(condition()).toBe(true);
}

function lastSession(): SessionCall {
  const call = server.sessions.at(-1);
  if (call === undefined) throw new Error('no session was opened');
  return call;
}

beforeEach(async () => {
  server = await new GrpcTestServer().start();
  grantEverything();
  client = await connect(server.address, {
    clientName: 'tester',
    metadata: { pod: 'p-1' },
    sessionTtl: '10s',
    reconnectDelayMax: 50,
  });
});

afterEach(async () => {
  await client.close();
  server.stop();
});

describe('a session over gRPC', () => {
  it('says hello as asked for, and asks for locks with every digit of a token', async () => {
    const said: unknown[] = [];
    const answer = server.onSession;
    server.onSession = (call, message) => {
      said.push(message[message.message ?? 'hello']);
      answer(call, message);
    };
    const lease = await client.locks.acquire('Grüße', { wait: '1.5s' });
    expect(lease.token).toBe(2n ** 63n + 1n);
    await lease.renew();
    await lease.release();
    expect(await client.locks.request('endless', () => 'done')).toBe('done');
    expect(said).toMatchObject([
      {
        clientName: 'tester',
        metadata: { pod: 'p-1' },
        sessionTtl: { seconds: '10', nanos: 0 },
        resume: null,
      },
      { requestId: 'r1', name: 'Grüße', wait: { seconds: '1', nanos: 500_000_000 } },
      { sequence: '2' },
      { token: String(2n ** 63n + 1n) },
      { requestId: 'r2', name: 'endless', wait: null },
      { token: String(2n ** 63n + 2n) },
    ]);
  });

  it('tells queueing, contention and denial', async () => {
    const places: QueuePosition[] = [];
    const busy = client.locks.acquire('busy', { wait: 1, onQueued: (place) => places.push(place) });
    await expect(busy).rejects.toMatchObject({ code: 'LOCK_TIMEOUT', details: { position: 3 } });
    expect(places).toEqual([{ position: 3, holder: 'ann' }]);
    expect(await client.locks.tryAcquire('busy')).toBeUndefined();
    await expect(client.locks.acquire('denied')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'WAIT_QUEUE_FULL' },
    });
  });

  it('hears that it is in jeopardy and answers at once, and skips what it does not know', async () => {
    const told: string[] = [];
    await client.locks.acquire('deploy', {
      onJeopardy: () => void told.push('jeopardy'),
      onSafe: () => void told.push('safe'),
    });
    const call = lastSession();
    // A kind of later servers is a message without any, to this one.
    call.write({});
    call.write({ jeopardy: { remaining: { seconds: 3, nanos: 0 } } });
    call.write({ safe: {} });
    await until(() => told.length === 2);
    expect(told).toEqual(['jeopardy', 'safe']);
    expect(server.sessions).toHaveLength(1);
  });

  it('is resumed with the same tokens after its connection was cut', async () => {
    const lease = await client.locks.acquire('deploy');
    lastSession().emit('error', reasonedError(status.INTERNAL, 'cut', 'CUT'));
    await until(() => server.sessions.length === 2);
    const other = await client.locks.acquire('other');
    lease.assertHeld();
    expect(other.token).toBe(lease.token + 1n);
  });

  it('is resumed after the server was killed and came back', async () => {
    const lease = await client.locks.acquire('deploy');
    server.stop();
    await server.start();
    const other = await client.locks.acquire('other');
    lease.assertHeld();
    await Promise.all([lease.release(), other.release()]);
  });

  it('is over when the server does not know it any more', async () => {
    const lease = await client.locks.acquire('deploy');
    const answer = server.onSession;
    server.onSession = (call, message) =>
      message.hello?.resume
        ? void call.emit('error', reasonedError(status.NOT_FOUND, 'who?', 'SESSION_EXPIRED'))
        : answer(call, message);
    lastSession().emit('error', reasonedError(status.INTERNAL, 'cut', 'CUT'));
    await until(() => lease.signal.aborted);
    expect(lease.signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect((await client.locks.acquire('again')).name).toBe('again');
  });

  it('hears of losses with their reason', async () => {
    const lease = await client.locks.acquire('deploy');
    const lost = { leaseId: `l${lease.token}`, token: String(lease.token) };
    lastSession().write({ lost: { ...lost, reason: 'LOST_REASON_ADMIN' } });
    await until(() => lease.signal.aborted);
    expect(lease.signal.reason).toMatchObject({ details: { reason: 'admin' } });
  });

  it('gives back what it holds when the client is closed', async () => {
    await client.locks.acquire('deploy');
    let saidGoodbye = false;
    const answer = server.onSession;
    server.onSession = (call, message) => {
      saidGoodbye ||= message.goodbye != null;
      answer(call, message);
    };
    const startedAtMs = performance.now();
    await client.close();
    expect(saidGoodbye).toBe(true);
    // Once the server has ended the stream, and not when the second is over that it has for it.
    expect(performance.now() - startedAtMs).toBeLessThan(900);
  });

  it('survives a server that sends nonsense', async () => {
    const answer = server.onSession;
    let isWelcomed = false;
    server.onSession = (call, message) => {
      if (isWelcomed) return answer(call, message);
      isWelcomed = true;
      // A TTL of nothing, and a kind of message that does not exist.
      call.write({});
      call.write({ welcome: { sessionId: 'x', secret: 'y' } });
    };
    const lease = await client.locks.acquire('deploy');
    lease.assertHeld();
    expect(server.sessions.length).toBe(2);
  });

  it('denies to release what is not ours without failing the release', async () => {
    const lease = await client.locks.acquire('deploy');
    const answer = server.onSession;
    server.onSession = (call, message) => {
      if (!message.release) return answer(call, message);
      const { leaseId } = message.release;
      const denial = reasonedStatus(status.FAILED_PRECONDITION, 'gone', 'LEASE_LOST');
      call.write({ denied: { leaseId, status: denial } });
    };
    await lease.release();
  });
});
