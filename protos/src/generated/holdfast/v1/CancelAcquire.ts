// Original file: holdfast/v1/lock.proto


/**
 * Leaves a queue: the answer is Contended. A request that was granted meanwhile stays granted; one
 * that is over or unknown has no answer.
 */
export interface CancelAcquire {
  /**
   * `Acquire.request_id`.
   */
  'requestId'?: (string);
}

/**
 * Leaves a queue: the answer is Contended. A request that was granted meanwhile stays granted; one
 * that is over or unknown has no answer.
 */
export interface CancelAcquire__Output {
  /**
   * `Acquire.request_id`.
   */
  'requestId': (string);
}
