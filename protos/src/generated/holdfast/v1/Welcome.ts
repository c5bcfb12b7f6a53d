// Original file: holdfast/v1/lock.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { LockScope as _holdfast_v1_LockScope, LockScope__Output as _holdfast_v1_LockScope__Output } from '../../holdfast/v1/LockScope.ts';
import type { HeldLease as _holdfast_v1_HeldLease, HeldLease__Output as _holdfast_v1_HeldLease__Output } from '../../holdfast/v1/HeldLease.ts';
import type { Queued as _holdfast_v1_Queued, Queued__Output as _holdfast_v1_Queued__Output } from '../../holdfast/v1/Queued.ts';

/**
 * The session, as it is now.
 */
export interface Welcome {
  /**
   * Names the session when it is resumed.
   */
  'sessionId'?: (string);
  /**
   * Proves, when it is resumed, that it is this client's. Not to be logged.
   */
  'secret'?: (string);
  /**
   * Whether this is the session asked for in `Hello.resume`.
   */
  'resumed'?: (boolean);
  /**
   * How long session and leases live without a KeepAlive.
   */
  'effectiveTtl'?: (_google_protobuf_Duration | null);
  /**
   * How often to send KeepAlive: a third of the TTL.
   */
  'keepaliveInterval'?: (_google_protobuf_Duration | null);
  /**
   * How far a lease of this server excludes others.
   */
  'scope'?: (_holdfast_v1_LockScope);
  /**
   * Whether leases survive a restart of the server. Tokens rise over restarts either way.
   */
  'durable'?: (boolean);
  /**
   * Changes with every start of the server.
   */
  'incarnation'?: (string);
  /**
   * The leases this session holds; none for a new one.
   */
  'held'?: (_holdfast_v1_HeldLease)[];
  /**
   * The requests of this session that wait; none for a new one.
   */
  'queued'?: (_holdfast_v1_Queued)[];
}

/**
 * The session, as it is now.
 */
export interface Welcome__Output {
  /**
   * Names the session when it is resumed.
   */
  'sessionId': (string);
  /**
   * Proves, when it is resumed, that it is this client's. Not to be logged.
   */
  'secret': (string);
  /**
   * Whether this is the session asked for in `Hello.resume`.
   */
  'resumed': (boolean);
  /**
   * How long session and leases live without a KeepAlive.
   */
  'effectiveTtl': (_google_protobuf_Duration__Output | null);
  /**
   * How often to send KeepAlive: a third of the TTL.
   */
  'keepaliveInterval': (_google_protobuf_Duration__Output | null);
  /**
   * How far a lease of this server excludes others.
   */
  'scope': (_holdfast_v1_LockScope__Output);
  /**
   * Whether leases survive a restart of the server. Tokens rise over restarts either way.
   */
  'durable': (boolean);
  /**
   * Changes with every start of the server.
   */
  'incarnation': (string);
  /**
   * The leases this session holds; none for a new one.
   */
  'held': (_holdfast_v1_HeldLease__Output)[];
  /**
   * The requests of this session that wait; none for a new one.
   */
  'queued': (_holdfast_v1_Queued__Output)[];
}
