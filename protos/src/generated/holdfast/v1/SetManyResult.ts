// Original file: holdfast/v1/cache.proto

import type { SetResponse as _holdfast_v1_SetResponse, SetResponse__Output as _holdfast_v1_SetResponse__Output } from '../../holdfast/v1/SetResponse.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

/**
 * What came of one set.
 */
export interface SetManyResult {
  /**
   * As SetRequest alone would have been answered.
   */
  'set'?: (_holdfast_v1_SetResponse | null);
  /**
   * Why this value was not stored.
   */
  'error'?: (_google_rpc_Status | null);
  /**
   * The answer, or what went wrong.
   */
  'outcome'?: "set"|"error";
}

/**
 * What came of one set.
 */
export interface SetManyResult__Output {
  /**
   * As SetRequest alone would have been answered.
   */
  'set'?: (_holdfast_v1_SetResponse__Output | null);
  /**
   * Why this value was not stored.
   */
  'error'?: (_google_rpc_Status__Output | null);
  /**
   * The answer, or what went wrong.
   */
  'outcome'?: "set"|"error";
}
