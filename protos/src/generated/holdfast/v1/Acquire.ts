// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Asks for a lock. Answered with Granted, Contended or Denied, after any number of Queued.
 */
export interface Acquire {
  /**
   * Chosen by the client, 1 to 128 characters, unique in its session: the same id again gets the
   * same answer, and the same id for another lock ALREADY_EXISTS (REQUEST_ID_REUSED).
   */
  'requestId'?: (string);
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name'?: (string);
  /**
   * How long to wait in the queue: 0 answers at once, absent waits as long as it takes.
   */
  'wait'?: (_google_protobuf_Duration | null);
}

/**
 * Asks for a lock. Answered with Granted, Contended or Denied, after any number of Queued.
 */
export interface Acquire__Output {
  /**
   * Chosen by the client, 1 to 128 characters, unique in its session: the same id again gets the
   * same answer, and the same id for another lock ALREADY_EXISTS (REQUEST_ID_REUSED).
   */
  'requestId': (string);
  /**
   * The lock: 1 to 512 bytes of UTF-8.
   */
  'name': (string);
  /**
   * How long to wait in the queue: 0 answers at once, absent waits as long as it takes.
   */
  'wait': (_google_protobuf_Duration__Output | null);
}
