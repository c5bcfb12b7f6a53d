// Original file: holdfast/v1/cache.proto


/**
 * The answer to TouchRequest.
 */
export interface TouchResponse {
  /**
   * Whether there was a live value to give a deadline to.
   */
  'existed'?: (boolean);
}

/**
 * The answer to TouchRequest.
 */
export interface TouchResponse__Output {
  /**
   * Whether there was a live value to give a deadline to.
   */
  'existed': (boolean);
}
