// Original file: holdfast/v1/lock.proto

/**
 * How far leases exclude each other.
 */
export const LockScope = {
  /**
   * Never sent.
   */
  LOCK_SCOPE_UNSPECIFIED: 'LOCK_SCOPE_UNSPECIFIED',
  /**
   * Within one process.
   */
  LOCK_SCOPE_PROCESS: 'LOCK_SCOPE_PROCESS',
  /**
   * Among all clients of this server.
   */
  LOCK_SCOPE_SERVER: 'LOCK_SCOPE_SERVER',
  /**
   * Among all clients of a cluster.
   */
  LOCK_SCOPE_CLUSTER: 'LOCK_SCOPE_CLUSTER',
} as const;

/**
 * How far leases exclude each other.
 */
export type LockScope =
  /**
   * Never sent.
   */
  | 'LOCK_SCOPE_UNSPECIFIED'
  | 0
  /**
   * Within one process.
   */
  | 'LOCK_SCOPE_PROCESS'
  | 1
  /**
   * Among all clients of this server.
   */
  | 'LOCK_SCOPE_SERVER'
  | 2
  /**
   * Among all clients of a cluster.
   */
  | 'LOCK_SCOPE_CLUSTER'
  | 3

/**
 * How far leases exclude each other.
 */
export type LockScope__Output = typeof LockScope[keyof typeof LockScope]
