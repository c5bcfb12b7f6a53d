// Original file: holdfast/v1/admin.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * A session that is alive.
 */
export interface SessionInfo {
  /**
   * Its id; the secret is nobody's but the client's.
   */
  'sessionId'?: (string);
  /**
   * As it said itself.
   */
  'clientName'?: (string);
  /**
   * As it said itself.
   */
  'metadata'?: ({[key: string]: string});
  /**
   * Whether a stream is attached.
   */
  'attached'?: (boolean);
  /**
   * How long it lives without a KeepAlive.
   */
  'ttl'?: (_google_protobuf_Duration | null);
  /**
   * How long it lives yet unless it is renewed.
   */
  'remaining'?: (_google_protobuf_Duration | null);
  /**
   * Leases it holds.
   */
  'held'?: (number);
  /**
   * Requests of it that wait.
   */
  'waiting'?: (number);
}

/**
 * A session that is alive.
 */
export interface SessionInfo__Output {
  /**
   * Its id; the secret is nobody's but the client's.
   */
  'sessionId': (string);
  /**
   * As it said itself.
   */
  'clientName': (string);
  /**
   * As it said itself.
   */
  'metadata': ({[key: string]: string});
  /**
   * Whether a stream is attached.
   */
  'attached': (boolean);
  /**
   * How long it lives without a KeepAlive.
   */
  'ttl': (_google_protobuf_Duration__Output | null);
  /**
   * How long it lives yet unless it is renewed.
   */
  'remaining': (_google_protobuf_Duration__Output | null);
  /**
   * Leases it holds.
   */
  'held': (number);
  /**
   * Requests of it that wait.
   */
  'waiting': (number);
}
