/**
 * The least that keeps locks over gRPC: a queue for each name, and one write and one fdatasync for
 * each grant. `node bare-server.js FOLDER` listens on a Unix socket there and prints its address.
 */
import { fdatasync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type BareRequest, type BareResponse, bareSession } from './bare-protos.ts';

type Call = ServerDuplexStream<BareRequest, BareResponse>;

const [folder = '.'] = process.argv.slice(2);
const file = openSync(join(folder, 'grants'), 'w');
const record = Buffer.alloc(64, 'g');
/** The first of each has the lock. */
const queues = new Map<string, { readonly call: Call; readonly id: number }[]>();

function grant(name: string): void {
  const first = queues.get(name)?.[0];
  if (first === undefined) return;
  writeSync(file, record);
  fdatasync(file, (error) => {
    if (error !== null) throw error;
    first.call.write({ id: first.id });
  });
}

function onRequest(call: Call, { id, name, release }: BareRequest): void {
  const queue = queues.get(name) ?? [];
  queues.set(name, queue);
  if (release) {
    queue.shift();
    grant(name);
    call.write({ id });
  } else if (queue.push({ call, id }) === 1) {
    grant(name);
  }
}

const server = new Server();
server.addService(
  { Session: bareSession() },
  {
    Session: (call: Call) => {
      call.on('data', (request: BareRequest) => onRequest(call, request));
      call.on('error', () => {});
    },
  },
);
const address = `unix:${join(folder, 'bare.sock')}`;
server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
  process.stdout.write(address);
});
