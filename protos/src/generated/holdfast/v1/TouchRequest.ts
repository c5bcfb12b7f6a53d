// Original file: holdfast/v1/cache.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from '../../holdfast/v1/Fence.ts';

/**
 * Gives a key a new deadline.
 */
export interface TouchRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * More than 0, counted from the server's receipt.
   */
  'ttl'?: (_google_protobuf_Duration | null);
  /**
   * Must be true: no deadline from now on.
   */
  'neverExpires'?: (boolean);
  /**
   * Touch only while this lease is held.
   */
  'fence'?: (_holdfast_v1_Fence | null);
  /**
   * The new deadline. One of them is required: INVALID_ARGUMENT (INVALID_TTL) otherwise.
   */
  'expiry'?: "ttl"|"neverExpires";
}

/**
 * Gives a key a new deadline.
 */
export interface TouchRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
  /**
   * More than 0, counted from the server's receipt.
   */
  'ttl'?: (_google_protobuf_Duration__Output | null);
  /**
   * Must be true: no deadline from now on.
   */
  'neverExpires'?: (boolean);
  /**
   * Touch only while this lease is held.
   */
  'fence': (_holdfast_v1_Fence__Output | null);
  /**
   * The new deadline. One of them is required: INVALID_ARGUMENT (INVALID_TTL) otherwise.
   */
  'expiry'?: "ttl"|"neverExpires";
}
