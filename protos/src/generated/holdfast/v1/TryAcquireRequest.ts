// Original file: holdfast/v1/lease.proto

import type { LockMode as _holdfast_v1_LockMode, LockMode__Output as _holdfast_v1_LockMode__Output } from '../../holdfast/v1/LockMode.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * As AcquireRequest, without `wait`.
 */
export interface TryAcquireRequest {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name'?: (string);
  /**
   * As in Acquire.
   */
  'mode'?: (_holdfast_v1_LockMode);
  /**
   * As in Acquire.
   */
  'permits'?: (number);
  /**
   * As in Acquire.
   */
  'capacity'?: (number);
  /**
   * As in AcquireRequest.
   */
  'ttl'?: (_google_protobuf_Duration | null);
  /**
   * As in Acquire.
   */
  'lockDelay'?: (_google_protobuf_Duration | null);
  /**
   * As in Acquire.
   */
  'maxHold'?: (_google_protobuf_Duration | null);
  /**
   * As in AcquireRequest.
   */
  'requestId'?: (string);
  /**
   * As in AcquireRequest.
   */
  'clientName'?: (string);
}

/**
 * As AcquireRequest, without `wait`.
 */
export interface TryAcquireRequest__Output {
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name': (string);
  /**
   * As in Acquire.
   */
  'mode': (_holdfast_v1_LockMode__Output);
  /**
   * As in Acquire.
   */
  'permits': (number);
  /**
   * As in Acquire.
   */
  'capacity': (number);
  /**
   * As in AcquireRequest.
   */
  'ttl': (_google_protobuf_Duration__Output | null);
  /**
   * As in Acquire.
   */
  'lockDelay': (_google_protobuf_Duration__Output | null);
  /**
   * As in Acquire.
   */
  'maxHold': (_google_protobuf_Duration__Output | null);
  /**
   * As in AcquireRequest.
   */
  'requestId': (string);
  /**
   * As in AcquireRequest.
   */
  'clientName': (string);
}
