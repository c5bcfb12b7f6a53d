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
  LockBackend,
  LockEvent,
  LockSession,
  LockSnapshot,
  SessionOptions,
} from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { TableSession } from './claim.ts';
import { EmbeddedLockSession } from './embedded-lock-session.ts';
import type { LockJournal } from './journal/lock-journal.ts';
import { LeaseTable } from './lease-table.ts';
import type { LeaseTableLimits } from './lease-table-limits.ts';
import { LocalLocks } from './local-locks.ts';
import { assertClientText, leaseTtlMs } from './lock-arguments.ts';
import { grantedEvent, queuedEvent, revokingEvent, withdrawnError } from './lock-events.ts';
import type { RestoredLocks } from './restored-locks.ts';
import { TableDriver } from './table-driver.ts';
import type { TableEvent } from './table-event.ts';
import type { TokenSource } from './token-source.ts';

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
  #isDisposed = false;

  constructor(options: EmbeddedLockBackendOptions) {
    this.scope = options.scope ?? 'server';
    this.#clock = options.clock;
    this.#random = options.random;
    this.#journal = options.journal;
    this.#table = new LeaseTable({
      tokens: options.tokens,
      changes: options.journal,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    this.#journal?.watch(this.#table);
    this.#driver = new TableDriver({
      clock: options.clock,
      table: this.#table,
      tell: (event) => this.#tell(event),
      deny: ({ session, requestId = '' }, error) =>
        this.#attached.get(session)?.hear({ kind: 'denied', requestId, error }),
      journal: this.#journal,
    });
    if (options.restored !== undefined) {
      this.#table.restore(options.restored, options.clock.monotonicMs());
      this.#journal?.restored();
      this.#driver.afterChange();
    }
    this.incarnation = this.#randomHex(8);
    this.local = new LocalLocks(this.#table, this.#driver, this.#randomHex(16));
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

  async query(): Promise<LockSnapshot> {
    this.#assertOpen();
    const snapshot = this.#table.snapshot(this.#clock.monotonicMs());
    this.#driver.afterChange();
    return snapshot;
  }

  /**
   * Ends the program's own waits (`CLOSED`) and leases (lost) and lets go of every remote session
   * without a word: their streams are the server's to end. Idempotent.
   */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.local.dispose();
    this.#attached.clear();
    this.#driver.dispose();
  }

  /** As `dispose`, and resolves when what was decided before is kept. */
  async close(): Promise<void> {
    this.dispose();
    await this.#driver.idle();
    await this.#journal?.close();
  }

  /**
   * Fresh ids never match the program's own session, whose secret is empty: only a live remote one
   * does.
   */
  #resume(resume: { readonly id: string; readonly secret: string }): TableSession {
    const nowMs = this.#clock.monotonicMs();
    const session =
      resume.secret === '' ? undefined : this.#table.resumeSession(resume.id, resume.secret, nowMs);
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

  #tell(event: TableEvent): void {
    if (event.kind === 'session-expired') {
      const handle = this.#attached.get(event.session);
      this.#attached.delete(event.session);
      handle?.hear({ kind: 'session-expired' });
      return;
    }
    const { claim } = event;
    if (claim.session === this.local.session) {
      this.local.onEvent(event);
      return;
    }
    this.#attached.get(claim.session)?.hear(lockEventOf(event, this.#clock.monotonicMs()));
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

function lockEventOf(
  event: Exclude<TableEvent, { kind: 'session-expired' }>,
  nowMs: number,
): LockEvent {
  const { claim } = event;
  switch (event.kind) {
    case 'granted':
      return grantedEvent(claim);
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
