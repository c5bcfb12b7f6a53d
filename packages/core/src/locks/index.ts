export type { Lease } from './lease.ts';
export {
  LEASE_TTL_MS_DEFAULT,
  type LockManager,
  type LockMode,
  type LockOptions,
  type TryLockOptions,
} from './locks.ts';
