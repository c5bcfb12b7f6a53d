import {
  connect as connectSocket,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';

/** Which bytes get lost: all, or only what the server says. */
export type Silence = 'both ways' | 'to the client';

/**
 * A loopback proxy whose connections a test can cut, or leave open and let nothing through any
 * more.
 */
export class CuttableProxy {
  address = '';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #silence: Silence | undefined;

  /** `address` as a server tells it: `host:port` or `unix:path`. */
  constructor(address: string) {
    this.#server = createServer((socket) => {
      const target = connectSocket(targetOf(address));
      this.#forward(socket, target, () => this.#silence === 'both ways');
      this.#forward(target, socket, () => this.#silence !== undefined);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.address = `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
    return this;
  }

  /** Ends all connections; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on these bytes, of new connections too, are swallowed without a word. */
  silence(which: Silence = 'both ways'): void {
    this.#silence = which;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #forward(from: Socket, to: Socket, isSilent: () => boolean): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      if (!isSilent()) to.write(bytes);
    });
    // One side's end is the other's; its error says no more than that.
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}

function targetOf(address: string): NetConnectOpts {
  if (address.startsWith('unix:')) return { path: address.slice('unix:'.length) };
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
