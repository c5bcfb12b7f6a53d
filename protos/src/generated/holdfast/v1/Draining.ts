// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * The server is about to stop and takes no new requests. Release what can be released, and expect
 * to resume elsewhere or after a restart: the stream ends with UNAVAILABLE (SERVER_DRAINING) by the
 * deadline.
 */
export interface Draining {
  /**
   * How long until the stream is cut.
   */
  'grace'?: (_google_protobuf_Duration | null);
}

/**
 * The server is about to stop and takes no new requests. Release what can be released, and expect
 * to resume elsewhere or after a restart: the stream ends with UNAVAILABLE (SERVER_DRAINING) by the
 * deadline.
 */
export interface Draining__Output {
  /**
   * How long until the stream is cut.
   */
  'grace': (_google_protobuf_Duration__Output | null);
}
