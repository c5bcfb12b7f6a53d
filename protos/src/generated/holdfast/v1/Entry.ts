// Original file: holdfast/v1/cache.proto

import type { Value as _holdfast_v1_Value, Value__Output as _holdfast_v1_Value__Output } from '../../holdfast/v1/Value.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A live value with its facts.
 */
export interface Entry {
  /**
   * The value as it was set.
   */
  'value'?: (_holdfast_v1_Value | null);
  /**
   * Changes with every write of the key and grows over time; unique in this cache. Needs all 64
   * bits. 0: not stored, see GetOrLease.
   */
  'version'?: (number | string | Long);
  /**
   * When the value was set, by the server's wall clock, in whole milliseconds.
   */
  'createdAt'?: (_google_protobuf_Timestamp | null);
  /**
   * The deadline, in whole milliseconds; absent if it never expires.
   */
  'expiresAt'?: (_google_protobuf_Timestamp | null);
}

/**
 * A live value with its facts.
 */
export interface Entry__Output {
  /**
   * The value as it was set.
   */
  'value': (_holdfast_v1_Value__Output | null);
  /**
   * Changes with every write of the key and grows over time; unique in this cache. Needs all 64
   * bits. 0: not stored, see GetOrLease.
   */
  'version': (string);
  /**
   * When the value was set, by the server's wall clock, in whole milliseconds.
   */
  'createdAt': (_google_protobuf_Timestamp__Output | null);
  /**
   * The deadline, in whole milliseconds; absent if it never expires.
   */
  'expiresAt': (_google_protobuf_Timestamp__Output | null);
}
