// Original file: holdfast/v1/lock.proto

import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

/**
 * An Acquire or a Release failed.
 */
export interface Denied {
  /**
   * `Acquire.request_id`; empty if a Release is answered.
   */
  'requestId'?: (string);
  /**
   * What went wrong.
   */
  'status'?: (_google_rpc_Status | null);
  /**
   * `Release.lease_id`; empty if an Acquire is answered.
   */
  'leaseId'?: (string);
}

/**
 * An Acquire or a Release failed.
 */
export interface Denied__Output {
  /**
   * `Acquire.request_id`; empty if a Release is answered.
   */
  'requestId': (string);
  /**
   * What went wrong.
   */
  'status': (_google_rpc_Status__Output | null);
  /**
   * `Release.lease_id`; empty if an Acquire is answered.
   */
  'leaseId': (string);
}
