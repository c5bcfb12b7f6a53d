// Original file: holdfast/v1/lock.proto


/**
 * A request's wait is over (zero, timed out or cancelled) before its turn came.
 */
export interface Contended {
  /**
   * `Acquire.request_id`.
   */
  'requestId'?: (string);
  /**
   * The lock.
   */
  'name'?: (string);
  /**
   * Where in line it was, or would have been; 1 = next.
   */
  'position'?: (number);
  /**
   * Who holds the lock: a client name, or a session's id if it has none.
   */
  'holder'?: (string);
}

/**
 * A request's wait is over (zero, timed out or cancelled) before its turn came.
 */
export interface Contended__Output {
  /**
   * `Acquire.request_id`.
   */
  'requestId': (string);
  /**
   * The lock.
   */
  'name': (string);
  /**
   * Where in line it was, or would have been; 1 = next.
   */
  'position': (number);
  /**
   * Who holds the lock: a client name, or a session's id if it has none.
   */
  'holder': (string);
}
