// Original file: holdfast/v1/lock.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Renews the session and all its leases for the TTL, counted from the server's receipt.
 */
export interface KeepAlive {
  /**
   * Chosen by the client, best rising; the server only repeats it.
   */
  'sequence'?: (number | string | Long);
}

/**
 * Renews the session and all its leases for the TTL, counted from the server's receipt.
 */
export interface KeepAlive__Output {
  /**
   * Chosen by the client, best rising; the server only repeats it.
   */
  'sequence': (string);
}
