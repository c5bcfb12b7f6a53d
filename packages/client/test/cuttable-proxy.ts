import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';

/**
 * A loopback proxy whose connections a test can cut, or leave open and let nothing through any
 * more.
 */
export class CuttableProxy {
  address = '';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isSilent = false;

  constructor(targetPort: number) {
    this.#server = createServer((socket) => {
      const target = connectSocket(targetPort, '127.0.0.1');
      this.#forward(socket, target);
      this.#forward(target, socket);
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

  /** From now on every byte, of new connections too, is swallowed without a word. */
  silence(): void {
    this.#isSilent = true;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      if (!this.#isSilent) to.write(bytes);
    });
    // One side's end is the other's; its error says no more than that.
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
