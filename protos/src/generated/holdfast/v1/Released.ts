// Original file: holdfast/v1/lock.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A lease was given back.
 */
export interface Released {
  /**
   * `Release.lease_id`.
   */
  'leaseId'?: (string);
  /**
   * `Release.token`.
   */
  'token'?: (number | string | Long);
}

/**
 * A lease was given back.
 */
export interface Released__Output {
  /**
   * `Release.lease_id`.
   */
  'leaseId': (string);
  /**
   * `Release.token`.
   */
  'token': (string);
}
