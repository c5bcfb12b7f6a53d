// Original file: holdfast/v1/lock.proto

import type { Welcome as _holdfast_v1_Welcome, Welcome__Output as _holdfast_v1_Welcome__Output } from '../../holdfast/v1/Welcome.ts';
import type { Queued as _holdfast_v1_Queued, Queued__Output as _holdfast_v1_Queued__Output } from '../../holdfast/v1/Queued.ts';
import type { Granted as _holdfast_v1_Granted, Granted__Output as _holdfast_v1_Granted__Output } from '../../holdfast/v1/Granted.ts';
import type { Contended as _holdfast_v1_Contended, Contended__Output as _holdfast_v1_Contended__Output } from '../../holdfast/v1/Contended.ts';
import type { KeepAliveAck as _holdfast_v1_KeepAliveAck, KeepAliveAck__Output as _holdfast_v1_KeepAliveAck__Output } from '../../holdfast/v1/KeepAliveAck.ts';
import type { Lost as _holdfast_v1_Lost, Lost__Output as _holdfast_v1_Lost__Output } from '../../holdfast/v1/Lost.ts';
import type { Released as _holdfast_v1_Released, Released__Output as _holdfast_v1_Released__Output } from '../../holdfast/v1/Released.ts';
import type { Denied as _holdfast_v1_Denied, Denied__Output as _holdfast_v1_Denied__Output } from '../../holdfast/v1/Denied.ts';
import type { Draining as _holdfast_v1_Draining, Draining__Output as _holdfast_v1_Draining__Output } from '../../holdfast/v1/Draining.ts';
import type { Jeopardy as _holdfast_v1_Jeopardy, Jeopardy__Output as _holdfast_v1_Jeopardy__Output } from '../../holdfast/v1/Jeopardy.ts';
import type { Safe as _holdfast_v1_Safe, Safe__Output as _holdfast_v1_Safe__Output } from '../../holdfast/v1/Safe.ts';
import type { Revoking as _holdfast_v1_Revoking, Revoking__Output as _holdfast_v1_Revoking__Output } from '../../holdfast/v1/Revoking.ts';

/**
 * What the server says.
 */
export interface SessionResponse {
  /**
   * The answer to Hello.
   */
  'welcome'?: (_holdfast_v1_Welcome | null);
  /**
   * A request waits; again when its position changes, though not for each change.
   */
  'queued'?: (_holdfast_v1_Queued | null);
  /**
   * A request has its lock.
   */
  'granted'?: (_holdfast_v1_Granted | null);
  /**
   * A request's wait is over without the lock.
   */
  'contended'?: (_holdfast_v1_Contended | null);
  /**
   * The answer to KeepAlive.
   */
  'keepAliveAck'?: (_holdfast_v1_KeepAliveAck | null);
  /**
   * A lease is over and not by the client's wish.
   */
  'lost'?: (_holdfast_v1_Lost | null);
  /**
   * The answer to Release.
   */
  'released'?: (_holdfast_v1_Released | null);
  /**
   * A request failed.
   */
  'denied'?: (_holdfast_v1_Denied | null);
  /**
   * The server is about to stop.
   */
  'draining'?: (_holdfast_v1_Draining | null);
  /**
   * The session's KeepAlive is late.
   */
  'jeopardy'?: (_holdfast_v1_Jeopardy | null);
  /**
   * It has come.
   */
  'safe'?: (_holdfast_v1_Safe | null);
  /**
   * A lease is going to be taken away.
   */
  'revoking'?: (_holdfast_v1_Revoking | null);
  /**
   * Always one of them; a client skips kinds it does not know.
   */
  'message'?: "welcome"|"queued"|"granted"|"contended"|"keepAliveAck"|"lost"|"released"|"denied"|"draining"|"jeopardy"|"safe"|"revoking";
}

/**
 * What the server says.
 */
export interface SessionResponse__Output {
  /**
   * The answer to Hello.
   */
  'welcome'?: (_holdfast_v1_Welcome__Output | null);
  /**
   * A request waits; again when its position changes, though not for each change.
   */
  'queued'?: (_holdfast_v1_Queued__Output | null);
  /**
   * A request has its lock.
   */
  'granted'?: (_holdfast_v1_Granted__Output | null);
  /**
   * A request's wait is over without the lock.
   */
  'contended'?: (_holdfast_v1_Contended__Output | null);
  /**
   * The answer to KeepAlive.
   */
  'keepAliveAck'?: (_holdfast_v1_KeepAliveAck__Output | null);
  /**
   * A lease is over and not by the client's wish.
   */
  'lost'?: (_holdfast_v1_Lost__Output | null);
  /**
   * The answer to Release.
   */
  'released'?: (_holdfast_v1_Released__Output | null);
  /**
   * A request failed.
   */
  'denied'?: (_holdfast_v1_Denied__Output | null);
  /**
   * The server is about to stop.
   */
  'draining'?: (_holdfast_v1_Draining__Output | null);
  /**
   * The session's KeepAlive is late.
   */
  'jeopardy'?: (_holdfast_v1_Jeopardy__Output | null);
  /**
   * It has come.
   */
  'safe'?: (_holdfast_v1_Safe__Output | null);
  /**
   * A lease is going to be taken away.
   */
  'revoking'?: (_holdfast_v1_Revoking__Output | null);
  /**
   * Always one of them; a client skips kinds it does not know.
   */
  'message'?: "welcome"|"queued"|"granted"|"contended"|"keepAliveAck"|"lost"|"released"|"denied"|"draining"|"jeopardy"|"safe"|"revoking";
}
