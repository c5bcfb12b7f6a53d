// Original file: holdfast/v1/admin.proto

import type { FileDamageKind as _holdfast_v1_FileDamageKind, FileDamageKind__Output as _holdfast_v1_FileDamageKind__Output } from '../../holdfast/v1/FileDamageKind.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A stretch of a file that is not what was written.
 */
export interface FileDamage {
  /**
   * Its name in the store's directory.
   */
  'file'?: (string);
  /**
   * Bytes from its start; 0 if the file as a whole is meant.
   */
  'offset'?: (number | string | Long);
  /**
   * How many.
   */
  'bytes'?: (number | string | Long);
  /**
   * In what way.
   */
  'kind'?: (_holdfast_v1_FileDamageKind);
}

/**
 * A stretch of a file that is not what was written.
 */
export interface FileDamage__Output {
  /**
   * Its name in the store's directory.
   */
  'file': (string);
  /**
   * Bytes from its start; 0 if the file as a whole is meant.
   */
  'offset': (string);
  /**
   * How many.
   */
  'bytes': (string);
  /**
   * In what way.
   */
  'kind': (_holdfast_v1_FileDamageKind__Output);
}
