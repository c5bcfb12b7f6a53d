// Original file: holdfast/v1/lock.proto

/**
 * Why a lease is over.
 */
export const LostReason = {
  /**
   * Never sent.
   */
  LOST_REASON_UNSPECIFIED: 'LOST_REASON_UNSPECIFIED',
  /**
   * The lease's own deadline passed.
   */
  LOST_REASON_EXPIRED: 'LOST_REASON_EXPIRED',
  /**
   * The session's TTL passed without a KeepAlive.
   */
  LOST_REASON_SESSION_EXPIRED: 'LOST_REASON_SESSION_EXPIRED',
  /**
   * An administrator broke it.
   */
  LOST_REASON_ADMIN: 'LOST_REASON_ADMIN',
  /**
   * The server cannot keep it.
   */
  LOST_REASON_SERVER: 'LOST_REASON_SERVER',
  /**
   * It was held for as long as its request allowed (`Acquire.max_hold`).
   */
  LOST_REASON_MAX_HOLD: 'LOST_REASON_MAX_HOLD',
} as const;

/**
 * Why a lease is over.
 */
export type LostReason =
  /**
   * Never sent.
   */
  | 'LOST_REASON_UNSPECIFIED'
  | 0
  /**
   * The lease's own deadline passed.
   */
  | 'LOST_REASON_EXPIRED'
  | 1
  /**
   * The session's TTL passed without a KeepAlive.
   */
  | 'LOST_REASON_SESSION_EXPIRED'
  | 2
  /**
   * An administrator broke it.
   */
  | 'LOST_REASON_ADMIN'
  | 3
  /**
   * The server cannot keep it.
   */
  | 'LOST_REASON_SERVER'
  | 4
  /**
   * It was held for as long as its request allowed (`Acquire.max_hold`).
   */
  | 'LOST_REASON_MAX_HOLD'
  | 5

/**
 * Why a lease is over.
 */
export type LostReason__Output = typeof LostReason[keyof typeof LostReason]
