// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { LostReason as _holdfast_v1_LostReason, LostReason__Output as _holdfast_v1_LostReason__Output } from '../../holdfast/v1/LostReason.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A lease is going to be taken away: release it in good order before. Followed by Lost if that does
 * not happen.
 */
export interface Revoking {
  /**
   * `Granted.lease_id`.
   */
  'leaseId'?: (string);
  /**
   * `Granted.token`.
   */
  'token'?: (number | string | Long);
  /**
   * How long until it is lost.
   */
  'remaining'?: (_google_protobuf_Duration | null);
  /**
   * Why.
   */
  'reason'?: (_holdfast_v1_LostReason);
}

/**
 * A lease is going to be taken away: release it in good order before. Followed by Lost if that does
 * not happen.
 */
export interface Revoking__Output {
  /**
   * `Granted.lease_id`.
   */
  'leaseId': (string);
  /**
   * `Granted.token`.
   */
  'token': (string);
  /**
   * How long until it is lost.
   */
  'remaining': (_google_protobuf_Duration__Output | null);
  /**
   * Why.
   */
  'reason': (_holdfast_v1_LostReason__Output);
}
