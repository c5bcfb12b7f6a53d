// Original file: holdfast/v1/cache.proto

import type { Operation as _holdfast_v1_Operation, Operation__Output as _holdfast_v1_Operation__Output } from '../../holdfast/v1/Operation.ts';

/**
 * Mixed operations.
 */
export interface BatchRequest {
  /**
   * Up to 10,000, executed in this order.
   */
  'operations'?: (_holdfast_v1_Operation)[];
}

/**
 * Mixed operations.
 */
export interface BatchRequest__Output {
  /**
   * Up to 10,000, executed in this order.
   */
  'operations': (_holdfast_v1_Operation__Output)[];
}
