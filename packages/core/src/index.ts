export type { Durability, Fence } from './backend/cache-backend.ts';
export type { HeldBy, LockMode, LockOwner, LockSnapshot } from './backend/lock-backend.ts';
export { Cache } from './cache/cache.ts';
export type { CacheOptions, EncryptionOptions } from './cache/cache-options.ts';
export type { CacheStats } from './cache/cache-stats.ts';
// For adapters and clients.
export { assertKnownOptions, assertList } from './cache/check-options.ts';
export type {
  ClearOptions,
  CompareAndSetOptions,
  CompareAndSetResult,
  Entry,
  GetOrSetOptions,
  KeysOptions,
  Loader,
  MemoryUsage,
  SetOptions,
  TouchOptions,
  WriteOptions,
} from './cache/entry.ts';
export type { Jitter } from './cache/jitter.ts';
export { openCacheOn } from './cache/open-cache.ts';
export type { ChangeEvent, WatchOptions } from './cache/watch.ts';
export { bytes, type Codec, type CodecName, json, msgpack } from './codec/codec.ts';
export { type SodiumAead, sodiumCipher } from './codec/sodium-cipher.ts';
export { type SyncZlib, zlibCompressors } from './codec/zlib-compressors.ts';
export type { CompactionResult } from './engine/compaction.ts';
export type { GenerationStatistics } from './engine/engine-statistics.ts';
export type { CacheKey } from './engine/key-encoder.ts';
export type { EncryptionKey } from './engine/keyring.ts';
export type { RecoveryReport } from './engine/recovery-report.ts';
export type { FileDamage, VerifyReport } from './engine/verification.ts';
export {
  type ErrorDetails,
  HOLDFAST_ERROR_CODES,
  HoldfastError,
  type HoldfastErrorCode,
  InvalidArgumentError,
} from './errors.ts';
export type { Duration } from './expiry/duration.ts';
export { durationMs } from './expiry/duration.ts';
export type {
  KeyLockOptions,
  Lease,
  LockManager,
  LockOptions,
  LockQuery,
  LockTermsOptions,
  TryLockOptions,
} from './locks/index.ts';
export type * from './ports/index.ts';
