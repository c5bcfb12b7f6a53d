// Original file: holdfast/v1/cache.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The lease a write is made under. Unless it is held at the moment of the write, that is answered
 * with FAILED_PRECONDITION (STALE_FENCING_TOKEN) and changes nothing. A lease that was released or
 * lost is not held, whether somebody else was granted the lock since or not. INVALID_ARGUMENT
 * (INVALID_LOCK_NAME) for what names no lock.
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
 * The lease a write is made under. Unless it is held at the moment of the write, that is answered
 * with FAILED_PRECONDITION (STALE_FENCING_TOKEN) and changes nothing. A lease that was released or
 * lost is not held, whether somebody else was granted the lock since or not. INVALID_ARGUMENT
 * (INVALID_LOCK_NAME) for what names no lock.
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
