// Original file: holdfast/v1/cache.proto

import type { GetResponse as _holdfast_v1_GetResponse, GetResponse__Output as _holdfast_v1_GetResponse__Output } from '../../holdfast/v1/GetResponse.ts';
import type { SetResponse as _holdfast_v1_SetResponse, SetResponse__Output as _holdfast_v1_SetResponse__Output } from '../../holdfast/v1/SetResponse.ts';
import type { DeleteResponse as _holdfast_v1_DeleteResponse, DeleteResponse__Output as _holdfast_v1_DeleteResponse__Output } from '../../holdfast/v1/DeleteResponse.ts';
import type { TouchResponse as _holdfast_v1_TouchResponse, TouchResponse__Output as _holdfast_v1_TouchResponse__Output } from '../../holdfast/v1/TouchResponse.ts';
import type { InvalidateTagsResponse as _holdfast_v1_InvalidateTagsResponse, InvalidateTagsResponse__Output as _holdfast_v1_InvalidateTagsResponse__Output } from '../../holdfast/v1/InvalidateTagsResponse.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

/**
 * What came of one operation.
 */
export interface OperationResult {
  /**
   * The answer to `get`.
   */
  'get'?: (_holdfast_v1_GetResponse | null);
  /**
   * The answer to `set`.
   */
  'set'?: (_holdfast_v1_SetResponse | null);
  /**
   * The answer to `delete`.
   */
  'delete'?: (_holdfast_v1_DeleteResponse | null);
  /**
   * The answer to `touch`.
   */
  'touch'?: (_holdfast_v1_TouchResponse | null);
  /**
   * The answer to `invalidate_tags`.
   */
  'invalidateTags'?: (_holdfast_v1_InvalidateTagsResponse | null);
  /**
   * Why this operation failed; the others are not affected.
   */
  'error'?: (_google_rpc_Status | null);
  /**
   * The answer of the operation's own kind, or what went wrong.
   */
  'result'?: "get"|"set"|"delete"|"touch"|"invalidateTags"|"error";
}

/**
 * What came of one operation.
 */
export interface OperationResult__Output {
  /**
   * The answer to `get`.
   */
  'get'?: (_holdfast_v1_GetResponse__Output | null);
  /**
   * The answer to `set`.
   */
  'set'?: (_holdfast_v1_SetResponse__Output | null);
  /**
   * The answer to `delete`.
   */
  'delete'?: (_holdfast_v1_DeleteResponse__Output | null);
  /**
   * The answer to `touch`.
   */
  'touch'?: (_holdfast_v1_TouchResponse__Output | null);
  /**
   * The answer to `invalidate_tags`.
   */
  'invalidateTags'?: (_holdfast_v1_InvalidateTagsResponse__Output | null);
  /**
   * Why this operation failed; the others are not affected.
   */
  'error'?: (_google_rpc_Status__Output | null);
  /**
   * The answer of the operation's own kind, or what went wrong.
   */
  'result'?: "get"|"set"|"delete"|"touch"|"invalidateTags"|"error";
}
