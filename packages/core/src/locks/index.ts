export { EmbeddedLockBackend, type EmbeddedLockBackendOptions } from './embedded-lock-backend.ts';
export { EmbeddedLocks } from './embedded-locks.ts';
export { ownFence, staleToken } from './fence.ts';
export { type KeyLockOptions, KeyLocks } from './key-locks.ts';
export type { Lease } from './lease.ts';
export { LEASE_TABLE_LIMITS, type LeaseTableLimits } from './lease-table-limits.ts';
export {
  assertLockName,
  LEASE_TTL_MS_MAX,
  LEASE_TTL_MS_MIN,
  LOCK_NAME_BYTES_MAX,
  leaseTtlMs,
} from './lock-arguments.ts';
export { CAPACITY_MAX, EXCLUSIVE, LOCK_DELAY_MS_MAX, lockTerms } from './lock-terms.ts';
export {
  LEASE_TTL_MS_DEFAULT,
  type LockManager,
  type LockOptions,
  type LockQuery,
  type LockTermsOptions,
  type TryLockOptions,
} from './locks.ts';
export { openLocks } from './open-locks.ts';
export { type TokenSource, tokensAfter } from './token-source.ts';
