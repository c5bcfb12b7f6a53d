// Original file: holdfast/v1/cache.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Asks for one key.
 */
export interface GetRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * Also a value whose deadline was reached less than this ago, if it is kept (`SetRequest.keep`).
   * INVALID_ARGUMENT (INVALID_TTL) for less than 0. In a GetResponse only; see `is_stale`.
   */
  'stale'?: (_google_protobuf_Duration | null);
}

/**
 * Asks for one key.
 */
export interface GetRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
  /**
   * Also a value whose deadline was reached less than this ago, if it is kept (`SetRequest.keep`).
   * INVALID_ARGUMENT (INVALID_TTL) for less than 0. In a GetResponse only; see `is_stale`.
   */
  'stale': (_google_protobuf_Duration__Output | null);
}
