// Original file: holdfast/v1/cache.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Asks for one key, or to be the one who loads it.
 */
export interface GetOrLeaseRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * How long the caller has to load it, 100 ms to 24 h: INVALID_ARGUMENT (INVALID_TTL) otherwise.
   * Absent: 5 minutes.
   */
  'fillTtl'?: (_google_protobuf_Duration | null);
  /**
   * Those the value will have, as SetRequest.tags: to invalidate one of them wins over the load.
   */
  'tags'?: (string)[];
}

/**
 * Asks for one key, or to be the one who loads it.
 */
export interface GetOrLeaseRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
  /**
   * How long the caller has to load it, 100 ms to 24 h: INVALID_ARGUMENT (INVALID_TTL) otherwise.
   * Absent: 5 minutes.
   */
  'fillTtl': (_google_protobuf_Duration__Output | null);
  /**
   * Those the value will have, as SetRequest.tags: to invalidate one of them wins over the load.
   */
  'tags': (string)[];
}
