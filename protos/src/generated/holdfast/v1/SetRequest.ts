// Original file: holdfast/v1/cache.proto

import type { Value as _holdfast_v1_Value, Value__Output as _holdfast_v1_Value__Output } from '../../holdfast/v1/Value.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Durability as _holdfast_v1_Durability, Durability__Output as _holdfast_v1_Durability__Output } from '../../holdfast/v1/Durability.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from '../../holdfast/v1/Fence.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Stores one value.
 */
export interface SetRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * Required; an empty value is a Value without data.
   */
  'value'?: (_holdfast_v1_Value | null);
  /**
   * More than 0, counted from the server's receipt.
   */
  'ttl'?: (_google_protobuf_Duration | null);
  /**
   * An absolute deadline by the server's wall clock, of the years 1970 to 9999; one that is past
   * stores nothing readable.
   */
  'expiresAt'?: (_google_protobuf_Timestamp | null);
  /**
   * Must be true: no deadline, whatever the default is.
   */
  'neverExpires'?: (boolean);
  /**
   * What the answer waits for.
   */
  'durability'?: (_holdfast_v1_Durability);
  /**
   * Store only if the key has no live value.
   */
  'ifAbsent'?: (boolean);
  /**
   * Store only while this lease is held.
   */
  'fence'?: (_holdfast_v1_Fence | null);
  /**
   * Store only as the outcome of the load that GetOrLease gave this token for, of the same key, if
   * that is not over and no write has won over it.
   */
  'fillToken'?: (number | string | Long);
  /**
   * What the value goes with when one of them is invalidated: up to 16, each 1 to 256 bytes of
   * UTF-8.
   */
  'tags'?: (string)[];
  /**
   * How long the value is kept past its deadline, for `GetRequest.stale`. Absent: not at all.
   */
  'keep'?: (_google_protobuf_Duration | null);
  /**
   * When the value expires. None of them: the server's default TTL.
   */
  'expiry'?: "ttl"|"expiresAt"|"neverExpires";
  '_fillToken'?: "fillToken";
}

/**
 * Stores one value.
 */
export interface SetRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
  /**
   * Required; an empty value is a Value without data.
   */
  'value': (_holdfast_v1_Value__Output | null);
  /**
   * More than 0, counted from the server's receipt.
   */
  'ttl'?: (_google_protobuf_Duration__Output | null);
  /**
   * An absolute deadline by the server's wall clock, of the years 1970 to 9999; one that is past
   * stores nothing readable.
   */
  'expiresAt'?: (_google_protobuf_Timestamp__Output | null);
  /**
   * Must be true: no deadline, whatever the default is.
   */
  'neverExpires'?: (boolean);
  /**
   * What the answer waits for.
   */
  'durability': (_holdfast_v1_Durability__Output);
  /**
   * Store only if the key has no live value.
   */
  'ifAbsent': (boolean);
  /**
   * Store only while this lease is held.
   */
  'fence': (_holdfast_v1_Fence__Output | null);
  /**
   * Store only as the outcome of the load that GetOrLease gave this token for, of the same key, if
   * that is not over and no write has won over it.
   */
  'fillToken'?: (string);
  /**
   * What the value goes with when one of them is invalidated: up to 16, each 1 to 256 bytes of
   * UTF-8.
   */
  'tags': (string)[];
  /**
   * How long the value is kept past its deadline, for `GetRequest.stale`. Absent: not at all.
   */
  'keep': (_google_protobuf_Duration__Output | null);
  /**
   * When the value expires. None of them: the server's default TTL.
   */
  'expiry'?: "ttl"|"expiresAt"|"neverExpires";
  '_fillToken'?: "fillToken";
}
