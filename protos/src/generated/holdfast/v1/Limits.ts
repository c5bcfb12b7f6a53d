// Original file: holdfast/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What requests may not exceed: RESOURCE_EXHAUSTED (TOO_LARGE) beyond.
 */
export interface Limits {
  /**
   * Bytes of a key.
   */
  'keyBytesMax'?: (number | string | Long);
  /**
   * Bytes of a value's data.
   */
  'valueBytesMax'?: (number | string | Long);
  /**
   * Bytes of one message, either way.
   */
  'messageBytesMax'?: (number | string | Long);
  /**
   * Operations of one batch, keys of one GetMany, sets of one SetMany.
   */
  'batchOperationsMax'?: (number);
  /**
   * Batches of one pipeline that are executed at once.
   */
  'pipelineBatchesMax'?: (number);
}

/**
 * What requests may not exceed: RESOURCE_EXHAUSTED (TOO_LARGE) beyond.
 */
export interface Limits__Output {
  /**
   * Bytes of a key.
   */
  'keyBytesMax': (string);
  /**
   * Bytes of a value's data.
   */
  'valueBytesMax': (string);
  /**
   * Bytes of one message, either way.
   */
  'messageBytesMax': (string);
  /**
   * Operations of one batch, keys of one GetMany, sets of one SetMany.
   */
  'batchOperationsMax': (number);
  /**
   * Batches of one pipeline that are executed at once.
   */
  'pipelineBatchesMax': (number);
}
