// Original file: holdfast/v1/admin.proto


/**
 * Asks for locks.
 */
export interface ListLocksRequest {
  /**
   * Only locks whose name starts with it; empty for all.
   */
  'prefix'?: (string);
  /**
   * How many locks at most: 1 to 1,000; 100 if 0.
   */
  'pageSize'?: (number);
  /**
   * `ListLocksResponse.next_page_token` of the page before; empty for the first.
   */
  'pageToken'?: (string);
}

/**
 * Asks for locks.
 */
export interface ListLocksRequest__Output {
  /**
   * Only locks whose name starts with it; empty for all.
   */
  'prefix': (string);
  /**
   * How many locks at most: 1 to 1,000; 100 if 0.
   */
  'pageSize': (number);
  /**
   * `ListLocksResponse.next_page_token` of the page before; empty for the first.
   */
  'pageToken': (string);
}
