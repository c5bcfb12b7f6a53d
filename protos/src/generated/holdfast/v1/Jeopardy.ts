// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * No KeepAlive came for two thirds of the TTL, in which two were due, and the session holds or
 * waits for something. All of that is over unless one comes in time: send one at once, and take on
 * no new work under a lease until it is acknowledged. Sent once, until it is late again; not to a
 * session that has nothing to lose, and not to a client that has 64 messages to read.
 */
export interface Jeopardy {
  /**
   * How long until the session is over, and its leases with it.
   */
  'remaining'?: (_google_protobuf_Duration | null);
}

/**
 * No KeepAlive came for two thirds of the TTL, in which two were due, and the session holds or
 * waits for something. All of that is over unless one comes in time: send one at once, and take on
 * no new work under a lease until it is acknowledged. Sent once, until it is late again; not to a
 * session that has nothing to lose, and not to a client that has 64 messages to read.
 */
export interface Jeopardy__Output {
  /**
   * How long until the session is over, and its leases with it.
   */
  'remaining': (_google_protobuf_Duration__Output | null);
}
