import type { HoldfastError } from '@holdfast/core';
import type { HeldLease, LockBackend, LockTerms, QueuedRequest } from '@holdfast/core/backend';

/** What the client says on a session's stream. `hello` comes first, once per stream. */
export type ClientMessage =
  | {
      readonly kind: 'hello';
      readonly clientName: string;
      readonly metadata: Readonly<Record<string, string>>;
      readonly ttlMs: number;
      /** How far leases have to exclude at least; absent: as far as they do. */
      readonly scope: LockBackend['scope'] | undefined;
      readonly resume: { readonly id: string; readonly secret: string } | undefined;
    }
  | {
      readonly kind: 'acquire';
      readonly requestId: string;
      readonly name: string;
      /** 0 = answer at once, `Infinity` = as long as it takes. */
      readonly waitMs: number;
      readonly terms: LockTerms;
    }
  | { readonly kind: 'cancel'; readonly requestId: string }
  | { readonly kind: 'release'; readonly leaseId: string; readonly token: bigint }
  | { readonly kind: 'keep-alive'; readonly sequence: number }
  /** The session is to end, and everything it holds to be released. */
  | { readonly kind: 'goodbye' };

export interface GrantedLease extends Omit<HeldLease, 'remainingHoldMs'> {
  /**
   * Milliseconds from the last acknowledged keep-alive's arrival to the end of its longest hold;
   * absent if there is none.
   */
  readonly holdLimitMs?: number | undefined;
}

/** What the server says. `welcome` comes first. */
export type ServerMessage =
  | {
      readonly kind: 'welcome';
      readonly id: string;
      readonly secret: string;
      readonly resumed: boolean;
      readonly effectiveTtlMs: number;
      readonly held: readonly GrantedLease[];
      readonly queued: readonly QueuedRequest[];
    }
  | ({ readonly kind: 'queued' } & QueuedRequest)
  | ({ readonly kind: 'granted' } & GrantedLease)
  | ({ readonly kind: 'contended' } & Omit<QueuedRequest, 'name'>)
  | { readonly kind: 'denied'; readonly requestId: string; readonly error: Error }
  | { readonly kind: 'keep-alive-ack'; readonly sequence: number; readonly ttlMs: number }
  | { readonly kind: 'released'; readonly leaseId: string }
  | { readonly kind: 'lost'; readonly leaseId: string; readonly reason: string }
  | {
      readonly kind: 'revoking';
      readonly leaseId: string;
      readonly remainingMs: number;
      readonly reason: string;
    }
  /** Renewals are late; whether they are in time again, the next acknowledgement tells. */
  | { readonly kind: 'jeopardy' }
  /** The server is about to stop, or wants this stream gone: reattach elsewhere. */
  | { readonly kind: 'draining' };

/** One stream of one connection; a session that lives longer opens another. */
export interface SessionStream {
  send(message: ClientMessage): void;
  /** Drops the stream and its connection at once; no event follows. */
  close(): void;
  /**
   * Sends what is still to be sent and waits until the server ended the stream, for a second at
   * most.
   */
  finish(): Promise<void>;
}

export interface SessionStreamEvents {
  onMessage(message: ServerMessage): void;
  /** `permanent`: another attempt would fail in the same way. */
  onEnd(error: HoldfastError, permanent: boolean): void;
}

/** Events come after this has returned. */
export type OpenSessionStream = (events: SessionStreamEvents) => SessionStream;
