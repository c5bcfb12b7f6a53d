// Original file: holdfast/v1/cache.proto

import type { GetRequest as _holdfast_v1_GetRequest, GetRequest__Output as _holdfast_v1_GetRequest__Output } from '../../holdfast/v1/GetRequest.ts';
import type { SetRequest as _holdfast_v1_SetRequest, SetRequest__Output as _holdfast_v1_SetRequest__Output } from '../../holdfast/v1/SetRequest.ts';
import type { DeleteRequest as _holdfast_v1_DeleteRequest, DeleteRequest__Output as _holdfast_v1_DeleteRequest__Output } from '../../holdfast/v1/DeleteRequest.ts';
import type { TouchRequest as _holdfast_v1_TouchRequest, TouchRequest__Output as _holdfast_v1_TouchRequest__Output } from '../../holdfast/v1/TouchRequest.ts';
import type { InvalidateTagsRequest as _holdfast_v1_InvalidateTagsRequest, InvalidateTagsRequest__Output as _holdfast_v1_InvalidateTagsRequest__Output } from '../../holdfast/v1/InvalidateTagsRequest.ts';

/**
 * One operation of a batch.
 */
export interface Operation {
  /**
   * Reads one key.
   */
  'get'?: (_holdfast_v1_GetRequest | null);
  /**
   * Stores one value.
   */
  'set'?: (_holdfast_v1_SetRequest | null);
  /**
   * Removes one key.
   */
  'delete'?: (_holdfast_v1_DeleteRequest | null);
  /**
   * Gives a key a new deadline.
   */
  'touch'?: (_holdfast_v1_TouchRequest | null);
  /**
   * Makes values go by their tags.
   */
  'invalidateTags'?: (_holdfast_v1_InvalidateTagsRequest | null);
  /**
   * Required: INVALID_ARGUMENT for this operation otherwise, which is also the answer to one this
   * server does not know.
   */
  'operation'?: "get"|"set"|"delete"|"touch"|"invalidateTags";
}

/**
 * One operation of a batch.
 */
export interface Operation__Output {
  /**
   * Reads one key.
   */
  'get'?: (_holdfast_v1_GetRequest__Output | null);
  /**
   * Stores one value.
   */
  'set'?: (_holdfast_v1_SetRequest__Output | null);
  /**
   * Removes one key.
   */
  'delete'?: (_holdfast_v1_DeleteRequest__Output | null);
  /**
   * Gives a key a new deadline.
   */
  'touch'?: (_holdfast_v1_TouchRequest__Output | null);
  /**
   * Makes values go by their tags.
   */
  'invalidateTags'?: (_holdfast_v1_InvalidateTagsRequest__Output | null);
  /**
   * Required: INVALID_ARGUMENT for this operation otherwise, which is also the answer to one this
   * server does not know.
   */
  'operation'?: "get"|"set"|"delete"|"touch"|"invalidateTags";
}
