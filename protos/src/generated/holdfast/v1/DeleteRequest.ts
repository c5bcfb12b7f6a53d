// Original file: holdfast/v1/cache.proto

import type { Durability as _holdfast_v1_Durability, Durability__Output as _holdfast_v1_Durability__Output } from '../../holdfast/v1/Durability.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from '../../holdfast/v1/Fence.ts';

/**
 * Removes one key.
 */
export interface DeleteRequest {
  /**
   * 0 to 65,536 bytes.
   */
  'key'?: (Buffer | Uint8Array | string);
  /**
   * What the answer waits for.
   */
  'durability'?: (_holdfast_v1_Durability);
  /**
   * Remove only while this lease is held.
   */
  'fence'?: (_holdfast_v1_Fence | null);
}

/**
 * Removes one key.
 */
export interface DeleteRequest__Output {
  /**
   * 0 to 65,536 bytes.
   */
  'key': (Buffer);
  /**
   * What the answer waits for.
   */
  'durability': (_holdfast_v1_Durability__Output);
  /**
   * Remove only while this lease is held.
   */
  'fence': (_holdfast_v1_Fence__Output | null);
}
