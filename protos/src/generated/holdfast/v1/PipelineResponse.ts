// Original file: holdfast/v1/cache.proto

import type { OperationResult as _holdfast_v1_OperationResult, OperationResult__Output as _holdfast_v1_OperationResult__Output } from '../../holdfast/v1/OperationResult.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

/**
 * The answer to one batch of a pipeline.
 */
export interface PipelineResponse {
  /**
   * The batch's id.
   */
  'id'?: (number);
  /**
   * As many as operations were sent, in their order; none if `error` is set.
   */
  'results'?: (_holdfast_v1_OperationResult)[];
  /**
   * Why the batch as a whole was refused (too many operations); nothing of it was executed, and the
   * stream goes on.
   */
  'error'?: (_google_rpc_Status | null);
}

/**
 * The answer to one batch of a pipeline.
 */
export interface PipelineResponse__Output {
  /**
   * The batch's id.
   */
  'id': (number);
  /**
   * As many as operations were sent, in their order; none if `error` is set.
   */
  'results': (_holdfast_v1_OperationResult__Output)[];
  /**
   * Why the batch as a whole was refused (too many operations); nothing of it was executed, and the
   * stream goes on.
   */
  'error': (_google_rpc_Status__Output | null);
}
