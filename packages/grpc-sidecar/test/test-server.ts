import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@holdfast/core/testing';
import type { LeaseTableLimits } from '../../core/src/locks/index.ts';
import { SILENT_LOGGER } from '../src/server/logger.ts';
import { type Server, startServer } from '../src/server/start-server.ts';
import { type MemoryBackends, memoryBackends } from './memory-backends.ts';
import { TestClient } from './test-client.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  readonly backends: MemoryBackends;
  /** Deadlines, leases, and the server's own timeouts follow it. */
  readonly clock: ManualClock;
  /** One over TCP, one over the Unix socket. */
  readonly clients: { readonly tcp: TestClient; readonly unix: TestClient };
  readonly socketPath: string;
}

/** A server over memory, on a free port and a socket in a directory of its own. */
export async function startTestServer(
  options: { drainTimeoutMs?: number; lockLimits?: LeaseTableLimits } = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const socketPath = join(directory, 'holdfast.sock');
  const clock = new ManualClock();
  const backends = await memoryBackends(clock, options.lockLimits);
  const server = await startServer({
    backends,
    clock,
    logger: SILENT_LOGGER,
    version: '1.2.3',
    listen: ['127.0.0.1:0'],
    socketPath,
    drainTimeoutMs: options.drainTimeoutMs ?? 0,
  });
  const [tcp, unix] = server.addresses.map((address) => new TestClient(address));
  return {
    server,
    backends,
    clock,
    clients: { tcp: tcp!, unix: unix! },
    socketPath,
    async [Symbol.asyncDispose]() {
      tcp?.close();
      unix?.close();
      let isClosed = false;
      const closed = server.close().finally(() => {
        isClosed = true;
      });
      // Whatever the test left open is cut as soon as the server waits for it.
      while (!isClosed) {
        await clock.advance(60_000);
        await new Promise(setImmediate);
      }
      await closed;
      await rm(directory, { recursive: true });
    },
  };
}
