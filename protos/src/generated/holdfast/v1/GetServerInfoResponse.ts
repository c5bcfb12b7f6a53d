// Original file: holdfast/v1/admin.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Durability as _holdfast_v1_Durability, Durability__Output as _holdfast_v1_Durability__Output } from '../../holdfast/v1/Durability.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { LockScope as _holdfast_v1_LockScope, LockScope__Output as _holdfast_v1_LockScope__Output } from '../../holdfast/v1/LockScope.ts';
import type { Limits as _holdfast_v1_Limits, Limits__Output as _holdfast_v1_Limits__Output } from '../../holdfast/v1/Limits.ts';

/**
 * What this server is.
 */
export interface GetServerInfoResponse {
  /**
   * Of the server's software, such as "0.1.0".
   */
  'version'?: (string);
  /**
   * Changes with every start; as in Welcome.
   */
  'incarnation'?: (string);
  /**
   * When it started, by its wall clock.
   */
  'startedAt'?: (_google_protobuf_Timestamp | null);
  /**
   * Its process id, in its own namespace.
   */
  'processId'?: (number);
  /**
   * Where it stores, as an absolute path; empty if it keeps everything in memory.
   */
  'directory'?: (string);
  /**
   * What a write without a durability of its own waits for.
   */
  'defaultDurability'?: (_holdfast_v1_Durability);
  /**
   * The TTL of a set without one; absent if such a value never expires.
   */
  'defaultTtl'?: (_google_protobuf_Duration | null);
  /**
   * How far locks exclude.
   */
  'lockScope'?: (_holdfast_v1_LockScope);
  /**
   * What requests may not exceed.
   */
  'limits'?: (_holdfast_v1_Limits | null);
}

/**
 * What this server is.
 */
export interface GetServerInfoResponse__Output {
  /**
   * Of the server's software, such as "0.1.0".
   */
  'version': (string);
  /**
   * Changes with every start; as in Welcome.
   */
  'incarnation': (string);
  /**
   * When it started, by its wall clock.
   */
  'startedAt': (_google_protobuf_Timestamp__Output | null);
  /**
   * Its process id, in its own namespace.
   */
  'processId': (number);
  /**
   * Where it stores, as an absolute path; empty if it keeps everything in memory.
   */
  'directory': (string);
  /**
   * What a write without a durability of its own waits for.
   */
  'defaultDurability': (_holdfast_v1_Durability__Output);
  /**
   * The TTL of a set without one; absent if such a value never expires.
   */
  'defaultTtl': (_google_protobuf_Duration__Output | null);
  /**
   * How far locks exclude.
   */
  'lockScope': (_holdfast_v1_LockScope__Output);
  /**
   * What requests may not exceed.
   */
  'limits': (_holdfast_v1_Limits__Output | null);
}
