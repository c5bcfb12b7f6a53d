// Original file: holdfast/v1/lock.proto


/**
 * A request waits in line.
 */
export interface Queued {
  /**
   * `Acquire.request_id`.
   */
  'requestId'?: (string);
  /**
   * The lock.
   */
  'name'?: (string);
  /**
   * 1 = next in line. May lag behind by some hundred milliseconds.
   */
  'position'?: (number);
  /**
   * Who holds the lock: a client name, or a session's id if it has none.
   */
  'holder'?: (string);
}

/**
 * A request waits in line.
 */
export interface Queued__Output {
  /**
   * `Acquire.request_id`.
   */
  'requestId': (string);
  /**
   * The lock.
   */
  'name': (string);
  /**
   * 1 = next in line. May lag behind by some hundred milliseconds.
   */
  'position': (number);
  /**
   * Who holds the lock: a client name, or a session's id if it has none.
   */
  'holder': (string);
}
