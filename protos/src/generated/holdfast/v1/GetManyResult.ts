// Original file: holdfast/v1/cache.proto

import type { Entry as _holdfast_v1_Entry, Entry__Output as _holdfast_v1_Entry__Output } from '../../holdfast/v1/Entry.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

/**
 * What came of one key. Neither field: a miss.
 */
export interface GetManyResult {
  /**
   * The live value.
   */
  'entry'?: (_holdfast_v1_Entry | null);
  /**
   * Why this key could not be read.
   */
  'error'?: (_google_rpc_Status | null);
  /**
   * A value, or what went wrong.
   */
  'outcome'?: "entry"|"error";
}

/**
 * What came of one key. Neither field: a miss.
 */
export interface GetManyResult__Output {
  /**
   * The live value.
   */
  'entry'?: (_holdfast_v1_Entry__Output | null);
  /**
   * Why this key could not be read.
   */
  'error'?: (_google_rpc_Status__Output | null);
  /**
   * A value, or what went wrong.
   */
  'outcome'?: "entry"|"error";
}
