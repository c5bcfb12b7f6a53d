// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Resume as _holdfast_v1_Resume, Resume__Output as _holdfast_v1_Resume__Output } from '../../holdfast/v1/Resume.ts';
import type { LockScope as _holdfast_v1_LockScope, LockScope__Output as _holdfast_v1_LockScope__Output } from '../../holdfast/v1/LockScope.ts';

/**
 * Opens a session, or resumes one.
 */
export interface Hello {
  /**
   * Who this is, for people who ask who holds a lock. Up to 256 bytes of UTF-8; need not be unique.
   */
  'clientName'?: (string);
  /**
   * More for people: a pod, a version. Up to 32 entries, keys up to 64 bytes, values up to 256,
   * together up to 3,840.
   */
  'metadata'?: ({[key: string]: string});
  /**
   * How long the session and its leases live without a KeepAlive: 100 ms to 24 h, 15 s if absent;
   * INVALID_ARGUMENT (INVALID_TTL) outside. A resumed session keeps the TTL it had.
   */
  'sessionTtl'?: (_google_protobuf_Duration | null);
  /**
   * Absent: a new session.
   */
  'resume'?: (_holdfast_v1_Resume | null);
  /**
   * How far leases have to exclude at least: FAILED_PRECONDITION (SCOPE_UNAVAILABLE) if this
   * server's do not. Unspecified takes what there is; Welcome says it.
   */
  'scope'?: (_holdfast_v1_LockScope);
}

/**
 * Opens a session, or resumes one.
 */
export interface Hello__Output {
  /**
   * Who this is, for people who ask who holds a lock. Up to 256 bytes of UTF-8; need not be unique.
   */
  'clientName': (string);
  /**
   * More for people: a pod, a version. Up to 32 entries, keys up to 64 bytes, values up to 256,
   * together up to 3,840.
   */
  'metadata': ({[key: string]: string});
  /**
   * How long the session and its leases live without a KeepAlive: 100 ms to 24 h, 15 s if absent;
   * INVALID_ARGUMENT (INVALID_TTL) outside. A resumed session keeps the TTL it had.
   */
  'sessionTtl': (_google_protobuf_Duration__Output | null);
  /**
   * Absent: a new session.
   */
  'resume': (_holdfast_v1_Resume__Output | null);
  /**
   * How far leases have to exclude at least: FAILED_PRECONDITION (SCOPE_UNAVAILABLE) if this
   * server's do not. Unspecified takes what there is; Welcome says it.
   */
  'scope': (_holdfast_v1_LockScope__Output);
}
