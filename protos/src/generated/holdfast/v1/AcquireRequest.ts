// Original file: holdfast/v1/lease.proto

import type { LockMode as _holdfast_v1_LockMode, LockMode__Output as _holdfast_v1_LockMode__Output } from '../../holdfast/v1/LockMode.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Asks for a lease without a stream.
 */
export interface AcquireRequest {
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
   * How long the lease lives without a Renew: 100 ms to 24 h, 15 s if absent.
   */
  'ttl'?: (_google_protobuf_Duration | null);
  /**
   * How long to wait in line: 0 answers at once, absent waits as long as it takes.
   */
  'wait'?: (_google_protobuf_Duration | null);
  /**
   * As in Acquire.
   */
  'lockDelay'?: (_google_protobuf_Duration | null);
  /**
   * As in Acquire.
   */
  'maxHold'?: (_google_protobuf_Duration | null);
  /**
   * Makes the request one that can be sent again: 22 to 128 characters that nobody else chooses,
   * best random, since they prove who asked. The same id again gets the same lease, for as long as
   * that lives, and with other terms ALREADY_EXISTS (REQUEST_ID_REUSED). Empty: not repeatable.
   */
  'requestId'?: (string);
  /**
   * Who this is, for people. Up to 256 bytes of UTF-8.
   */
  'clientName'?: (string);
}

/**
 * Asks for a lease without a stream.
 */
export interface AcquireRequest__Output {
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
   * How long the lease lives without a Renew: 100 ms to 24 h, 15 s if absent.
   */
  'ttl': (_google_protobuf_Duration__Output | null);
  /**
   * How long to wait in line: 0 answers at once, absent waits as long as it takes.
   */
  'wait': (_google_protobuf_Duration__Output | null);
  /**
   * As in Acquire.
   */
  'lockDelay': (_google_protobuf_Duration__Output | null);
  /**
   * As in Acquire.
   */
  'maxHold': (_google_protobuf_Duration__Output | null);
  /**
   * Makes the request one that can be sent again: 22 to 128 characters that nobody else chooses,
   * best random, since they prove who asked. The same id again gets the same lease, for as long as
   * that lives, and with other terms ALREADY_EXISTS (REQUEST_ID_REUSED). Empty: not repeatable.
   */
  'requestId': (string);
  /**
   * Who this is, for people. Up to 256 bytes of UTF-8.
   */
  'clientName': (string);
}
