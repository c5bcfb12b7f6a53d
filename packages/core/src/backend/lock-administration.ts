import type { HeldBy, LockOwner, LostReason } from './lock-backend.ts';

/** A lock, and who holds and waits for it. */
export interface LockInfo {
  readonly name: string;
  /** In the order of the grants; the first 1,000. */
  readonly holders: readonly HeldBy[];
  readonly heldCount: number;
  /** In the order of their turns; the first 1,000. */
  readonly waiters: readonly LockOwner[];
  readonly waitingCount: number;
}

/** A session that is alive. */
export interface SessionInfo {
  readonly id: string;
  readonly clientName: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether a stream has it. */
  readonly isAttached: boolean;
  /** Milliseconds it lives without a keep-alive. */
  readonly ttlMs: number;
  /** Milliseconds it lives yet. */
  readonly remainingMs: number;
  readonly heldCount: number;
  readonly waitingCount: number;
}

/** One page of something sorted; pages are read one after another, not at one moment. */
export interface PageQuery {
  /** Begins behind this name or id. Default: at the first. */
  readonly after?: string | undefined;
  /** From 1. */
  readonly limit: number;
}

export interface Page<T> {
  /** Sorted by UTF-16 code units. May be fewer than asked for though more follow. */
  readonly items: readonly T[];
  /** `after` of the next page; `undefined` at the end. */
  readonly next: string | undefined;
}

export type LockChangeKind = 'queued' | 'granted' | 'left' | 'released' | 'lost' | 'revoking';

export interface LockChange {
  /** `left`: out of the queue without the lock. */
  readonly kind: LockChangeKind;
  readonly owner: LockOwner;
  /** Absent for `queued` and `left`. */
  readonly token?: bigint | undefined;
  /** For `lost` and `revoking`. */
  readonly reason?: LostReason | undefined;
}

export interface LockWatch {
  /** What is held at the moment the watch begins; changes tell all that happens from then on. */
  readonly held: readonly HeldBy[];
  /** No change follows. */
  stop(): void;
}

/**
 * The part of a lock backend for operators. Ids of leases without a session prove ownership, so
 * nothing here tells them.
 */
export interface LockAdministration {
  /** A lock nobody uses has no holders. Rejects with `INVALID_ARGUMENT` (`INVALID_LOCK_NAME`). */
  getLock(name: string): Promise<LockInfo>;
  /** Locks that are held or waited for, or closed by a lock delay, by name. */
  listLocks(query: PageQuery & { readonly prefix?: string | undefined }): Promise<Page<LockInfo>>;
  /** By id. Neither this program's own locks nor leases without a session are among them. */
  listSessions(query: PageQuery): Promise<Page<SessionInfo>>;
  /** The listener hears each change once, in order, after the call that made it has returned. */
  watchLocks(
    options: { readonly prefix?: string | undefined },
    listener: (change: LockChange) => void,
  ): LockWatch;
  /**
   * Takes a lock from its holders, or only from the one with that token: they are told, may release
   * it, and have lost it after the grace (`admin`). Resolves to their tokens, none if the lock was
   * not held. Rejects with `INVALID_ARGUMENT` for a bad name or a grace outside 0 to 1 h.
   */
  forceRelease(
    name: string,
    options: { readonly token?: bigint | undefined; readonly graceMs: number },
  ): Promise<readonly bigint[]>;
}
