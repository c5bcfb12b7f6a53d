// Original file: holdfast/v1/lease.proto

import type { LockHolder as _holdfast_v1_LockHolder, LockHolder__Output as _holdfast_v1_LockHolder__Output } from '../../holdfast/v1/LockHolder.ts';

/**
 * A lock, its holders and how many wait.
 */
export interface LockInfo {
  /**
   * The lock.
   */
  'name'?: (string);
  /**
   * In the order of the grants; the first 1,000.
   */
  'holders'?: (_holdfast_v1_LockHolder)[];
  /**
   * How many wait.
   */
  'waiting'?: (number);
  /**
   * How many hold it.
   */
  'held'?: (number);
  /**
   * Who waits, in the order of their turns, without tokens; the first 1,000.
   */
  'waiters'?: (_holdfast_v1_LockHolder)[];
}

/**
 * A lock, its holders and how many wait.
 */
export interface LockInfo__Output {
  /**
   * The lock.
   */
  'name': (string);
  /**
   * In the order of the grants; the first 1,000.
   */
  'holders': (_holdfast_v1_LockHolder__Output)[];
  /**
   * How many wait.
   */
  'waiting': (number);
  /**
   * How many hold it.
   */
  'held': (number);
  /**
   * Who waits, in the order of their turns, without tokens; the first 1,000.
   */
  'waiters': (_holdfast_v1_LockHolder__Output)[];
}
