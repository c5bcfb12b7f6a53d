// Original file: holdfast/v1/cache.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The lease a write is made under. The write is refused with FAILED_PRECONDITION
 * (STALE_FENCING_TOKEN), and changes nothing, once the lock was granted to somebody this lease
 * excludes, or the lease ended before this server started. Checked atomically with the write.
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
 * The lease a write is made under. The write is refused with FAILED_PRECONDITION
 * (STALE_FENCING_TOKEN), and changes nothing, once the lock was granted to somebody this lease
 * excludes, or the lease ended before this server started. Checked atomically with the write.
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
