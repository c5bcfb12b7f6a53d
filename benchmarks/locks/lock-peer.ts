/** One lock service as the benchmarks use it: through grpc-js, message by message. */
export interface LockPeer {
  /** What a reader must know to compare fairly. */
  readonly note: string;
  /** Starts its server, a process of its own, with its files in `directory`. */
  start(directory: string): Promise<LockServer>;
}

export interface LockServer {
  /** A client that may hold locks, which lives for a minute at least. */
  open(): Promise<LockSession>;
  stop(): Promise<void>;
}

export interface LockSession {
  /** Waits for the lock; resolves to what releases it. */
  acquire(name: string): Promise<HeldLock>;
  close(): void;
}

export interface HeldLock {
  /** Resolves when the server has heard of it. */
  release(): Promise<void>;
}

/** Longer than any measurement, so that nothing has to be renewed. */
export const TTL_SECONDS = 120;
