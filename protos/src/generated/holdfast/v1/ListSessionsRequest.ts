// Original file: holdfast/v1/admin.proto


/**
 * Asks for sessions.
 */
export interface ListSessionsRequest {
  /**
   * How many at most: 1 to 1,000; 100 if 0.
   */
  'pageSize'?: (number);
  /**
   * `ListSessionsResponse.next_page_token` of the page before; empty for the first.
   */
  'pageToken'?: (string);
}

/**
 * Asks for sessions.
 */
export interface ListSessionsRequest__Output {
  /**
   * How many at most: 1 to 1,000; 100 if 0.
   */
  'pageSize': (number);
  /**
   * `ListSessionsResponse.next_page_token` of the page before; empty for the first.
   */
  'pageToken': (string);
}
