// Original file: holdfast/v1/admin.proto

import type { LockInfo as _holdfast_v1_LockInfo, LockInfo__Output as _holdfast_v1_LockInfo__Output } from '../../holdfast/v1/LockInfo.ts';

/**
 * One page of locks, sorted by name (by UTF-16 code units). Pages are read one after another, not
 * at one moment.
 */
export interface ListLocksResponse {
  /**
   * Up to `page_size`; fewer where very many hold or wait.
   */
  'locks'?: (_holdfast_v1_LockInfo)[];
  /**
   * For the next page; empty at the end.
   */
  'nextPageToken'?: (string);
}

/**
 * One page of locks, sorted by name (by UTF-16 code units). Pages are read one after another, not
 * at one moment.
 */
export interface ListLocksResponse__Output {
  /**
   * Up to `page_size`; fewer where very many hold or wait.
   */
  'locks': (_holdfast_v1_LockInfo__Output)[];
  /**
   * For the next page; empty at the end.
   */
  'nextPageToken': (string);
}
