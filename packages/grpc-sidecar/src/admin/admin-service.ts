import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { FileDamage } from '@holdfast/core';
import type { Durability, LockBackend } from '@holdfast/core/backend';
import {
  type CompactResponse,
  type FlushResponse,
  type GetServerInfoResponse,
  type GetStatsResponse,
  loadHoldfastProtos,
  type VerifyResponse,
  type FileDamageKind as WireDamageKind,
} from '@holdfast/protos';
import type { Backends, StoreDescription } from '../backends/backends.ts';
import type { FillCalls } from '../cache/fill-calls.ts';
import type { OperationExecutor } from '../cache/operation-executor.ts';
import type { Pipelines } from '../cache/pipeline.ts';
import type { LockService } from '../locks/lock-service.ts';
import { SCOPES } from '../locks/lock-values.ts';
import {
  BATCH_OPERATIONS_MAX,
  KEY_BYTES_MAX,
  LOCK_MESSAGE_BYTES_MAX,
  messageBytesMax,
  PIPELINE_BATCHES_MAX,
} from '../server/limits.ts';
import { answering, bounded } from '../server/unary-call.ts';
import { duration } from '../wire/duration.ts';
import { lockCalls } from './lock-calls.ts';
import type { LockWatchStreams } from './lock-watch-stream.ts';

export interface AdminServiceOptions {
  readonly backends: Backends;
  readonly executor: OperationExecutor;
  readonly pipelines: Pipelines;
  readonly lockService: LockService;
  readonly watches: LockWatchStreams;
  readonly fillCalls: Pick<FillCalls, 'openCount'>;
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

const DAMAGE_KINDS = {
  missing: 'FILE_DAMAGE_KIND_MISSING',
  unreadable: 'FILE_DAMAGE_KIND_UNREADABLE',
  header: 'FILE_DAMAGE_KIND_HEADER',
  records: 'FILE_DAMAGE_KIND_RECORDS',
} as const satisfies Record<FileDamage['what'], WireDamageKind>;

/** The service as grpc-js takes it. */
export function adminServiceDefinition(): ServiceDefinition {
  const methods = Object.entries(loadHoldfastProtos().adminService);
  return Object.fromEntries(
    methods.map(([name, method]) => [name, bounded(method as never, LOCK_MESSAGE_BYTES_MAX)]),
  );
}

export function adminServiceHandlers(options: AdminServiceOptions): UntypedServiceImplementation {
  return {
    ...lockCalls(options.backends.locks),
    WatchLocks: options.watches.handle,
    GetServerInfo: answering<unknown, GetServerInfoResponse>(async () => serverInfo(options)),
    GetStats: answering<unknown, GetStatsResponse>(() => stats(options)),
    Flush: answering<unknown, FlushResponse>(async () => {
      await options.backends.admin.flush();
      return {};
    }),
    Compact: answering<unknown, CompactResponse>(() => options.backends.admin.compact()),
    Verify: answering<unknown, VerifyResponse>(async () => {
      const { damage, ...counts } = await options.backends.admin.verify();
      const kinds = damage.map(({ what, ...place }) => ({ ...place, kind: DAMAGE_KINDS[what] }));
      return { ...counts, damage: kinds };
    }),
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
  const { backends, executor, pipelines, fillCalls, lockService } = options;
  const [cache, locks] = await Promise.all([backends.admin.stats(), lockCounts(backends.locks)]);
  return {
    cache,
    server: {
      cacheOperations: executor.executedCount,
      cacheOperationsFailed: executor.failedCount,
      pipelines: pipelines.openCount,
      fillCalls: fillCalls.openCount,
      sessionStreams: lockService.openSessionStreams,
      ...locks,
    },
  };
}

async function lockCounts(locks: LockBackend) {
  const { held, waiting } = await locks.query();
  return { leasesHeld: held.length, requestsWaiting: waiting.length };
}
