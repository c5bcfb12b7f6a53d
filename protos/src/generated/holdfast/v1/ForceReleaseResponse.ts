// Original file: holdfast/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The lock is taken away, or is going to be.
 */
export interface ForceReleaseResponse {
  /**
   * The tokens of the leases concerned; none if the lock was not held.
   */
  'tokens'?: (number | string | Long)[];
}

/**
 * The lock is taken away, or is going to be.
 */
export interface ForceReleaseResponse__Output {
  /**
   * The tokens of the leases concerned; none if the lock was not held.
   */
  'tokens': (string)[];
}
