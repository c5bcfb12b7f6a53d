// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A request has its lock, for as long as the session lives.
 */
export interface Granted {
  /**
   * `Acquire.request_id`.
   */
  'requestId'?: (string);
  /**
   * The lock.
   */
  'name'?: (string);
  /**
   * Names the lease when it is released.
   */
  'leaseId'?: (string);
  /**
   * The fencing token: larger than that of every lease granted before. Needs all 64 bits.
   */
  'token'?: (number | string | Long);
  /**
   * The TTL of a renewal. The lease's deadline is the session's, which this grant does not move.
   */
  'effectiveTtl'?: (_google_protobuf_Duration | null);
  /**
   * For a request with `max_hold`: the lease is lost this long after the server received the last
   * KeepAlive of this stream that it answered before (or the Hello), whatever is renewed. So a
   * client counts from when it sent that, however long this message took. Absent: no limit.
   */
  'holdLimit'?: (_google_protobuf_Duration | null);
}

/**
 * A request has its lock, for as long as the session lives.
 */
export interface Granted__Output {
  /**
   * `Acquire.request_id`.
   */
  'requestId': (string);
  /**
   * The lock.
   */
  'name': (string);
  /**
   * Names the lease when it is released.
   */
  'leaseId': (string);
  /**
   * The fencing token: larger than that of every lease granted before. Needs all 64 bits.
   */
  'token': (string);
  /**
   * The TTL of a renewal. The lease's deadline is the session's, which this grant does not move.
   */
  'effectiveTtl': (_google_protobuf_Duration__Output | null);
  /**
   * For a request with `max_hold`: the lease is lost this long after the server received the last
   * KeepAlive of this stream that it answered before (or the Hello), whatever is renewed. So a
   * client counts from when it sent that, however long this message took. Absent: no limit.
   */
  'holdLimit': (_google_protobuf_Duration__Output | null);
}
