// Original file: holdfast/v1/admin.proto

import type { CacheStats as _holdfast_v1_CacheStats, CacheStats__Output as _holdfast_v1_CacheStats__Output } from '../../holdfast/v1/CacheStats.ts';
import type { ServerStats as _holdfast_v1_ServerStats, ServerStats__Output as _holdfast_v1_ServerStats__Output } from '../../holdfast/v1/ServerStats.ts';

/**
 * Figures of now.
 */
export interface GetStatsResponse {
  /**
   * Of the store, since it was opened.
   */
  'cache'?: (_holdfast_v1_CacheStats | null);
  /**
   * Of the server, since it started.
   */
  'server'?: (_holdfast_v1_ServerStats | null);
}

/**
 * Figures of now.
 */
export interface GetStatsResponse__Output {
  /**
   * Of the store, since it was opened.
   */
  'cache': (_holdfast_v1_CacheStats__Output | null);
  /**
   * Of the server, since it started.
   */
  'server': (_holdfast_v1_ServerStats__Output | null);
}
