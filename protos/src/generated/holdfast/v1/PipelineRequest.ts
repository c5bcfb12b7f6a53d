// Original file: holdfast/v1/cache.proto

import type { Operation as _holdfast_v1_Operation, Operation__Output as _holdfast_v1_Operation__Output } from '../../holdfast/v1/Operation.ts';

/**
 * One batch of a pipeline.
 */
export interface PipelineRequest {
  /**
   * Chosen by the client, and best unique among the batches of this stream that are not answered
   * yet. The server only repeats it.
   */
  'id'?: (number);
  /**
   * Up to 10,000, executed in this order.
   */
  'operations'?: (_holdfast_v1_Operation)[];
}

/**
 * One batch of a pipeline.
 */
export interface PipelineRequest__Output {
  /**
   * Chosen by the client, and best unique among the batches of this stream that are not answered
   * yet. The server only repeats it.
   */
  'id': (number);
  /**
   * Up to 10,000, executed in this order.
   */
  'operations': (_holdfast_v1_Operation__Output)[];
}
