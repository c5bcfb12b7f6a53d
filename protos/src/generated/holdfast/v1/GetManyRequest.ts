// Original file: holdfast/v1/cache.proto


/**
 * Asks for many keys.
 */
export interface GetManyRequest {
  /**
   * Up to 10,000 keys, each 0 to 65,536 bytes. A key may be there twice.
   */
  'keys'?: (Buffer | Uint8Array | string)[];
}

/**
 * Asks for many keys.
 */
export interface GetManyRequest__Output {
  /**
   * Up to 10,000 keys, each 0 to 65,536 bytes. A key may be there twice.
   */
  'keys': (Buffer)[];
}
