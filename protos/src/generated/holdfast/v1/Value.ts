// Original file: holdfast/v1/cache.proto

import type { Encoding as _holdfast_v1_Encoding, Encoding__Output as _holdfast_v1_Encoding__Output } from '../../holdfast/v1/Encoding.ts';

/**
 * A value as the client encoded it.
 */
export interface Value {
  /**
   * 0 bytes up to the server's limit (`value_bytes_max`, 16 MiB unless configured); more is
   * RESOURCE_EXHAUSTED (TOO_LARGE).
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * How to decode `data`.
   */
  'encoding'?: (_holdfast_v1_Encoding);
}

/**
 * A value as the client encoded it.
 */
export interface Value__Output {
  /**
   * 0 bytes up to the server's limit (`value_bytes_max`, 16 MiB unless configured); more is
   * RESOURCE_EXHAUSTED (TOO_LARGE).
   */
  'data': (Buffer);
  /**
   * How to decode `data`.
   */
  'encoding': (_holdfast_v1_Encoding__Output);
}
