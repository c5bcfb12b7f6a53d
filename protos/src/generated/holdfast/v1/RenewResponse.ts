// Original file: holdfast/v1/lease.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * The lease goes on.
 */
export interface RenewResponse {
  /**
   * It lives this long from the server's receipt of the request; less than the TTL if `max_hold` is
   * nearly over, or an operator is about to take it.
   */
  'ttl'?: (_google_protobuf_Duration | null);
}

/**
 * The lease goes on.
 */
export interface RenewResponse__Output {
  /**
   * It lives this long from the server's receipt of the request; less than the TTL if `max_hold` is
   * nearly over, or an operator is about to take it.
   */
  'ttl': (_google_protobuf_Duration__Output | null);
}
