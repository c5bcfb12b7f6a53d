// Original file: holdfast/v1/lock.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Gives a lease back. Answered with Released, also the second time, or with Denied.
 */
export interface Release {
  /**
   * `Granted.lease_id`.
   */
  'leaseId'?: (string);
  /**
   * `Granted.token`.
   */
  'token'?: (number | string | Long);
}

/**
 * Gives a lease back. Answered with Released, also the second time, or with Denied.
 */
export interface Release__Output {
  /**
   * `Granted.lease_id`.
   */
  'leaseId': (string);
  /**
   * `Granted.token`.
   */
  'token': (string);
}
