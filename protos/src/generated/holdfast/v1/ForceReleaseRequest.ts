// Original file: holdfast/v1/admin.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Takes a lock away.
 */
export interface ForceReleaseRequest {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name'?: (string);
  /**
   * Only the lease with this token; 0 for every holder.
   */
  'token'?: (number | string | Long);
  /**
   * How long the holders have to release it: 0 to 1 h, 0 if absent.
   */
  'grace'?: (_google_protobuf_Duration | null);
}

/**
 * Takes a lock away.
 */
export interface ForceReleaseRequest__Output {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name': (string);
  /**
   * Only the lease with this token; 0 for every holder.
   */
  'token': (string);
  /**
   * How long the holders have to release it: 0 to 1 h, 0 if absent.
   */
  'grace': (_google_protobuf_Duration__Output | null);
}
