// Original file: holdfast/v1/lease.proto

import type { LockMode as _holdfast_v1_LockMode, LockMode__Output as _holdfast_v1_LockMode__Output } from '../../holdfast/v1/LockMode.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One who holds a lock or waits for it.
 */
export interface LockHolder {
  /**
   * The session that owns the lease; empty for a lease without a stream.
   */
  'sessionId'?: (string);
  /**
   * Who that is, as it said itself.
   */
  'clientName'?: (string);
  /**
   * Its fencing token; 0 while it waits.
   */
  'token'?: (number | string | Long);
  /**
   * Never unspecified.
   */
  'mode'?: (_holdfast_v1_LockMode);
  /**
   * How many it takes; 1 unless the mode is LOCK_MODE_PERMIT.
   */
  'permits'?: (number);
}

/**
 * One who holds a lock or waits for it.
 */
export interface LockHolder__Output {
  /**
   * The session that owns the lease; empty for a lease without a stream.
   */
  'sessionId': (string);
  /**
   * Who that is, as it said itself.
   */
  'clientName': (string);
  /**
   * Its fencing token; 0 while it waits.
   */
  'token': (string);
  /**
   * Never unspecified.
   */
  'mode': (_holdfast_v1_LockMode__Output);
  /**
   * How many it takes; 1 unless the mode is LOCK_MODE_PERMIT.
   */
  'permits': (number);
}
