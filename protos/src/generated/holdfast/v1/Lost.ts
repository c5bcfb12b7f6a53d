// Original file: holdfast/v1/lock.proto

import type { LostReason as _holdfast_v1_LostReason, LostReason__Output as _holdfast_v1_LostReason__Output } from '../../holdfast/v1/LostReason.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A lease is over: stop what the lock protects.
 */
export interface Lost {
  /**
   * `Granted.lease_id`.
   */
  'leaseId'?: (string);
  /**
   * `Granted.token`.
   */
  'token'?: (number | string | Long);
  /**
   * Why.
   */
  'reason'?: (_holdfast_v1_LostReason);
}

/**
 * A lease is over: stop what the lock protects.
 */
export interface Lost__Output {
  /**
   * `Granted.lease_id`.
   */
  'leaseId': (string);
  /**
   * `Granted.token`.
   */
  'token': (string);
  /**
   * Why.
   */
  'reason': (_holdfast_v1_LostReason__Output);
}
