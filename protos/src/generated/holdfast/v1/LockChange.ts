// Original file: holdfast/v1/admin.proto

/**
 * What happened to a lock.
 */
export const LockChange = {
  /**
   * Never sent.
   */
  LOCK_CHANGE_UNSPECIFIED: 'LOCK_CHANGE_UNSPECIFIED',
  /**
   * A request waits.
   */
  LOCK_CHANGE_QUEUED: 'LOCK_CHANGE_QUEUED',
  /**
   * It has the lock.
   */
  LOCK_CHANGE_GRANTED: 'LOCK_CHANGE_GRANTED',
  /**
   * It left the queue.
   */
  LOCK_CHANGE_LEFT: 'LOCK_CHANGE_LEFT',
  /**
   * A lease was given back.
   */
  LOCK_CHANGE_RELEASED: 'LOCK_CHANGE_RELEASED',
  /**
   * A lease is over and not by its holder's wish.
   */
  LOCK_CHANGE_LOST: 'LOCK_CHANGE_LOST',
  /**
   * A lease is going to be taken away.
   */
  LOCK_CHANGE_REVOKING: 'LOCK_CHANGE_REVOKING',
  /**
   * Some changes before the next one are missing, `missed` of them: list the locks again.
   */
  LOCK_CHANGE_OVERFLOW: 'LOCK_CHANGE_OVERFLOW',
} as const;

/**
 * What happened to a lock.
 */
export type LockChange =
  /**
   * Never sent.
   */
  | 'LOCK_CHANGE_UNSPECIFIED'
  | 0
  /**
   * A request waits.
   */
  | 'LOCK_CHANGE_QUEUED'
  | 1
  /**
   * It has the lock.
   */
  | 'LOCK_CHANGE_GRANTED'
  | 2
  /**
   * It left the queue.
   */
  | 'LOCK_CHANGE_LEFT'
  | 3
  /**
   * A lease was given back.
   */
  | 'LOCK_CHANGE_RELEASED'
  | 4
  /**
   * A lease is over and not by its holder's wish.
   */
  | 'LOCK_CHANGE_LOST'
  | 5
  /**
   * A lease is going to be taken away.
   */
  | 'LOCK_CHANGE_REVOKING'
  | 6
  /**
   * Some changes before the next one are missing, `missed` of them: list the locks again.
   */
  | 'LOCK_CHANGE_OVERFLOW'
  | 7

/**
 * What happened to a lock.
 */
export type LockChange__Output = typeof LockChange[keyof typeof LockChange]
