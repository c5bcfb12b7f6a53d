// Original file: holdfast/v1/lock.proto

import type { LockMode as _holdfast_v1_LockMode, LockMode__Output as _holdfast_v1_LockMode__Output } from '../../holdfast/v1/LockMode.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Asks for a lock. Answered with Granted, Contended or Denied, after any number of Queued.
 */
export interface Acquire {
  /**
   * Chosen by the client, 1 to 128 characters, unique in its session: the same id again gets the
   * same answer, and the same id for another lock ALREADY_EXISTS (REQUEST_ID_REUSED).
   */
  'requestId'?: (string);
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name'?: (string);
  /**
   * Who may hold it at the same time. Unspecified: LOCK_MODE_EXCLUSIVE.
   */
  'mode'?: (_holdfast_v1_LockMode);
  /**
   * For LOCK_MODE_PERMIT: how many of `capacity` to take, 1 to `capacity`; 0 counts as 1. Must be 0
   * in other modes.
   */
  'permits'?: (number);
  /**
   * For LOCK_MODE_PERMIT, and needed there: 1 to 1,000,000, the same for all who use the lock at
   * one time. Must be 0 in other modes.
   */
  'capacity'?: (number);
  /**
   * How long to wait in the queue: 0 answers at once, absent waits as long as it takes.
   */
  'wait'?: (_google_protobuf_Duration | null);
  /**
   * For how long nobody is granted the lock after this lease was lost, for resources that cannot
   * check tokens: 0 to 1 h, 0 if absent. A release opens the lock at once.
   */
  'lockDelay'?: (_google_protobuf_Duration | null);
  /**
   * After this the lease is lost, renewed or not: 100 ms or more, no limit if absent.
   */
  'maxHold'?: (_google_protobuf_Duration | null);
}

/**
 * Asks for a lock. Answered with Granted, Contended or Denied, after any number of Queued.
 */
export interface Acquire__Output {
  /**
   * Chosen by the client, 1 to 128 characters, unique in its session: the same id again gets the
   * same answer, and the same id for another lock ALREADY_EXISTS (REQUEST_ID_REUSED).
   */
  'requestId': (string);
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name': (string);
  /**
   * Who may hold it at the same time. Unspecified: LOCK_MODE_EXCLUSIVE.
   */
  'mode': (_holdfast_v1_LockMode__Output);
  /**
   * For LOCK_MODE_PERMIT: how many of `capacity` to take, 1 to `capacity`; 0 counts as 1. Must be 0
   * in other modes.
   */
  'permits': (number);
  /**
   * For LOCK_MODE_PERMIT, and needed there: 1 to 1,000,000, the same for all who use the lock at
   * one time. Must be 0 in other modes.
   */
  'capacity': (number);
  /**
   * How long to wait in the queue: 0 answers at once, absent waits as long as it takes.
   */
  'wait': (_google_protobuf_Duration__Output | null);
  /**
   * For how long nobody is granted the lock after this lease was lost, for resources that cannot
   * check tokens: 0 to 1 h, 0 if absent. A release opens the lock at once.
   */
  'lockDelay': (_google_protobuf_Duration__Output | null);
  /**
   * After this the lease is lost, renewed or not: 100 ms or more, no limit if absent.
   */
  'maxHold': (_google_protobuf_Duration__Output | null);
}
