// Original file: holdfast/v1/lock.proto


/**
 * Names a session of an earlier stream, as its Welcome did.
 */
export interface Resume {
  /**
   * `Welcome.session_id`.
   */
  'id'?: (string);
  /**
   * `Welcome.secret`.
   */
  'secret'?: (string);
}

/**
 * Names a session of an earlier stream, as its Welcome did.
 */
export interface Resume__Output {
  /**
   * `Welcome.session_id`.
   */
  'id': (string);
  /**
   * `Welcome.secret`.
   */
  'secret': (string);
}
