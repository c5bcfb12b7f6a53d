// Original file: holdfast/v1/cache.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The lease a write is made under. No server checks it yet: a write that has one is refused with
 * INVALID_ARGUMENT and changes nothing. What is to come: FAILED_PRECONDITION (STALE_FENCING_TOKEN)
 * once the lock was granted to somebody this lease excludes, checked atomically with the write.
 */
export interface Fence {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'lock'?: (string);
  /**
   * `Granted.token`.
   */
  'token'?: (number | string | Long);
}

/**
 * The lease a write is made under. No server checks it yet: a write that has one is refused with
 * INVALID_ARGUMENT and changes nothing. What is to come: FAILED_PRECONDITION (STALE_FENCING_TOKEN)
 * once the lock was granted to somebody this lease excludes, checked atomically with the write.
 */
export interface Fence__Output {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'lock': (string);
  /**
   * `Granted.token`.
   */
  'token': (string);
}
