import type { HoldfastError } from '@holdfast/core';
import type { EncodedEntry } from '@holdfast/core/backend';

/** What one is told who asks for a key, or to be the one who loads it. */
export type FillOutcome =
  | { readonly kind: 'entry'; readonly entry: EncodedEntry }
  /** The one who loaded it has found none. */
  | { readonly kind: 'absent' }
  /** Set the value with this token, while the stream is open. */
  | { readonly kind: 'lease'; readonly token: bigint };

export interface FillRequest {
  readonly key: Uint8Array;
  /** Milliseconds the load may take until another has it; absent: as the server says. */
  readonly ttlMs: number | undefined;
  /** Those its value is to have. */
  readonly tags: readonly string[] | undefined;
}

export interface FillStream {
  /** Rejects with the server's error, and with `CLOSED`. */
  readonly outcome: Promise<FillOutcome>;
  /** Resolves when the stream is over: the value is set, or the load is another's. */
  readonly ended: Promise<void>;
  /** Why it is over, once it is, unless that is because the value was set or it was closed. */
  readonly error: HoldfastError | undefined;
  /** Leaves the line, or gives the load up unless its value is set already. Idempotent. */
  close(): void;
}

/** The streams of one client. */
export interface FillStreams {
  open(request: FillRequest): FillStream;
  /** Closes all of them. */
  close(): void;
}
