// Original file: holdfast/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Figures of the server.
 */
export interface ServerStats {
  /**
   * Operations executed: a unary call counts one for each key.
   */
  'cacheOperations'?: (number | string | Long);
  /**
   * Of those, how many answered with an error.
   */
  'cacheOperationsFailed'?: (number | string | Long);
  /**
   * Pipelines that are open.
   */
  'pipelines'?: (number);
  /**
   * Session streams that are open. Sessions without a stream are not counted.
   */
  'sessionStreams'?: (number);
  /**
   * Leases held now.
   */
  'leasesHeld'?: (number);
  /**
   * Requests in queues now.
   */
  'requestsWaiting'?: (number);
  /**
   * Calls of GetOrLease that are open: who loads, and who waits for them.
   */
  'fillCalls'?: (number);
}

/**
 * Figures of the server.
 */
export interface ServerStats__Output {
  /**
   * Operations executed: a unary call counts one for each key.
   */
  'cacheOperations': (string);
  /**
   * Of those, how many answered with an error.
   */
  'cacheOperationsFailed': (string);
  /**
   * Pipelines that are open.
   */
  'pipelines': (number);
  /**
   * Session streams that are open. Sessions without a stream are not counted.
   */
  'sessionStreams': (number);
  /**
   * Leases held now.
   */
  'leasesHeld': (number);
  /**
   * Requests in queues now.
   */
  'requestsWaiting': (number);
  /**
   * Calls of GetOrLease that are open: who loads, and who waits for them.
   */
  'fillCalls': (number);
}
