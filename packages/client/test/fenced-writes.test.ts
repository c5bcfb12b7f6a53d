// Goal: a client's lease fences its writes, those of another client with the same token, and those
// made after a restart of the server.
// Method: two clients of the real sidecar on a store in a temporary directory, which is stopped and
// started again on the same socket.
// Not covered: each kind of write (cache-conformance.test.ts), a kill (core, simulated).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@holdfast/grpc-sidecar';
import { expect, test } from 'vitest';
import { connect, type Fence } from '../src/index.ts';

test('a fence holds for every client of the server, over its restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  const socket = join(directory, 'holdfast.sock');
  const start = () =>
    serve({
      cache: { directory: join(directory, 'store') },
      listen: [],
      socket,
      drainTimeout: 100,
    });
  let sidecar = await start();
  const holder = await connect(`unix:${socket}`, { clientName: 'holder' });
  const worker = await connect(`unix:${socket}`, { clientName: 'worker' });
  try {
    const late = await holder.locks.acquire('deploy', { ttl: '30s' });
    await late.release();
    const { name, token } = await holder.locks.acquire('deploy', { ttl: '30s' });
    // As a worker gets it with its task.
    const fence: Fence = { name, token };
    await worker.cache.set('a', 1, { fence });
    const refused = () =>
      expect(
        worker.cache.set('a', 0, { fence: { name, token: late.token } }),
      ).rejects.toMatchObject({
        code: 'STALE_FENCING_TOKEN',
        details: { reason: 'STALE_FENCING_TOKEN', highest: String(token) },
      });
    await refused();
    await sidecar.close();
    sidecar = await start();
    await refused();
    await worker.cache.set('a', 2, { fence });
    expect(await worker.cache.get('a')).toBe(2);
    await expect(worker.cache.set('a', 3, { fence: { name: '', token } })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  } finally {
    await Promise.all([holder.close(), worker.close()]);
    await sidecar.close();
    await rm(directory, { recursive: true });
  }
});
