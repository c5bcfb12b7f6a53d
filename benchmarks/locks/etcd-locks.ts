import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Client, MethodDefinition } from '@grpc/grpc-js';
import { type EtcdMethods, etcdMethods } from './etcd-protos.ts';
import { openClient } from './holdfast-locks.ts';
import { type HeldLock, type LockPeer, type LockSession, TTL_SECONDS } from './lock-peer.ts';

const READY_MS_MAX = 20_000;

export const etcdLocks: LockPeer = {
  note: 'one node on loopback, its own Lock and Unlock calls, a lease for each client; a grant is synced',
  async start(directory) {
    const [clients, peers] = await Promise.all([freePort(), freePort()]);
    const url = (port: number): string => `http://127.0.0.1:${port}`;
    const child = spawn(
      'etcd',
      [
        ...['--name', 'bench', '--data-dir', join(directory, 'etcd'), '--log-level', 'error'],
        ...['--listen-client-urls', url(clients), '--advertise-client-urls', url(clients)],
        ...['--listen-peer-urls', url(peers), '--initial-advertise-peer-urls', url(peers)],
        ...['--initial-cluster', `bench=${url(peers)}`],
      ],
      { stdio: 'ignore' },
    );
    await once(child, 'spawn').catch(() => {
      throw new Error('etcd is not installed (Debian: apt-get install etcd-server)');
    });
    const client = openClient(`127.0.0.1:${clients}`);
    const methods = etcdMethods();
    const grantLease = () => call(client, methods.LeaseGrant, { TTL: TTL_SECONDS });
    await ready(grantLease);
    return {
      open: async () => new EtcdSession(client, methods, (await grantLease()).ID),
      stop: async () => {
        client.close();
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      },
    };
  },
};

class EtcdSession implements LockSession {
  readonly #client: Client;
  readonly #methods: EtcdMethods;
  readonly #lease: string;

  constructor(client: Client, methods: EtcdMethods, lease: string) {
    this.#client = client;
    this.#methods = methods;
    this.#lease = lease;
  }

  async acquire(name: string): Promise<HeldLock> {
    const { Lock, Unlock } = this.#methods;
    const { key } = await call(this.#client, Lock, { name: Buffer.from(name), lease: this.#lease });
    return { release: async () => void (await call(this.#client, Unlock, { key })) };
  }

  close(): void {
    // The lease is left to end with its server.
  }
}

function call<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      (error, answer) => (error === null ? resolve(answer as Response) : reject(error)),
    );
  });
}

async function ready(ask: () => Promise<unknown>): Promise<void> {
  const endMs = performance.now() + READY_MS_MAX;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
