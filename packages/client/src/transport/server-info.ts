import type { Durability } from '@holdfast/core/backend';
import { type GetServerInfoResponse__Output, loadHoldfastProtos } from '@holdfast/protos';
import { type UnaryCallOptions, withUnaryCalls } from './unary-call.ts';
import { millisecondsOf } from './wire-time.ts';

/** What a server is; does not change while it runs. */
export interface ServerInfo {
  /** Of the server's software, such as `'0.1.0'`. */
  readonly version: string;
  /** Changes with every start. */
  readonly incarnation: string;
  /** Unix milliseconds, by the server's clock. */
  readonly startedAt: number;
  /** In the server's own process namespace. */
  readonly processId: number;
  /** Where it stores; `undefined` if it keeps everything in memory. */
  readonly directory: string | undefined;
  readonly defaultDurability: Durability | undefined;
  /** Milliseconds; `Infinity` if a value without a TTL never expires. */
  readonly defaultTtl: number;
  /** How far a lock of this server excludes others. */
  readonly lockScope: 'process' | 'server' | 'cluster';
  readonly limits: {
    readonly keyBytesMax: number;
    readonly valueBytesMax: number;
    readonly messageBytesMax: number;
    readonly batchOperationsMax: number;
    readonly pipelineBatchesMax: number;
  };
}

/** `AdminService.GetServerInfo`, on a connection for this one call. */
export function fetchServerInfo(target: string, options: UnaryCallOptions): Promise<ServerInfo> {
  const { GetServerInfo } = loadHoldfastProtos().adminService;
  return withUnaryCalls(target, options, async (call) => serverInfo(await call(GetServerInfo, {})));
}

const DURABILITIES: Readonly<Record<string, Durability>> = {
  DURABILITY_BUFFERED: 'buffered',
  DURABILITY_WRITTEN: 'written',
  DURABILITY_SYNCED: 'synced',
};

const SCOPES: Readonly<Record<string, ServerInfo['lockScope']>> = {
  LOCK_SCOPE_SERVER: 'server',
  LOCK_SCOPE_CLUSTER: 'cluster',
};

function serverInfo(wire: GetServerInfoResponse__Output): ServerInfo {
  return {
    version: wire.version,
    incarnation: wire.incarnation,
    startedAt: wire.startedAt === null ? 0 : millisecondsOf(wire.startedAt),
    processId: wire.processId,
    directory: wire.directory === '' ? undefined : wire.directory,
    defaultDurability: DURABILITIES[wire.defaultDurability],
    defaultTtl:
      wire.defaultTtl === null ? Number.POSITIVE_INFINITY : millisecondsOf(wire.defaultTtl),
    // The least that a scope of later servers promises.
    lockScope: SCOPES[wire.lockScope] ?? 'process',
    limits: {
      keyBytesMax: Number(wire.limits?.keyBytesMax ?? 0),
      valueBytesMax: Number(wire.limits?.valueBytesMax ?? 0),
      messageBytesMax: Number(wire.limits?.messageBytesMax ?? 0),
      batchOperationsMax: wire.limits?.batchOperationsMax ?? 0,
      pipelineBatchesMax: wire.limits?.pipelineBatchesMax ?? 0,
    },
  };
}
