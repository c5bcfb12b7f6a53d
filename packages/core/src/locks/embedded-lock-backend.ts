/**
 * The lock seam over a lease table in this process. Remote sessions come through `openSession`, the
 * program's own locks through `local`; both are sessions of one table and exclude each other.
 *
 * A session outlives its streams: the handle a stream got from `openSession` is *attached* until it
 * detaches or another stream resumes the session; events reach the attached handle's listener only.
 * What a detached session missed it finds in the snapshot it resumes with, or by asking again with
 * the same request id.
 */
import { assertNever } from '../assert.ts';
import type {
  LockChange,
  LockInfo,
  LockWatch,
  Page,
  PageQuery,
  SessionInfo,
} from '../backend/lock-administration.ts';
import type {
  LockBackend,
  LockEvent,
  LockSession,
  LockSnapshot,
  SessionOptions,
} from '../backend/lock-backend.ts';
import type { LeaseOutcome, LeaseRequest, TokenValidity } from '../backend/single-lease.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Claim, TableSession } from './claim.ts';
import { EmbeddedLockSession } from './embedded-lock-session.ts';
import { highestHeld, holderWith } from './fence.ts';
import type { LockJournal } from './journal/lock-journal.ts';
import { type JournalReport, NO_JOURNAL } from './journal/verify-journal.ts';
import { LastGrants } from './last-grants.ts';
import { LeaseTable } from './lease-table.ts';
import type { LeaseTableLimits } from './lease-table-limits.ts';
import { LocalLocks } from './local-locks.ts';
import { assertClientText, assertLockName, leaseTtlMs } from './lock-arguments.ts';
import {
  grantedEvent,
  jeopardyEvent,
  queuedEvent,
  revokingEvent,
  withdrawnError,
} from './lock-events.ts';
import { listLocks, listSessions, lockInfo } from './lock-listing.ts';
import { claimsOf, snapshotOf } from './lock-snapshot.ts';
import { LockWatchers } from './lock-watchers.ts';
import type { RestoredLocks } from './restored-locks.ts';
import { StreamLessLeases } from './stream-less-leases.ts';
import { TableDriver } from './table-driver.ts';
import type { ClaimEvent, TableEvent } from './table-event.ts';
import type { TokenSource } from './token-source.ts';

/** 1 hour. */
const FORCE_RELEASE_GRACE_MS_MAX = 3_600_000;

export interface EmbeddedLockBackendOptions {
  readonly clock: Clock;
  /** Session ids, secrets and the incarnation. */
  readonly random: Random;
  readonly tokens: TokenSource;
  /** How far the leases are exclusive, told to clients. Default `'server'`. */
  readonly scope?: LockBackend['scope'];
  readonly limits?: LeaseTableLimits;
  /** Keeps sessions, leases and queues over restarts; absent: they end with this process. */
  readonly journal?: LockJournal | undefined;
  /** What the journal kept of an earlier process. */
  readonly restored?: RestoredLocks | undefined;
}

export class EmbeddedLockBackend implements LockBackend {
  readonly scope: LockBackend['scope'];
  readonly incarnation: string;
  /** Locks of this program. @internal */
  readonly local: LocalLocks;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #journal: LockJournal | undefined;
  readonly #table: LeaseTable;
  readonly #driver: TableDriver;
  readonly #attached = new Map<TableSession, EmbeddedLockSession>();
  readonly #leases: StreamLessLeases;
  readonly #lastGrants = new LastGrants();
  readonly #watchers = new LockWatchers((delivery) => this.#driver.post(delivery));
  #isDisposed = false;

  constructor(options: EmbeddedLockBackendOptions) {
    this.scope = options.scope ?? 'server';
    this.#clock = options.clock;
    this.#random = options.random;
    this.#journal = options.journal;
    this.#table = new LeaseTable({
      tokens: options.tokens,
      changes: [this.#watchers, this.#lastGrants, ...(options.journal ? [options.journal] : [])],
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    this.#journal?.watch(this.#table);
    this.#driver = new TableDriver({
      clock: options.clock,
      table: this.#table,
      tell: (event) => this.#tell(event),
      deny: (claim, error) => this.#deny(claim, error),
      journal: this.#journal,
    });
    this.incarnation = this.#randomHex(8);
    this.local = new LocalLocks(this.#table, this.#driver, this.#randomHex(16));
    const randomHex = (bytes: number) => this.#randomHex(bytes);
    this.#leases = new StreamLessLeases(this.#table, this.#driver, randomHex);
    if (options.restored !== undefined) {
      this.#table.restore(options.restored, options.clock.monotonicMs());
      this.#journal?.restored();
      this.#leases.adopt();
      this.#driver.afterChange();
    }
  }

  openSession(options: SessionOptions, listener: (event: LockEvent) => void): LockSession {
    this.#assertOpen();
    const ttlMs = leaseTtlMs(options.ttlMs);
    assertClientText(options.clientName, options.metadata);
    try {
      const session =
        options.resume === undefined
          ? this.#table.openSession(
              {
                id: this.#randomHex(16),
                secret: this.#randomHex(32),
                clientName: options.clientName,
                metadata: options.metadata,
                ttlMs,
              },
              this.#clock.monotonicMs(),
            )
          : this.#resume(options.resume);
      this.#driver.afterChange();
      const handle = new EmbeddedLockSession(
        {
          clock: this.#clock,
          table: this.#table,
          driver: this.#driver,
          isDurable: this.isDurable,
          attached: this.#attached,
        },
        session,
        options.resume !== undefined,
        listener,
      );
      this.#attached.set(session, handle);
      handle.listen();
      return handle;
    } finally {
      this.#driver.afterChange();
    }
  }

  get isDurable(): boolean {
    return this.#journal !== undefined;
  }

  get refusal(): HoldfastError | undefined {
    return this.#journal?.refusal;
  }

  async acquireLease(request: LeaseRequest): Promise<LeaseOutcome> {
    this.#assertOpen();
    return this.#leases.acquire(request);
  }

  async renewLease(leaseId: string, token: bigint): Promise<number> {
    this.#assertOpen();
    return this.#leases.renew(leaseId, token);
  }

  async releaseLease(leaseId: string, token: bigint): Promise<void> {
    this.#assertOpen();
    this.#leases.release(leaseId, token);
  }

  async validateToken(name: string, token: bigint): Promise<TokenValidity> {
    assertLockName(name);
    const { isHeld, isValid, highestToken } = this.tokenStanding(name, token);
    return { isValid: isHeld || isValid, highestToken };
  }

  /** As `validateToken`, at once, for any name; `isHeld` tells whether its lease is held now. */
  tokenStanding(name: string, token: bigint): TokenValidity & { readonly isHeld: boolean } {
    const lock = this.#upToDate().locks.get(name);
    const { isValid, highestToken } = this.#lastGrants.validity(name, token);
    const held = highestHeld(lock);
    return {
      isHeld: holderWith(lock, token) !== undefined,
      isValid,
      // After a restart only those who hold it are known.
      highestToken: held > highestToken ? held : highestToken,
    };
  }

  /** Reads the journal back and checks it. @internal */
  verifyJournal(): Promise<JournalReport> {
    return this.#journal?.verify() ?? Promise.resolve(NO_JOURNAL);
  }

  async query({ prefix = '' }: { prefix?: string | undefined } = {}): Promise<LockSnapshot> {
    return snapshotOf(this.#upToDate().locks.values(), prefix);
  }

  async getLock(name: string): Promise<LockInfo> {
    return lockInfo(name, this.#upToDate(name).locks.get(name));
  }

  async listLocks(query: PageQuery & { prefix?: string | undefined }): Promise<Page<LockInfo>> {
    return listLocks(this.#upToDate().locks, query);
  }

  async listSessions(query: PageQuery): Promise<Page<SessionInfo>> {
    const { sessions } = this.#upToDate();
    const isAttached = (session: TableSession) => this.#attached.has(session);
    return listSessions(sessions, query, this.#clock.monotonicMs(), isAttached);
  }

  watchLocks(
    { prefix = '' }: { prefix?: string | undefined },
    listener: (change: LockChange) => void,
  ): LockWatch {
    return this.#watchers.watch(this.#upToDate().locks.values(), prefix, listener);
  }

  async forceRelease(
    name: string,
    { token, graceMs }: { readonly token?: bigint | undefined; readonly graceMs: number },
  ): Promise<readonly bigint[]> {
    if (!(graceMs >= 0 && graceMs <= FORCE_RELEASE_GRACE_MS_MAX)) {
      throw new InvalidArgumentError(`grace must be 0 to 1 h, got=${graceMs}`, {
        reason: 'INVALID_TTL',
        field: 'grace',
      });
    }
    const lock = this.#upToDate(name).locks.get(name);
    if (lock === undefined) return [];
    const claims = [...claimsOf(lock.holders)].filter(
      (claim) => token === undefined || claim.token === token,
    );
    for (const claim of claims) {
      this.#table.revoke(claim, graceMs, 'admin', this.#clock.monotonicMs());
    }
    this.#driver.afterChange();
    return claims.map((claim) => claim.token);
  }

  /**
   * Ends the program's own waits (`CLOSED`) and leases (lost) and lets go of every remote session
   * without a word: their streams are the server's to end. Idempotent.
   */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.local.dispose();
    this.#leases.dispose();
    this.#watchers.clear();
    this.#attached.clear();
    this.#driver.dispose();
  }

  /** As `dispose`, and resolves when what was decided before is kept. */
  async close(): Promise<void> {
    this.dispose();
    await this.#driver.idle();
    await this.#journal?.close();
  }

  /** The table, with all that is due done. Throws for a bad name, and once this is closed. */
  #upToDate(name?: string): LeaseTable {
    this.#assertOpen();
    if (name !== undefined) assertLockName(name);
    this.#table.advance(this.#clock.monotonicMs());
    this.#driver.afterChange();
    return this.#table;
  }

  #resume({ id, secret }: { readonly id: string; readonly secret: string }): TableSession {
    const session = this.#table.resumeSession(id, secret, this.#clock.monotonicMs());
    if (session === undefined) {
      throw new HoldfastError('LEASE_LOST', 'the session to resume is unknown or over', {
        details: { reason: 'SESSION_EXPIRED' },
      });
    }
    const previous = this.#attached.get(session);
    if (previous !== undefined) {
      this.#driver.post(() => previous.hear({ kind: 'taken-over' }));
    }
    return session;
  }

  #deny(claim: Claim, error: HoldfastError): void {
    const { session, requestId = '' } = claim;
    if (session.owner === 'lease') this.#leases.deny(claim, error);
    else if (session.owner === 'program') this.local.deny(claim, error);
    else this.#attached.get(session)?.hear({ kind: 'denied', requestId, error });
  }

  #tell(event: TableEvent): void {
    if (event.kind === 'jeopardy') {
      const jeopardy = jeopardyEvent(event.session, this.#clock.monotonicMs());
      if (jeopardy !== undefined) this.#attached.get(event.session)?.hear(jeopardy);
      return;
    }
    if (event.kind === 'session-expired') {
      const handle = this.#attached.get(event.session);
      this.#attached.delete(event.session);
      handle?.hear({ kind: 'session-expired' });
      return;
    }
    const { session } = event.claim;
    switch (session.owner) {
      case 'program':
        this.local.onEvent(event);
        break;
      case 'lease':
        this.#leases.onEvent(event);
        break;
      case 'stream':
        this.#attached.get(session)?.hear(lockEventOf(event, this.#clock.monotonicMs()));
        break;
      default:
        assertNever(session.owner);
    }
  }

  #assertOpen(): void {
    if (this.#isDisposed) throw new HoldfastError('CLOSED', 'the locks are closed');
  }

  #randomHex(bytes: number): string {
    let text = '';
    for (const byte of this.#random.fill(new Uint8Array(bytes))) {
      text += byte.toString(16).padStart(2, '0');
    }
    return text;
  }
}

function lockEventOf(event: ClaimEvent, nowMs: number): LockEvent {
  const { claim } = event;
  switch (event.kind) {
    case 'granted':
      return grantedEvent(claim, nowMs);
    case 'position':
      return queuedEvent('queued', claim, event.holder);
    case 'contended':
      return queuedEvent('contended', claim, event.holder);
    case 'withdrawn':
      return { kind: 'denied', requestId: claim.requestId ?? '', error: withdrawnError() };
    case 'revoking':
      return revokingEvent(claim, nowMs);
    case 'lost': {
      const { token } = claim;
      return { kind: 'lost', leaseId: String(token), token, reason: event.reason };
    }
    default:
      return assertNever(event);
  }
}
