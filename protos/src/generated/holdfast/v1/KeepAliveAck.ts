// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The answer to KeepAlive.
 */
export interface KeepAliveAck {
  /**
   * `KeepAlive.sequence`.
   */
  'sequence'?: (number | string | Long);
  /**
   * Session and leases live this long, from the server's receipt of the KeepAlive.
   */
  'ttl'?: (_google_protobuf_Duration | null);
}

/**
 * The answer to KeepAlive.
 */
export interface KeepAliveAck__Output {
  /**
   * `KeepAlive.sequence`.
   */
  'sequence': (string);
  /**
   * Session and leases live this long, from the server's receipt of the KeepAlive.
   */
  'ttl': (_google_protobuf_Duration__Output | null);
}
