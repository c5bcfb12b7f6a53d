// Original file: holdfast/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Renews a lease without a stream.
 */
export interface RenewRequest {
  /**
   * `GrantedLease.lease_id`.
   */
  'leaseId'?: (string);
  /**
   * `GrantedLease.token`.
   */
  'token'?: (number | string | Long);
}

/**
 * Renews a lease without a stream.
 */
export interface RenewRequest__Output {
  /**
   * `GrantedLease.lease_id`.
   */
  'leaseId': (string);
  /**
   * `GrantedLease.token`.
   */
  'token': (string);
}
