// Original file: holdfast/v1/lease.proto


/**
 * Asks about one lock.
 */
export interface GetLockRequest {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name'?: (string);
}

/**
 * Asks about one lock.
 */
export interface GetLockRequest__Output {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name': (string);
}
