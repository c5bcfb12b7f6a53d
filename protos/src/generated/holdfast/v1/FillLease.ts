// Original file: holdfast/v1/cache.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a caller has to load with.
 */
export interface FillLease {
  /**
   * For `SetRequest.fill_token`; never given twice, over restarts. Needs all 64 bits.
   */
  'token'?: (number | string | Long);
  /**
   * How long it is good for, from this answer.
   */
  'ttl'?: (_google_protobuf_Duration | null);
}

/**
 * What a caller has to load with.
 */
export interface FillLease__Output {
  /**
   * For `SetRequest.fill_token`; never given twice, over restarts. Needs all 64 bits.
   */
  'token': (string);
  /**
   * How long it is good for, from this answer.
   */
  'ttl': (_google_protobuf_Duration__Output | null);
}
