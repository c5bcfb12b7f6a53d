// Original file: holdfast/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What is dead is gone.
 */
export interface CompactResponse {
  /**
   * Bytes of all segments when it began.
   */
  'bytesBefore'?: (number | string | Long);
  /**
   * Bytes of all segments when it ended.
   */
  'bytesAfter'?: (number | string | Long);
  /**
   * Segments that were freed.
   */
  'segmentsFreed'?: (number);
}

/**
 * What is dead is gone.
 */
export interface CompactResponse__Output {
  /**
   * Bytes of all segments when it began.
   */
  'bytesBefore': (string);
  /**
   * Bytes of all segments when it ended.
   */
  'bytesAfter': (string);
  /**
   * Segments that were freed.
   */
  'segmentsFreed': (number);
}
