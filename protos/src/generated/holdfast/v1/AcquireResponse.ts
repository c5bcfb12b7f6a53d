// Original file: holdfast/v1/lease.proto

import type { GrantedLease as _holdfast_v1_GrantedLease, GrantedLease__Output as _holdfast_v1_GrantedLease__Output } from '../../holdfast/v1/GrantedLease.ts';
import type { ContendedLock as _holdfast_v1_ContendedLock, ContendedLock__Output as _holdfast_v1_ContendedLock__Output } from '../../holdfast/v1/ContendedLock.ts';

/**
 * What became of an AcquireRequest.
 */
export interface AcquireResponse {
  /**
   * The lock is the caller's.
   */
  'granted'?: (_holdfast_v1_GrantedLease | null);
  /**
   * The wait was over before its turn.
   */
  'contended'?: (_holdfast_v1_ContendedLock | null);
  /**
   * Contention is an answer.
   */
  'outcome'?: "granted"|"contended";
}

/**
 * What became of an AcquireRequest.
 */
export interface AcquireResponse__Output {
  /**
   * The lock is the caller's.
   */
  'granted'?: (_holdfast_v1_GrantedLease__Output | null);
  /**
   * The wait was over before its turn.
   */
  'contended'?: (_holdfast_v1_ContendedLock__Output | null);
  /**
   * Contention is an answer.
   */
  'outcome'?: "granted"|"contended";
}
