// Original file: holdfast/v1/lease.proto

/**
 * Who may hold a lock at the same time. Grants are in the order of the requests over all modes, so
 * neither readers nor writers starve. A lock that is in use with permits cannot be asked for in
 * another mode or with another capacity: INVALID_ARGUMENT (LOCK_MODE_MISMATCH).
 */
export const LockMode = {
  /**
   * Taken as LOCK_MODE_EXCLUSIVE.
   */
  LOCK_MODE_UNSPECIFIED: 'LOCK_MODE_UNSPECIFIED',
  /**
   * One holder.
   */
  LOCK_MODE_EXCLUSIVE: 'LOCK_MODE_EXCLUSIVE',
  /**
   * Any number of holders, none of them exclusive.
   */
  LOCK_MODE_SHARED: 'LOCK_MODE_SHARED',
  /**
   * As many as their permits together fit into the capacity.
   */
  LOCK_MODE_PERMIT: 'LOCK_MODE_PERMIT',
} as const;

/**
 * Who may hold a lock at the same time. Grants are in the order of the requests over all modes, so
 * neither readers nor writers starve. A lock that is in use with permits cannot be asked for in
 * another mode or with another capacity: INVALID_ARGUMENT (LOCK_MODE_MISMATCH).
 */
export type LockMode =
  /**
   * Taken as LOCK_MODE_EXCLUSIVE.
   */
  | 'LOCK_MODE_UNSPECIFIED'
  | 0
  /**
   * One holder.
   */
  | 'LOCK_MODE_EXCLUSIVE'
  | 1
  /**
   * Any number of holders, none of them exclusive.
   */
  | 'LOCK_MODE_SHARED'
  | 2
  /**
   * As many as their permits together fit into the capacity.
   */
  | 'LOCK_MODE_PERMIT'
  | 3

/**
 * Who may hold a lock at the same time. Grants are in the order of the requests over all modes, so
 * neither readers nor writers starve. A lock that is in use with permits cannot be asked for in
 * another mode or with another capacity: INVALID_ARGUMENT (LOCK_MODE_MISMATCH).
 */
export type LockMode__Output = typeof LockMode[keyof typeof LockMode]
