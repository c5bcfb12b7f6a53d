// Original file: holdfast/v1/cache.proto


/**
 * The answer to DeleteRequest.
 */
export interface DeleteResponse {
  /**
   * Whether there was a live value.
   */
  'existed'?: (boolean);
}

/**
 * The answer to DeleteRequest.
 */
export interface DeleteResponse__Output {
  /**
   * Whether there was a live value.
   */
  'existed': (boolean);
}
