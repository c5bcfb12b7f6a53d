// Original file: holdfast/v1/cache.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The answer to SetRequest.
 */
export interface SetResponse {
  /**
   * False only for an `if_absent` that found a live value, and for a `fill_token` whose load is
   * over or was won over by a write.
   */
  'stored'?: (boolean);
  /**
   * The version of the value that is there now: the new one if `stored`, else the one that was
   * found; 0 for none.
   */
  'version'?: (number | string | Long);
}

/**
 * The answer to SetRequest.
 */
export interface SetResponse__Output {
  /**
   * False only for an `if_absent` that found a live value, and for a `fill_token` whose load is
   * over or was won over by a write.
   */
  'stored': (boolean);
  /**
   * The version of the value that is there now: the new one if `stored`, else the one that was
   * found; 0 for none.
   */
  'version': (string);
}
