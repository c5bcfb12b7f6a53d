// Original file: holdfast/v1/cache.proto

import type { Entry as _holdfast_v1_Entry, Entry__Output as _holdfast_v1_Entry__Output } from '../../holdfast/v1/Entry.ts';

/**
 * The answer to GetRequest.
 */
export interface GetResponse {
  /**
   * Absent: the key is not there, or its deadline is reached.
   */
  'entry'?: (_holdfast_v1_Entry | null);
  /**
   * The deadline of `entry` is reached: it is given because of `GetRequest.stale`.
   */
  'isStale'?: (boolean);
}

/**
 * The answer to GetRequest.
 */
export interface GetResponse__Output {
  /**
   * Absent: the key is not there, or its deadline is reached.
   */
  'entry': (_holdfast_v1_Entry__Output | null);
  /**
   * The deadline of `entry` is reached: it is given because of `GetRequest.stale`.
   */
  'isStale': (boolean);
}
