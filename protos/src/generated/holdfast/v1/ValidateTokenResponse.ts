// Original file: holdfast/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Whether a token is still good.
 */
export interface ValidateTokenResponse {
  /**
   * True while its lease is held, and after that until the lock is granted to somebody whom it
   * excludes (for a reader: not to other readers; for a permit: to anybody) or the server restarts.
   * False for a lock that is not held and not among the 65,536 granted last. A resource that
   * accepts a write only if this is true still has to remember the highest token it accepted: the
   * answer may be old when it arrives.
   */
  'valid'?: (boolean);
  /**
   * The highest token granted for this lock since the server started; 0 = none. May be that of
   * another lock, and so too high, never too low, for one not among the 65,536 granted last.
   */
  'highestToken'?: (number | string | Long);
}

/**
 * Whether a token is still good.
 */
export interface ValidateTokenResponse__Output {
  /**
   * True while its lease is held, and after that until the lock is granted to somebody whom it
   * excludes (for a reader: not to other readers; for a permit: to anybody) or the server restarts.
   * False for a lock that is not held and not among the 65,536 granted last. A resource that
   * accepts a write only if this is true still has to remember the highest token it accepted: the
   * answer may be old when it arrives.
   */
  'valid': (boolean);
  /**
   * The highest token granted for this lock since the server started; 0 = none. May be that of
   * another lock, and so too high, never too low, for one not among the 65,536 granted last.
   */
  'highestToken': (string);
}
