// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A lease that a resumed session still holds.
 */
export interface HeldLease {
  /**
   * The request it was granted to.
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
   * Its fencing token.
   */
  'token'?: (number | string | Long);
  /**
   * As in Granted, counted from the Hello.
   */
  'holdLimit'?: (_google_protobuf_Duration | null);
}

/**
 * A lease that a resumed session still holds.
 */
export interface HeldLease__Output {
  /**
   * The request it was granted to.
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
   * Its fencing token.
   */
  'token': (string);
  /**
   * As in Granted, counted from the Hello.
   */
  'holdLimit': (_google_protobuf_Duration__Output | null);
}
