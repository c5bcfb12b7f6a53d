// Original file: holdfast/v1/cache.proto

import type { Entry as _holdfast_v1_Entry, Entry__Output as _holdfast_v1_Entry__Output } from '../../holdfast/v1/Entry.ts';
import type { FillLease as _holdfast_v1_FillLease, FillLease__Output as _holdfast_v1_FillLease__Output } from '../../holdfast/v1/FillLease.ts';

/**
 * The answer to GetOrLeaseRequest.
 */
export interface GetOrLeaseResponse {
  /**
   * The value that was there, or that another caller has loaded; its `version` is 0 if that was
   * not stored.
   */
  'entry'?: (_holdfast_v1_Entry | null);
  /**
   * The caller is to load it.
   */
  'lease'?: (_holdfast_v1_FillLease | null);
  /**
   * Always true: there is none, another caller has found. It may have been a while ago, see
   * `DeleteRequest.negative_ttl`.
   */
  'absent'?: (boolean);
  /**
   * One of them.
   */
  'outcome'?: "entry"|"lease"|"absent";
}

/**
 * The answer to GetOrLeaseRequest.
 */
export interface GetOrLeaseResponse__Output {
  /**
   * The value that was there, or that another caller has loaded; its `version` is 0 if that was
   * not stored.
   */
  'entry'?: (_holdfast_v1_Entry__Output | null);
  /**
   * The caller is to load it.
   */
  'lease'?: (_holdfast_v1_FillLease__Output | null);
  /**
   * Always true: there is none, another caller has found. It may have been a while ago, see
   * `DeleteRequest.negative_ttl`.
   */
  'absent'?: (boolean);
  /**
   * One of them.
   */
  'outcome'?: "entry"|"lease"|"absent";
}
