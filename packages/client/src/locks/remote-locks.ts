import {
  assertKnownOptions,
  durationMs,
  HoldfastError,
  InvalidArgumentError,
  type Lease,
  type LockManager,
  type LockOptions,
  type LockQuery,
  type LockSnapshot,
} from '@holdfast/core';
import { assertLockName, leaseTtlMs, lockPrefix, lockTerms } from '@holdfast/core/client';
import { closedError } from '../closed-error.ts';
import type { ClientSettings } from '../connect-options.ts';
import { optionalSignal } from '../optional-arguments.ts';
import type { ClientSystem } from '../system.ts';
import type { QueuePosition } from './lock-request.ts';
import type { RemoteLease } from './remote-lease.ts';
import { RemoteSession } from './remote-session.ts';
import type { OpenSessionStream } from './session-stream.ts';

/** What a remote lock can be asked for, on top of what an embedded one can. */
export interface RemoteLockOptions extends LockOptions {
  /**
   * Called whenever the request's place in the queue is told; what it throws rejects the request.
   */
  onQueued?: ((position: QueuePosition) => void) | undefined;
  /**
   * Called when the lease is in jeopardy: no renewal was acknowledged, and by this client's clock a
   * third of `ttl` is left; or the server says that it hears no renewals. It is held until its
   * deadline, but probably not longer: take on no new work under it. Then `onSafe` follows, or
   * `lease.signal` aborts. Not called for a lease that is found lost at once, as after a
   * standstill. What it throws is an unhandled rejection.
   */
  onJeopardy?: ((lease: ServerLease) => void) | undefined;
  /**
   * Called when a lease that was in jeopardy is renewed in time. What it throws is as of
   * `onJeopardy`.
   */
  onSafe?: ((lease: ServerLease) => void) | undefined;
}

/** Trying does not wait. */
export type RemoteTryLockOptions = Omit<RemoteLockOptions, 'wait' | 'onQueued'>;

/** A lease that a server keeps. */
export interface ServerLease extends Lease {
  /** What the server calls it: `Granted.lease_id`. */
  readonly leaseId: string;
}

const TERMS = ['mode', 'permits', 'capacity', 'lockDelay', 'maxHold'] as const;
const LISTENERS = ['onQueued', 'onJeopardy', 'onSafe'] as const;
const TRY_LOCK_OPTIONS: ReadonlySet<string> = new Set([
  ...TERMS,
  ...['ttl', 'signal', 'onJeopardy', 'onSafe'],
]);
const LOCK_OPTIONS: ReadonlySet<string> = new Set([...TRY_LOCK_OPTIONS, 'wait', 'onQueued']);
const QUERY_OPTIONS: ReadonlySet<string> = new Set(['prefix']);

/** What locks need of a server. */
export interface LockTransport {
  readonly open: OpenSessionStream;
  /** What is held and waited for, of locks whose name starts with `prefix`. */
  readonly query: (prefix: string) => Promise<LockSnapshot>;
}

/** Sessions of different TTLs one client may have; a stream each. */
const SESSIONS_MAX = 16;

/**
 * Named leases held on the server. A session and all its leases share one TTL and one stream, so
 * leases of the default TTL share a session, and each other TTL in use has its own, which ends soon
 * after its last lease.
 */
export class RemoteLocks implements LockManager {
  readonly #transport: LockTransport;
  readonly #system: ClientSystem;
  readonly #settings: ClientSettings;
  readonly #sessions = new Map<number, RemoteSession>();
  #closed = false;

  constructor(transport: LockTransport, system: ClientSystem, settings: ClientSettings) {
    this.#transport = transport;
    this.#system = system;
    this.#settings = settings;
  }

  request<T>(name: string, callback: (lease: Lease) => T | PromiseLike<T>): Promise<T>;
  request<T>(
    name: string,
    options: RemoteLockOptions,
    callback: (lease: Lease) => T | PromiseLike<T>,
  ): Promise<T>;
  async request<T>(
    name: string,
    optionsOrCallback: RemoteLockOptions | ((lease: Lease) => T | PromiseLike<T>),
    maybeCallback?: (lease: Lease) => T | PromiseLike<T>,
  ): Promise<T> {
    const [options, callback] =
      typeof optionsOrCallback === 'function'
        ? [{}, optionsOrCallback]
        : [optionsOrCallback, maybeCallback];
    if (typeof callback !== 'function') {
      throw new InvalidArgumentError('request needs a callback');
    }
    await using lease = await this.acquire(name, options);
    lease.assertHeld();
    const result = await callback(lease);
    // A lease the callback released itself is fine; one that was lost is not, whatever came out.
    if (lease.signal.aborted) throw lease.signal.reason;
    return result;
  }

  async acquire(name: string, options: RemoteLockOptions = {}): Promise<ServerLease> {
    assertKnownOptions(options, LOCK_OPTIONS, 'acquire');
    const waitMs = durationMs(options.wait ?? Number.POSITIVE_INFINITY, 'wait');
    return this.#request(name, options, waitMs);
  }

  async tryAcquire(name: string, options: RemoteTryLockOptions = {}): Promise<Lease | undefined> {
    assertKnownOptions(options, TRY_LOCK_OPTIONS, 'tryAcquire');
    try {
      return await this.#request(name, options, 0);
    } catch (error) {
      if (error instanceof HoldfastError && error.code === 'LOCK_TIMEOUT') return undefined;
      throw error;
    }
  }

  async query(options: LockQuery = {}): Promise<LockSnapshot> {
    assertKnownOptions(options, QUERY_OPTIONS, 'query');
    const prefix = lockPrefix(options);
    if (this.#closed) throw closedError();
    return this.#transport.query(prefix);
  }

  /** Gives every lease back and fails what waits with `CLOSED`. @internal */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  async #request(name: string, options: RemoteLockOptions, waitMs: number): Promise<RemoteLease> {
    assertLockName(name);
    const terms = lockTerms(options);
    const { ttl } = options;
    const ttlMs = ttl === undefined ? this.#settings.sessionTtlMs : leaseTtlMs(ttl);
    const signal = optionalSignal(options.signal);
    for (const listener of LISTENERS) {
      if (options[listener] === undefined || typeof options[listener] === 'function') continue;
      throw new InvalidArgumentError(`${listener} must be a function`);
    }
    if (this.#closed) throw closedError();
    signal?.throwIfAborted();
    const { onQueued, onJeopardy, onSafe } = options;
    const request = { name, waitMs, terms, signal, onQueued, onJeopardy, onSafe };
    return this.#session(ttlMs).request(request);
  }

  #session(ttlMs: number): RemoteSession {
    const existing = this.#sessions.get(ttlMs);
    // A session found dead only now takes itself out of the map.
    if (existing !== undefined && !existing.expireIfPast()) return existing;
    if (this.#sessions.size >= SESSIONS_MAX) {
      throw new HoldfastError('UNAVAILABLE', 'too many different TTLs are in use at once', {
        details: { reason: 'TOO_MANY_SESSIONS', limit: SESSIONS_MAX },
      });
    }
    const session: RemoteSession = new RemoteSession(
      this.#transport.open,
      this.#system,
      this.#settings,
      ttlMs,
      () => {
        if (this.#sessions.get(ttlMs) === session) this.#sessions.delete(ttlMs);
      },
    );
    this.#sessions.set(ttlMs, session);
    return session;
  }
}
