import type { handleUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type { Durability, LockBackend } from '@holdfast/core/backend';
import {
  type AdminServiceHandlers,
  type GetServerInfoResponse,
  type GetStatsResponse,
  loadHoldfastProtos,
} from '@holdfast/protos';
import type { Backends, StoreDescription } from '../backends/backends.ts';
import type { OperationExecutor } from '../cache/operation-executor.ts';
import type { Pipelines } from '../cache/pipeline.ts';
import type { SessionStreams } from '../locks/lock-service.ts';
import { duration, SCOPES } from '../locks/session-messages.ts';
import {
  BATCH_OPERATIONS_MAX,
  KEY_BYTES_MAX,
  messageBytesMax,
  PIPELINE_BATCHES_MAX,
} from '../server/limits.ts';
import { malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { MalformedMessage, tolerant } from '../wire/message-reader.ts';

export interface AdminServiceOptions {
  readonly backends: Backends;
  readonly executor: OperationExecutor;
  readonly pipelines: Pipelines;
  readonly sessions: SessionStreams;
  readonly version: string;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  readonly processId: number;
}

const DURABILITIES = {
  buffered: 'DURABILITY_BUFFERED',
  written: 'DURABILITY_WRITTEN',
  synced: 'DURABILITY_SYNCED',
} as const satisfies Record<Durability, string>;

/** The service as grpc-js takes it. */
export function adminServiceDefinition(): ServiceDefinition {
  const { GetServerInfo, GetStats, Flush } = loadHoldfastProtos().adminService;
  return {
    GetServerInfo: {
      ...GetServerInfo,
      requestDeserialize: tolerant(GetServerInfo.requestDeserialize),
    },
    GetStats: { ...GetStats, requestDeserialize: tolerant(GetStats.requestDeserialize) },
    Flush: { ...Flush, requestDeserialize: tolerant(Flush.requestDeserialize) },
  };
}

export function adminServiceHandlers(
  options: AdminServiceOptions,
): Record<keyof AdminServiceHandlers, handleUnaryCall<unknown, object>> {
  return {
    GetServerInfo: answering(async () => serverInfo(options)),
    GetStats: answering(() => stats(options)),
    Flush: answering(async () => {
      await options.backends.admin.flush();
      return {};
    }),
  };
}

function answering(answer: () => Promise<object>): handleUnaryCall<unknown, object> {
  return (call, callback) => {
    if (call.request instanceof MalformedMessage) {
      callback(serviceError(malformedError(call.request)));
      return;
    }
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback(serviceError(HoldfastError.from(error))),
    );
  };
}

function serverInfo(options: AdminServiceOptions): GetServerInfoResponse {
  const { locks, admin } = options.backends;
  const { store } = admin;
  return {
    version: options.version,
    incarnation: locks.incarnation,
    startedAt: duration(options.startedAtMs),
    processId: options.processId,
    directory: store.directory ?? '',
    defaultDurability: DURABILITIES[store.defaultDurability],
    defaultTtl: Number.isFinite(store.defaultTtlMs) ? duration(store.defaultTtlMs) : null,
    lockScope: SCOPES[locks.scope],
    limits: limitsOf(store),
  };
}

function limitsOf(store: StoreDescription) {
  return {
    keyBytesMax: KEY_BYTES_MAX,
    valueBytesMax: store.valueBytesMax,
    messageBytesMax: messageBytesMax(store.valueBytesMax),
    batchOperationsMax: BATCH_OPERATIONS_MAX,
    pipelineBatchesMax: PIPELINE_BATCHES_MAX,
  };
}

async function stats(options: AdminServiceOptions): Promise<GetStatsResponse> {
  const { backends, executor, pipelines, sessions } = options;
  const [cache, locks] = await Promise.all([backends.admin.stats(), lockCounts(backends.locks)]);
  return {
    cache,
    server: {
      cacheOperations: executor.executedCount,
      cacheOperationsFailed: executor.failedCount,
      pipelines: pipelines.openCount,
      sessionStreams: sessions.openCount,
      ...locks,
    },
  };
}

async function lockCounts(locks: LockBackend) {
  const { held, waiting } = await locks.query();
  return { leasesHeld: held.length, requestsWaiting: waiting.length };
}
