// Original file: holdfast/v1/cache.proto

import type { Durability as _holdfast_v1_Durability, Durability__Output as _holdfast_v1_Durability__Output } from '../../holdfast/v1/Durability.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from '../../holdfast/v1/Fence.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Removes one key.
 */
export interface DeleteRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * What the answer waits for.
   */
  'durability'?: (_holdfast_v1_Durability);
  /**
   * Remove only while this lease is held.
   */
  'fence'?: (_holdfast_v1_Fence | null);
  /**
   * Remove no live value, but say that the load that GetOrLease gave this token for, of the same
   * key, has found none: all who wait are told so. Does nothing if that load is over.
   */
  'fillToken'?: (number | string | Long);
  /**
   * With `fill_token`: how long GetOrLease answers so, unless a write comes. More than 0:
   * INVALID_ARGUMENT (INVALID_TTL) otherwise. Absent: who asks next is told to load.
   */
  'negativeTtl'?: (_google_protobuf_Duration | null);
  '_fillToken'?: "fillToken";
}

/**
 * Removes one key.
 */
export interface DeleteRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
  /**
   * What the answer waits for.
   */
  'durability': (_holdfast_v1_Durability__Output);
  /**
   * Remove only while this lease is held.
   */
  'fence': (_holdfast_v1_Fence__Output | null);
  /**
   * Remove no live value, but say that the load that GetOrLease gave this token for, of the same
   * key, has found none: all who wait are told so. Does nothing if that load is over.
   */
  'fillToken'?: (string);
  /**
   * With `fill_token`: how long GetOrLease answers so, unless a write comes. More than 0:
   * INVALID_ARGUMENT (INVALID_TTL) otherwise. Absent: who asks next is told to load.
   */
  'negativeTtl': (_google_protobuf_Duration__Output | null);
  '_fillToken'?: "fillToken";
}
