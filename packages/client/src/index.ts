export type { Duration } from '@holdfast/core';
export { HoldfastError, type HoldfastErrorCode, InvalidArgumentError } from '@holdfast/core';
export type { Durability } from '@holdfast/core/backend';
export type { CacheKey, Lease } from '@holdfast/core/client';
export {
  type CallOptions,
  type DeleteOptions,
  RemoteCache,
  type RemoteEntry,
  type SetOptions,
  type TouchOptions,
} from './cache/remote-cache.ts';
export { Client, connect } from './connect.ts';
export type { ConnectOptions } from './connect-options.ts';
export type { QueuePosition } from './locks/lock-request.ts';
export { type RemoteLockOptions, RemoteLocks } from './locks/remote-locks.ts';
export type { ServerInfo } from './transport/server-info.ts';
