// Original file: holdfast/v1/admin.proto

import type { FileDamage as _holdfast_v1_FileDamage, FileDamage__Output as _holdfast_v1_FileDamage__Output } from '../../holdfast/v1/FileDamage.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was found.
 */
export interface VerifyResponse {
  /**
   * Files that were read; none if the server keeps everything in memory.
   */
  'files'?: (number);
  /**
   * Bytes that were looked at.
   */
  'bytes'?: (number | string | Long);
  /**
   * Records that are whole, dead ones included.
   */
  'records'?: (number | string | Long);
  /**
   * Empty if everything is as it was written; the first 1,000 places otherwise.
   */
  'damage'?: (_holdfast_v1_FileDamage)[];
}

/**
 * What was found.
 */
export interface VerifyResponse__Output {
  /**
   * Files that were read; none if the server keeps everything in memory.
   */
  'files': (number);
  /**
   * Bytes that were looked at.
   */
  'bytes': (string);
  /**
   * Records that are whole, dead ones included.
   */
  'records': (string);
  /**
   * Empty if everything is as it was written; the first 1,000 places otherwise.
   */
  'damage': (_holdfast_v1_FileDamage__Output)[];
}
