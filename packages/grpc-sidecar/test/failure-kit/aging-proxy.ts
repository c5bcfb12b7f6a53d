/**
 * Between a client and a server, at the level of calls: every connection ends with a GOAWAY when it
 * has reached its age, and its calls a little later, as load balancers and meshes have it.
 */
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import { loadHoldfastProtos } from '@holdfast/protos';

type Call = ServerDuplexStream<Buffer, Buffer>;

const identity = (bytes: Buffer): Buffer => bytes;

export class AgingProxy {
  address = '';
  /** Streams that went through. */
  streams = 0;
  readonly #server: Server;
  readonly #target: Client;

  constructor(address: string, ageMs: number) {
    this.#target = new Client(address, credentials.createInsecure());
    this.#server = new Server({
      'grpc.max_connection_age_ms': ageMs,
      'grpc.max_connection_age_grace_ms': 50,
    });
    const { lockService, cacheService } = loadHoldfastProtos();
    for (const service of [lockService, cacheService]) {
      const streams = Object.entries(service).filter(([, method]) => method.requestStream);
      const definition = streams.map(([name, method]) => [
        name,
        {
          ...method,
          requestSerialize: identity,
          requestDeserialize: identity,
          responseSerialize: identity,
          responseDeserialize: identity,
        },
      ]);
      const handlers = streams.map(([name, { path }]) => [
        name,
        (call: Call) => this.#forward(call, path),
      ]);
      this.#server.addService(Object.fromEntries(definition), Object.fromEntries(handlers));
    }
  }

  async start(): Promise<this> {
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    this.address = `127.0.0.1:${port}`;
    return this;
  }

  close(): void {
    this.#server.forceShutdown();
    this.#target.close();
  }

  #forward(call: Call, path: string): void {
    this.streams += 1;
    const onward: ClientDuplexStream<Buffer, Buffer> = this.#target.makeBidiStreamRequest(
      path,
      identity,
      identity,
    );
    call.on('data', (bytes: Buffer) => onward.write(bytes));
    call.on('end', () => onward.end());
    call.on('cancelled', () => onward.cancel());
    call.on('error', () => onward.cancel());
    onward.on('data', (bytes: Buffer) => call.write(bytes));
    onward.on('end', () => call.end());
    onward.on('error', (error) => call.emit('error', error));
  }
}
