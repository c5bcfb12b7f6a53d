// Original file: holdfast/v1/lease.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A lease without a stream.
 */
export interface GrantedLease {
  /**
   * Names the lease in Renew and Release, and proves whose it is: not to be given to others.
   */
  'leaseId'?: (string);
  /**
   * The fencing token: larger than that of every lease granted before. Needs all 64 bits.
   */
  'token'?: (number | string | Long);
  /**
   * It lives this long from the server's answer unless it is renewed. When the answer was made is
   * not known: count from when the request was sent, and after a wait renew first.
   */
  'effectiveTtl'?: (_google_protobuf_Duration | null);
}

/**
 * A lease without a stream.
 */
export interface GrantedLease__Output {
  /**
   * Names the lease in Renew and Release, and proves whose it is: not to be given to others.
   */
  'leaseId': (string);
  /**
   * The fencing token: larger than that of every lease granted before. Needs all 64 bits.
   */
  'token': (string);
  /**
   * It lives this long from the server's answer unless it is renewed. When the answer was made is
   * not known: count from when the request was sent, and after a wait renew first.
   */
  'effectiveTtl': (_google_protobuf_Duration__Output | null);
}
