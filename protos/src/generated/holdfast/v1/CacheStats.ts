// Original file: holdfast/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Figures of the store.
 */
export interface CacheStats {
  /**
   * Live records.
   */
  'records'?: (number | string | Long);
  /**
   * Bytes of memory: index, buffers and cached values.
   */
  'memoryBytes'?: (number | string | Long);
  /**
   * Bytes of files, garbage included.
   */
  'diskBytes'?: (number | string | Long);
  /**
   * Reads that found a live value.
   */
  'hits'?: (number | string | Long);
  /**
   * Reads that found none.
   */
  'misses'?: (number | string | Long);
  /**
   * Records whose deadline passed.
   */
  'expirations'?: (number | string | Long);
  /**
   * Live records dropped to stay in bounds.
   */
  'evictions'?: (number | string | Long);
  /**
   * Damaged records or files that were met and set aside.
   */
  'corruptions'?: (number | string | Long);
  /**
   * Callers of GetOrLease that were told to load. Each such call is one read as well.
   */
  'loads'?: (number | string | Long);
  '_records'?: "records";
  '_memoryBytes'?: "memoryBytes";
  '_diskBytes'?: "diskBytes";
  '_hits'?: "hits";
  '_misses'?: "misses";
  '_expirations'?: "expirations";
  '_evictions'?: "evictions";
  '_corruptions'?: "corruptions";
  '_loads'?: "loads";
}

/**
 * Figures of the store.
 */
export interface CacheStats__Output {
  /**
   * Live records.
   */
  'records'?: (string);
  /**
   * Bytes of memory: index, buffers and cached values.
   */
  'memoryBytes'?: (string);
  /**
   * Bytes of files, garbage included.
   */
  'diskBytes'?: (string);
  /**
   * Reads that found a live value.
   */
  'hits'?: (string);
  /**
   * Reads that found none.
   */
  'misses'?: (string);
  /**
   * Records whose deadline passed.
   */
  'expirations'?: (string);
  /**
   * Live records dropped to stay in bounds.
   */
  'evictions'?: (string);
  /**
   * Damaged records or files that were met and set aside.
   */
  'corruptions'?: (string);
  /**
   * Callers of GetOrLease that were told to load. Each such call is one read as well.
   */
  'loads'?: (string);
  '_records'?: "records";
  '_memoryBytes'?: "memoryBytes";
  '_diskBytes'?: "diskBytes";
  '_hits'?: "hits";
  '_misses'?: "misses";
  '_expirations'?: "expirations";
  '_evictions'?: "evictions";
  '_corruptions'?: "corruptions";
  '_loads'?: "loads";
}
