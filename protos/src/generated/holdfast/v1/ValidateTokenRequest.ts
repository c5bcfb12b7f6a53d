// Original file: holdfast/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Asks whether a token is still good.
 */
export interface ValidateTokenRequest {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name'?: (string);
  /**
   * `Granted.token`.
   */
  'token'?: (number | string | Long);
}

/**
 * Asks whether a token is still good.
 */
export interface ValidateTokenRequest__Output {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name': (string);
  /**
   * `Granted.token`.
   */
  'token': (string);
}
