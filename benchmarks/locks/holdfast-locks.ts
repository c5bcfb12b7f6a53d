import { join } from 'node:path';
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import {
  type Granted__Output,
  loadHoldfastProtos,
  type SessionRequest,
  type SessionResponse__Output,
} from '@holdfast/protos';
import { ChildServer, repositoryFile } from './child-server.ts';
import {
  type HeldLock,
  type LockPeer,
  type LockServer,
  type LockSession,
  TTL_SECONDS,
} from './lock-peer.ts';

/** The sidecar on a persistent store, and its session stream. */
export function holdfastLocks(transport: 'unix' | 'tcp'): LockPeer {
  const over = transport === 'unix' ? 'a Unix socket' : 'TCP on loopback';
  return {
    note: `the sidecar on a persistent store, a session stream over ${over}; a grant is synced`,
    async start(directory): Promise<LockServer> {
      const sidecar = await startSidecar(directory);
      const address = sidecar.addresses[transport === 'unix' ? 1 : 0]!;
      const client = openClient(address);
      return {
        open: () => HoldfastSession.open(client),
        stop: async () => {
          client.close();
          await sidecar.server.stop();
        },
      };
    },
  };
}

/** The command as it is installed; its addresses are the TCP one and the Unix socket. */
export async function startSidecar(
  directory: string,
): Promise<{ readonly server: ChildServer; readonly addresses: readonly string[] }> {
  const socket = join(directory, 'holdfast.sock');
  const server = await ChildServer.start([
    repositoryFile('packages/grpc-sidecar/bin/holdfast.js'),
    ...['serve', '--json', '--log-level', 'error', '--directory', join(directory, 'store')],
    ...['--listen', '127.0.0.1:0', '--socket', socket],
  ]);
  return { server, addresses: JSON.parse(server.line).addresses };
}

export function openClient(address: string): Client {
  return new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
}

type Stream = ClientDuplexStream<SessionRequest, SessionResponse__Output>;

/** A session's stream; requests are told apart by their ids. */
export class HoldfastSession implements LockSession {
  readonly #stream: Stream;
  readonly #granted = new Map<string, (granted: Granted__Output) => void>();
  readonly #released = new Map<string, () => void>();
  #requests = 0;
  #welcomed: () => void = () => {};

  private constructor(stream: Stream) {
    this.#stream = stream;
    stream.on('data', (message: SessionResponse__Output) => this.#hear(message));
    // How the stream ends, once the measurement is over, is nobody's concern.
    stream.on('error', () => {});
  }

  static async open(client: Client, ttlSeconds = TTL_SECONDS): Promise<HoldfastSession> {
    const { path, requestSerialize, responseDeserialize } =
      loadHoldfastProtos().lockService.Session;
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const session = new HoldfastSession(stream);
    const welcomed = new Promise<void>((resolve) => {
      session.#welcomed = resolve;
    });
    stream.write({ hello: { clientName: 'benchmark', sessionTtl: { seconds: ttlSeconds } } });
    await welcomed;
    return session;
  }

  acquire(name: string): Promise<HeldLock> {
    const requestId = String(++this.#requests);
    const granted = new Promise<HeldLock>((resolve) => {
      this.#granted.set(requestId, (lease) => resolve({ release: () => this.#release(lease) }));
    });
    this.#stream.write({ acquire: { requestId, name } });
    return granted;
  }

  keepAlive(sequence: number): void {
    this.#stream.write({ keepAlive: { sequence } });
  }

  close(): void {
    this.#stream.cancel();
  }

  #release({ leaseId, token }: Granted__Output): Promise<void> {
    const released = new Promise<void>((resolve) => this.#released.set(leaseId, resolve));
    this.#stream.write({ release: { leaseId, token } });
    return released;
  }

  #hear({ granted, released, welcome }: SessionResponse__Output): void {
    if (granted) {
      this.#granted.get(granted.requestId)?.(granted);
      this.#granted.delete(granted.requestId);
    } else if (released) {
      this.#released.get(released.leaseId)?.();
      this.#released.delete(released.leaseId);
    } else if (welcome) {
      this.#welcomed();
    }
  }
}
