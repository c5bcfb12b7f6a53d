// Original file: holdfast/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Gives a lease without a stream back.
 */
export interface ReleaseRequest {
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
 * Gives a lease without a stream back.
 */
export interface ReleaseRequest__Output {
  /**
   * `GrantedLease.lease_id`.
   */
  'leaseId': (string);
  /**
   * `GrantedLease.token`.
   */
  'token': (string);
}
