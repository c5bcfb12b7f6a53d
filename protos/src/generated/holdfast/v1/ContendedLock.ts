// Original file: holdfast/v1/lease.proto


/**
 * A lock that could not be had in time.
 */
export interface ContendedLock {
  /**
   * Who holds it: a client name, or an id if it has none.
   */
  'holder'?: (string);
  /**
   * Where in line the request was, or would have been; 1 = next.
   */
  'position'?: (number);
}

/**
 * A lock that could not be had in time.
 */
export interface ContendedLock__Output {
  /**
   * Who holds it: a client name, or an id if it has none.
   */
  'holder': (string);
  /**
   * Where in line the request was, or would have been; 1 = next.
   */
  'position': (number);
}
