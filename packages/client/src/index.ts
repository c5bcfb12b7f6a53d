export {
  type CacheKey,
  type Durability,
  type Duration,
  type Fence,
  HoldfastError,
  type HoldfastErrorCode,
  InvalidArgumentError,
  type Lease,
  type Loader,
  type LockMode,
  type LockOptions,
  type LockQuery,
  type LockSnapshot,
  type TryLockOptions,
} from '@holdfast/core';
export {
  type CallOptions,
  RemoteCache,
  type RemoteEntry,
  type SetOptions,
  type TouchOptions,
  type WriteOptions,
} from './cache/remote-cache.ts';
export type { GetOrSetOptions } from './cache/remote-loader.ts';
export { Client, connect } from './connect.ts';
export type { ConnectOptions, LockScope } from './connect-options.ts';
export type { QueuePosition } from './locks/lock-request.ts';
export {
  type RemoteLockOptions,
  RemoteLocks,
  type RemoteTryLockOptions,
  type ServerLease,
} from './locks/remote-locks.ts';
export type { ServerInfo } from './transport/server-info.ts';
