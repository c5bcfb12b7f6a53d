import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceError,
  type status,
} from '@grpc/grpc-js';
import {
  type Entry,
  loadHoldfastProtos,
  type Operation__Output,
  type OperationResult,
  type PipelineRequest__Output,
  type PipelineResponse,
  type SessionRequest__Output,
  type SessionResponse,
} from '@holdfast/protos';

export type PipelineCall = ServerDuplexStream<PipelineRequest__Output, PipelineResponse>;
export type SessionCall = ServerDuplexStream<SessionRequest__Output, SessionResponse>;

/**
 * A gRPC server in this process with a `Map` for a store and no durability, whose streams a test
 * may take over to answer late, wrongly or not at all.
 */
export class GrpcTestServer {
  address = '';
  readonly store = new Map<string, Entry>();
  readonly pipelines: PipelineCall[] = [];
  readonly sessions: SessionCall[] = [];
  /** Batches as they came. */
  readonly batches: PipelineRequest__Output[] = [];
  onBatch: (call: PipelineCall, batch: PipelineRequest__Output) => void = (call, batch) =>
    void call.write({ id: batch.id, results: batch.operations.map((it) => this.execute(it)) });
  onSession: (call: SessionCall, message: SessionRequest__Output) => void = () => {};
  #server: Server | undefined;
  #port = 0;
  #version = 0;

  /** Listens on loopback; again on the same port after a `stop`. */
  async start(): Promise<this> {
    this.#port = await this.#listen(`127.0.0.1:${this.#port}`);
    this.address = `127.0.0.1:${this.#port}`;
    return this;
  }

  /** Listens on a Unix socket in a directory of its own. */
  async startOnSocket(): Promise<() => Promise<void>> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
    this.address = `unix:${join(directory, 'holdfast.sock')}`;
    await this.#listen(this.address);
    return async () => {
      this.stop();
      await rm(directory, { recursive: true });
    };
  }

  /** Drops every connection, as a kill would. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  execute(operation: Operation__Output): OperationResult {
    if (operation.get) {
      const entry = this.store.get(operation.get.key.toString('hex'));
      return { get: entry === undefined ? {} : { entry } };
    }
    if (operation.set) {
      const { key, value, expiresAt = null } = operation.set;
      const version = String(++this.#version);
      const entry = { value, version, createdAt: { seconds: 1, nanos: 5_000_000 }, expiresAt };
      if (operation.set.ifAbsent && this.store.has(key.toString('hex'))) {
        return { set: { stored: false, version } };
      }
      this.store.set(key.toString('hex'), entry);
      return { set: { stored: true, version } };
    }
    if (operation.delete) {
      return { delete: { existed: this.store.delete(operation.delete.key.toString('hex')) } };
    }
    return { touch: { existed: this.store.has(operation.touch?.key.toString('hex') ?? '') } };
  }

  async #listen(address: string): Promise<number> {
    const { cacheService, lockService, adminService } = loadHoldfastProtos();
    const server = new Server();
    server.addService(cacheService, {
      Pipeline: (call: PipelineCall) => {
        this.pipelines.push(call);
        call.on('data', (batch: PipelineRequest__Output) => {
          this.batches.push(batch);
          this.onBatch(call, batch);
        });
        call.on('end', () => call.end());
        call.on('error', () => {});
      },
    });
    server.addService(lockService, {
      Session: (call: SessionCall) => {
        this.sessions.push(call);
        call.on('data', (message: SessionRequest__Output) => this.onSession(call, message));
        call.on('end', () => call.end());
        call.on('error', () => {});
      },
    });
    server.addService(adminService, {});
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }
}

/** An error as the sidecar sends it, with its reason. */
export function reasonedError(
  code: status,
  message: string,
  reason: string,
  metadata: Record<string, string> = {},
): ServiceError {
  const details = new Metadata();
  details.set('grpc-status-details-bin', statusBytes(code, message, reason, metadata));
  return Object.assign(new Error(message), { code, details: message, metadata: details });
}

export function reasonedStatus(
  code: status,
  message: string,
  reason: string,
  metadata: Record<string, string> = {},
): { code: number; message: string; details: { type_url: string; value: Buffer }[] } {
  const value = loadHoldfastProtos().errorInfo.serialize({
    reason,
    domain: 'holdfast.dev',
    metadata,
  });
  return { code, message, details: [{ type_url: ERROR_INFO, value }] };
}

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

function statusBytes(
  code: status,
  message: string,
  reason: string,
  metadata: Record<string, string>,
): Buffer {
  return loadHoldfastProtos().status.serialize(reasonedStatus(code, message, reason, metadata));
}
