// Original file: holdfast/v1/cache.proto

import type { SetManyResult as _holdfast_v1_SetManyResult, SetManyResult__Output as _holdfast_v1_SetManyResult__Output } from '../../holdfast/v1/SetManyResult.ts';

/**
 * The answer to SetManyRequest.
 */
export interface SetManyResponse {
  /**
   * As many as `sets`, in their order.
   */
  'results'?: (_holdfast_v1_SetManyResult)[];
}

/**
 * The answer to SetManyRequest.
 */
export interface SetManyResponse__Output {
  /**
   * As many as `sets`, in their order.
   */
  'results': (_holdfast_v1_SetManyResult__Output)[];
}
