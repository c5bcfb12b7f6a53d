/** What a remote client shares with the embedded cache, so that both take the same arguments. For clients, not users. */
export { type Encoder, msgpack, unpackPlain } from '../codec/codec.ts';
export { encodingName } from '../codec/value-encoding.ts';
export { type CacheKey, KEY_BYTES_MAX, KeyEncoder } from '../engine/key-encoder.ts';
export { durationMs } from '../expiry/duration.ts';
export type { Lease } from '../locks/lease.ts';
export { assertLockName, leaseTtlMs } from '../locks/lock-arguments.ts';
export {
  LEASE_TTL_MS_DEFAULT,
  type LockManager,
  type LockMode,
  type LockOptions,
  type TryLockOptions,
} from '../locks/locks.ts';
