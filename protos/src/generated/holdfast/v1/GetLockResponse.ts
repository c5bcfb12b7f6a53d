// Original file: holdfast/v1/lease.proto

import type { LockInfo as _holdfast_v1_LockInfo, LockInfo__Output as _holdfast_v1_LockInfo__Output } from '../../holdfast/v1/LockInfo.ts';

/**
 * What there is to know of a lock.
 */
export interface GetLockResponse {
  /**
   * Now.
   */
  'lock'?: (_holdfast_v1_LockInfo | null);
}

/**
 * What there is to know of a lock.
 */
export interface GetLockResponse__Output {
  /**
   * Now.
   */
  'lock': (_holdfast_v1_LockInfo__Output | null);
}
