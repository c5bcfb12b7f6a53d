// Original file: holdfast/v1/cache.proto

import type { Durability as _holdfast_v1_Durability, Durability__Output as _holdfast_v1_Durability__Output } from '../../holdfast/v1/Durability.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from '../../holdfast/v1/Fence.ts';

/**
 * Makes values go by their tags.
 */
export interface InvalidateTagsRequest {
  /**
   * Up to 1,000, each 1 to 256 bytes of UTF-8: INVALID_ARGUMENT otherwise.
   */
  'tags'?: (string)[];
  /**
   * What the answer waits for.
   */
  'durability'?: (_holdfast_v1_Durability);
  /**
   * Invalidate only while this lease is held.
   */
  'fence'?: (_holdfast_v1_Fence | null);
}

/**
 * Makes values go by their tags.
 */
export interface InvalidateTagsRequest__Output {
  /**
   * Up to 1,000, each 1 to 256 bytes of UTF-8: INVALID_ARGUMENT otherwise.
   */
  'tags': (string)[];
  /**
   * What the answer waits for.
   */
  'durability': (_holdfast_v1_Durability__Output);
  /**
   * Invalidate only while this lease is held.
   */
  'fence': (_holdfast_v1_Fence__Output | null);
}
