// Original file: holdfast/v1/admin.proto

import type { SessionInfo as _holdfast_v1_SessionInfo, SessionInfo__Output as _holdfast_v1_SessionInfo__Output } from '../../holdfast/v1/SessionInfo.ts';

/**
 * One page of sessions, sorted by id.
 */
export interface ListSessionsResponse {
  /**
   * Up to `page_size`.
   */
  'sessions'?: (_holdfast_v1_SessionInfo)[];
  /**
   * For the next page; empty at the end.
   */
  'nextPageToken'?: (string);
}

/**
 * One page of sessions, sorted by id.
 */
export interface ListSessionsResponse__Output {
  /**
   * Up to `page_size`.
   */
  'sessions': (_holdfast_v1_SessionInfo__Output)[];
  /**
   * For the next page; empty at the end.
   */
  'nextPageToken': (string);
}
