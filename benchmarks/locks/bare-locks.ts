import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { type BareRequest, type BareResponse, bareSession } from './bare-protos.ts';
import { ChildServer } from './child-server.ts';
import { openClient } from './holdfast-locks.ts';
import type { HeldLock, LockPeer, LockSession } from './lock-peer.ts';

export const bareLocks: LockPeer = {
  note: 'bare grpc-js on a Unix socket: a stream round trip, a write and an fdatasync a grant; no leases',
  async start(directory) {
    const server = await ChildServer.start([serverPath(), directory]);
    const client = openClient(server.line);
    const { path, requestSerialize, responseDeserialize } = bareSession();
    return {
      open: async () =>
        new BareSession(client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize)),
      stop: async () => {
        client.close();
        await server.stop();
      },
    };
  },
};

class BareSession implements LockSession {
  readonly #stream: ClientDuplexStream<BareRequest, BareResponse>;
  readonly #answers = new Map<number, () => void>();
  #requests = 0;

  constructor(stream: ClientDuplexStream<BareRequest, BareResponse>) {
    this.#stream = stream;
    stream.on('data', ({ id }: BareResponse) => {
      this.#answers.get(id)?.();
      this.#answers.delete(id);
    });
    // How the stream ends, once the measurement is over, is nobody's concern.
    stream.on('error', () => {});
  }

  async acquire(name: string): Promise<HeldLock> {
    await this.#ask(name, false);
    return { release: () => this.#ask(name, true) };
  }

  close(): void {
    this.#stream.cancel();
  }

  #ask(name: string, release: boolean): Promise<void> {
    const id = ++this.#requests;
    const answered = new Promise<void>((resolve) => this.#answers.set(id, resolve));
    this.#stream.write({ id, name, release });
    return answered;
  }
}

/** Tests import this file as a source; what Node 20 can run is the compiled one. */
function serverPath(): string {
  const name = 'bare-server.js';
  const beside = join(import.meta.dirname, name);
  return existsSync(beside) ? beside : join(import.meta.dirname, '..', 'dist', 'locks', name);
}
