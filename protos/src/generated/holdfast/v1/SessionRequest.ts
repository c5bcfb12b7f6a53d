// Original file: holdfast/v1/lock.proto

import type { Hello as _holdfast_v1_Hello, Hello__Output as _holdfast_v1_Hello__Output } from '../../holdfast/v1/Hello.ts';
import type { Acquire as _holdfast_v1_Acquire, Acquire__Output as _holdfast_v1_Acquire__Output } from '../../holdfast/v1/Acquire.ts';
import type { CancelAcquire as _holdfast_v1_CancelAcquire, CancelAcquire__Output as _holdfast_v1_CancelAcquire__Output } from '../../holdfast/v1/CancelAcquire.ts';
import type { Release as _holdfast_v1_Release, Release__Output as _holdfast_v1_Release__Output } from '../../holdfast/v1/Release.ts';
import type { KeepAlive as _holdfast_v1_KeepAlive, KeepAlive__Output as _holdfast_v1_KeepAlive__Output } from '../../holdfast/v1/KeepAlive.ts';
import type { Goodbye as _holdfast_v1_Goodbye, Goodbye__Output as _holdfast_v1_Goodbye__Output } from '../../holdfast/v1/Goodbye.ts';

/**
 * What a client says. Hello comes first and once: INVALID_ARGUMENT otherwise, which ends the
 * stream.
 */
export interface SessionRequest {
  /**
   * Opens or resumes a session.
   */
  'hello'?: (_holdfast_v1_Hello | null);
  /**
   * Asks for a lock.
   */
  'acquire'?: (_holdfast_v1_Acquire | null);
  /**
   * Leaves a queue.
   */
  'cancelAcquire'?: (_holdfast_v1_CancelAcquire | null);
  /**
   * Gives a lease back.
   */
  'release'?: (_holdfast_v1_Release | null);
  /**
   * Renews the session and all its leases.
   */
  'keepAlive'?: (_holdfast_v1_KeepAlive | null);
  /**
   * Ends the session.
   */
  'goodbye'?: (_holdfast_v1_Goodbye | null);
  /**
   * Required, as is a kind that this server knows: INVALID_ARGUMENT otherwise, which ends the
   * stream.
   */
  'message'?: "hello"|"acquire"|"cancelAcquire"|"release"|"keepAlive"|"goodbye";
}

/**
 * What a client says. Hello comes first and once: INVALID_ARGUMENT otherwise, which ends the
 * stream.
 */
export interface SessionRequest__Output {
  /**
   * Opens or resumes a session.
   */
  'hello'?: (_holdfast_v1_Hello__Output | null);
  /**
   * Asks for a lock.
   */
  'acquire'?: (_holdfast_v1_Acquire__Output | null);
  /**
   * Leaves a queue.
   */
  'cancelAcquire'?: (_holdfast_v1_CancelAcquire__Output | null);
  /**
   * Gives a lease back.
   */
  'release'?: (_holdfast_v1_Release__Output | null);
  /**
   * Renews the session and all its leases.
   */
  'keepAlive'?: (_holdfast_v1_KeepAlive__Output | null);
  /**
   * Ends the session.
   */
  'goodbye'?: (_holdfast_v1_Goodbye__Output | null);
  /**
   * Required, as is a kind that this server knows: INVALID_ARGUMENT otherwise, which ends the
   * stream.
   */
  'message'?: "hello"|"acquire"|"cancelAcquire"|"release"|"keepAlive"|"goodbye";
}
