// Original file: holdfast/v1/cache.proto

import type { GetManyResult as _holdfast_v1_GetManyResult, GetManyResult__Output as _holdfast_v1_GetManyResult__Output } from '../../holdfast/v1/GetManyResult.ts';

/**
 * The answer to GetManyRequest.
 */
export interface GetManyResponse {
  /**
   * As many as keys were asked for, in their order.
   */
  'results'?: (_holdfast_v1_GetManyResult)[];
}

/**
 * The answer to GetManyRequest.
 */
export interface GetManyResponse__Output {
  /**
   * As many as keys were asked for, in their order.
   */
  'results': (_holdfast_v1_GetManyResult__Output)[];
}
