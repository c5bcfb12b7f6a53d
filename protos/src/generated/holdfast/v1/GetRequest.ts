// Original file: holdfast/v1/cache.proto


/**
 * Asks for one key.
 */
export interface GetRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
}

/**
 * Asks for one key.
 */
export interface GetRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
}
