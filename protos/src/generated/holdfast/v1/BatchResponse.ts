// Original file: holdfast/v1/cache.proto

import type { OperationResult as _holdfast_v1_OperationResult, OperationResult__Output as _holdfast_v1_OperationResult__Output } from '../../holdfast/v1/OperationResult.ts';

/**
 * The answer to BatchRequest.
 */
export interface BatchResponse {
  /**
   * As many as operations were sent, in their order.
   */
  'results'?: (_holdfast_v1_OperationResult)[];
}

/**
 * The answer to BatchRequest.
 */
export interface BatchResponse__Output {
  /**
   * As many as operations were sent, in their order.
   */
  'results': (_holdfast_v1_OperationResult__Output)[];
}
