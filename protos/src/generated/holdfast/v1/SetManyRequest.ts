// Original file: holdfast/v1/cache.proto

import type { SetRequest as _holdfast_v1_SetRequest, SetRequest__Output as _holdfast_v1_SetRequest__Output } from '../../holdfast/v1/SetRequest.ts';

/**
 * Stores many values.
 */
export interface SetManyRequest {
  /**
   * Up to 10,000, executed in this order.
   */
  'sets'?: (_holdfast_v1_SetRequest)[];
}

/**
 * Stores many values.
 */
export interface SetManyRequest__Output {
  /**
   * Up to 10,000, executed in this order.
   */
  'sets': (_holdfast_v1_SetRequest__Output)[];
}
