// Original file: holdfast/v1/admin.proto

import type { LockChange as _holdfast_v1_LockChange, LockChange__Output as _holdfast_v1_LockChange__Output } from '../../holdfast/v1/LockChange.ts';
import type { LockHolder as _holdfast_v1_LockHolder, LockHolder__Output as _holdfast_v1_LockHolder__Output } from '../../holdfast/v1/LockHolder.ts';
import type { LostReason as _holdfast_v1_LostReason, LostReason__Output as _holdfast_v1_LostReason__Output } from '../../holdfast/v1/LostReason.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One thing that happened.
 */
export interface WatchLocksResponse {
  /**
   * What.
   */
  'change'?: (_holdfast_v1_LockChange);
  /**
   * The lock; empty for LOCK_CHANGE_OVERFLOW.
   */
  'name'?: (string);
  /**
   * Whose request or lease it was; without a token unless that was granted.
   */
  'holder'?: (_holdfast_v1_LockHolder | null);
  /**
   * For LOCK_CHANGE_LOST and LOCK_CHANGE_REVOKING.
   */
  'reason'?: (_holdfast_v1_LostReason);
  /**
   * For LOCK_CHANGE_OVERFLOW.
   */
  'missed'?: (number | string | Long);
}

/**
 * One thing that happened.
 */
export interface WatchLocksResponse__Output {
  /**
   * What.
   */
  'change': (_holdfast_v1_LockChange__Output);
  /**
   * The lock; empty for LOCK_CHANGE_OVERFLOW.
   */
  'name': (string);
  /**
   * Whose request or lease it was; without a token unless that was granted.
   */
  'holder': (_holdfast_v1_LockHolder__Output | null);
  /**
   * For LOCK_CHANGE_LOST and LOCK_CHANGE_REVOKING.
   */
  'reason': (_holdfast_v1_LostReason__Output);
  /**
   * For LOCK_CHANGE_OVERFLOW.
   */
  'missed': (string);
}
