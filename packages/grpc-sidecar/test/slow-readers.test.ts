// Goal: a client that does not read costs the server a bounded queue, loses nothing it relies on
// without being told, and costs others nothing.
// Method: streams that are paused while tens of thousands of messages come for them, over a
// connection whose windows fill; then they read what there is. Bounds are counted in messages.
// Not covered: a session whose stream is ended for it (failure-kit/queues.ts), pipelines
// (pipeline.test.ts), bytes.
import { expect, test } from 'vitest';
import { LOCK_CHANGES_MAX } from '../src/server/limits.ts';
import { openSession } from './test-client.ts';
import { startTestServer } from './test-server.ts';

/** Fills windows fast. */
const LONG = 'n'.repeat(490);

test('a watcher hears what was kept, then how much it missed, and nothing is out of order', async () => {
  await using running = await startTestServer();
  const { tcp, unix } = running.clients;
  const watch = tcp.watchLocks({});
  watch.pause();
  // Answered behind the watch on its connection: it has begun.
  await tcp.call('admin', 'getServerInfo', {});
  const { locks } = running.backends;
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const request = { name: `${LONG}${round}`, ttlMs: 60_000, waitMs: 0, clientName: '' };
    const lease = await locks.acquireLease(request);
    if (lease.kind !== 'granted') throw new Error('the lock is busy');
    await locks.releaseLease(lease.leaseId, lease.token);
    if (round % 1_000 === 0) await new Promise(setImmediate);
  }
  // Others are served meanwhile.
  await unix.call('admin', 'listLocks', {});
  watch.resume();
  let heard = 0;
  let missed = 0;
  let last = 0n;
  while (heard + missed < 2 * rounds) {
    const message = await watch.hear();
    if (message.change === 'LOCK_CHANGE_OVERFLOW') {
      missed += Number(message.missed);
      continue;
    }
    heard += 1;
    const token = BigInt(message.holder!.token);
    expect(token >= last).toBe(true);
    last = token;
  }
  expect(heard + missed).toBe(2 * rounds);
  expect(missed).toBeGreaterThan(rounds);
  // Beside its queue, what fits into the windows of the stream and the sockets.
  expect(heard).toBeLessThan(LOCK_CHANGES_MAX + 4_000);
  await locks.acquireLease({ name: 'after', ttlMs: 60_000, waitMs: 0, clientName: '' });
  expect(await watch.hear()).toMatchObject({ change: 'LOCK_CHANGE_GRANTED', name: 'after' });
  watch.cancel();
});

test('news of a queue is dropped before anything that counts', async () => {
  await using running = await startTestServer();
  const { tcp, backends } = { tcp: running.clients.tcp, backends: running.backends };
  const slow = tcp.session();
  await openSession(slow, { sessionTtl: { seconds: 3_600 } });
  const holder = await backends.locks.acquireLease({
    ...{ name: 'x', ttlMs: 3_600_000, waitMs: 0, clientName: '' },
  });
  const ahead: AbortController[] = [];
  for (let index = 0; index < 15; index++) {
    const abort = new AbortController();
    ahead.push(abort);
    const { signal } = abort;
    const request = { name: 'x', ttlMs: 3_600_000, waitMs: 3_600_000, clientName: '', signal };
    backends.locks.acquireLease(request).catch(() => {});
  }
  for (let index = 0; index < 500; index++) {
    slow.say({ acquire: { requestId: `${index}`, name: 'x' } });
    await slow.hear();
  }
  slow.pause();
  // Each that leaves moves 500 of its requests up: 7,500 pieces of news.
  for (const abort of ahead) {
    abort.abort();
    await running.clock.advance(100);
    await new Promise(setImmediate);
  }
  if (holder.kind !== 'granted') throw new Error('the lock is busy');
  await backends.locks.releaseLease(holder.leaseId, holder.token);
  slow.resume();
  let granted: string | undefined;
  while (granted === undefined) granted = (await slow.hear()).granted?.requestId;
  expect(granted).toBe('0');
  slow.cancel();
});
