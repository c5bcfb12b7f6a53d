// Original file: holdfast/v1/admin.proto


/**
 * Asks to hear of locks.
 */
export interface WatchLocksRequest {
  /**
   * Only locks whose name starts with it; empty for all.
   */
  'prefix'?: (string);
  /**
   * Whether to begin with one LOCK_CHANGE_GRANTED for each lease held now.
   */
  'includeCurrent'?: (boolean);
}

/**
 * Asks to hear of locks.
 */
export interface WatchLocksRequest__Output {
  /**
   * Only locks whose name starts with it; empty for all.
   */
  'prefix': (string);
  /**
   * Whether to begin with one LOCK_CHANGE_GRANTED for each lease held now.
   */
  'includeCurrent': (boolean);
}
