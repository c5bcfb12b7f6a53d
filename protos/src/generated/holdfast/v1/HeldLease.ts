// Original file: holdfast/v1/lock.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A lease that a resumed session still holds.
 */
export interface HeldLease {
  /**
   * The request it was granted to.
   */
  'requestId'?: (string);
  /**
   * The lock.
   */
  'name'?: (string);
  /**
   * Names the lease when it is released.
   */
  'leaseId'?: (string);
  /**
   * Its fencing token.
   */
  'token'?: (number | string | Long);
}

/**
 * A lease that a resumed session still holds.
 */
export interface HeldLease__Output {
  /**
   * The request it was granted to.
   */
  'requestId': (string);
  /**
   * The lock.
   */
  'name': (string);
  /**
   * Names the lease when it is released.
   */
  'leaseId': (string);
  /**
   * Its fencing token.
   */
  'token': (string);
}
