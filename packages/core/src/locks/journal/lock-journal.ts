/**
 * Makes what a lease table decides outlive the process. The table's changes are noted as they are
 * made; `commit` has them on the disk before anybody is told: grants and new sessions synced, so
 * that they survive a power cut, the rest written, so that it survives the end of the process.
 *
 *     table ─► noted ─ commit ─► one frame ─► written ─► synced, if it has a grant ─► told
 *
 * Whatever happens meanwhile shares the next frame, so the grants of one moment cost one sync.
 *
 * A file is written by one process from front to back. A new one begins with all that is true, and
 * takes the old one's place when that has grown long, and when a write or a sync of it failed: no
 * byte behind the last good sync of such a file is trusted, and memory still knows everything.
 *
 * Invariants
 * 1. A grant that was told is in a file that is synced and whose name is.
 * 2. The old file goes only after the new one is synced, name and all.
 * 3. A lease's end is synced before this program itself has the lock it was for.
 * 4. While `refusal` is set nothing is granted and nothing is renewed as far as anybody is told.
 */

import type { EncryptionSettings } from '../../engine/keyring.ts';
import { HoldfastError } from '../../errors.ts';
import type { BootTime } from '../../ports/boot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem, OpenFile } from '../../ports/file-system.ts';
import type { Random } from '../../ports/random.ts';
import type { Claim, TableSession } from '../claim.ts';
import type { LeaseTable } from '../lease-table.ts';
import type { Lock } from '../lock.ts';
import type { TableChanges } from '../table-changes.ts';
import {
  CLAIM_ENDED,
  CLAIM_RENEWED,
  CLAIM_REVOKED,
  type JournalEntry,
  SESSION_ENDED,
  SESSION_RENEWED,
} from './journal-entry.ts';
import {
  encodeFrame,
  encodeHeader,
  type JournalHeader,
  type JournalStart,
  journalName,
} from './journal-format.ts';
import { JournalNumbers } from './journal-numbers.ts';
import { JournalSeal, newEncryption } from './journal-seal.ts';
import { type JournalReport, NO_JOURNAL, verifyJournal } from './verify-journal.ts';

export interface LockJournalOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: where the runtime cannot tell, every lease lives for a whole TTL after a restart. */
  readonly boot: BootTime | undefined;
  /** Of the files there are; the newest counted until now. */
  readonly numbers: readonly number[];
  /** Absent: files are plain. */
  readonly encryption?: EncryptionSettings | undefined;
  readonly onError: (error: HoldfastError) => void;
}

/** A file is left for a new one when it is this long, and four times as long as that would be. */
const LENGTH_MIN = 1024 * 1024;
const GROWTH_MAX = 4;

export class LockJournal implements TableChanges {
  /** Why nothing can be granted: `UNAVAILABLE` (`STORAGE_READ_ONLY`), until a file can be made. */
  refusal: HoldfastError | undefined;
  readonly #options: LockJournalOptions;
  readonly #numbers: JournalNumbers;
  #table: LeaseTable | undefined;
  #pending: JournalEntry[] = [];
  #wantsSync = false;
  /** Claims have ended, which no frame says yet, or one that is not synced. */
  #hasNotedEnds = false;
  #hasWrittenEnds = false;
  #running: Promise<void> = Promise.resolve();
  #file: OpenFile | undefined;
  #number: number;
  /** Of files that the next new one makes needless. */
  #stale: readonly number[];
  #salt = 0;
  #seal: JournalSeal | undefined;
  #length = 0;
  #startLength = 0;
  /** What was restored is told in times of this boot as soon as possible. */
  #wantsStart = false;

  constructor(options: LockJournalOptions) {
    this.#options = options;
    this.#number = Math.max(0, ...options.numbers);
    this.#stale = options.numbers;
    const { boot, clock } = options;
    const bootMs = boot === undefined ? 0 : boot.uptimeMs - clock.monotonicMs();
    this.#numbers = new JournalNumbers(bootMs);
  }

  /** The table whose changes these are. To be called before the first commit. */
  watch(table: LeaseTable): void {
    this.#table = table;
  }

  /** The table has been given what an earlier process left. */
  restored(): void {
    this.#wantsStart = true;
  }

  sessionOpened(session: TableSession): void {
    if (session.isLocal) return;
    this.#wantsSync = true;
    this.#pending.push(this.#numbers.opened(session));
  }

  sessionRenewed(session: TableSession): void {
    const number = this.#numbers.session(session);
    if (number === undefined) return;
    const deadlineMs = this.#numbers.bootMs(session.expiresAtMs);
    this.#pending.push([SESSION_RENEWED, number, deadlineMs]);
  }

  sessionEnded(session: TableSession): void {
    const number = this.#numbers.forgetSession(session);
    if (number !== undefined) this.#pending.push([SESSION_ENDED, number]);
  }

  claimQueued(claim: Claim): void {
    const entry = this.#numbers.queued(claim);
    if (entry !== undefined) this.#pending.push(entry);
  }

  claimGranted(claim: Claim): void {
    const entry = this.#numbers.granted(claim);
    if (entry !== undefined) this.#pending.push(entry);
    // A grant of this program's own is in no journal, but the lease before it may be: an end that
    // is not synced could be undone by a power cut, beside the newer token.
    if (entry !== undefined || this.#hasNotedEnds || this.#hasWrittenEnds) this.#wantsSync = true;
  }

  claimRenewed(claim: Claim): void {
    const number = this.#numbers.claim(claim);
    if (number === undefined) return;
    this.#pending.push([CLAIM_RENEWED, number, this.#numbers.bootMs(claim.expiresAtMs)]);
  }

  claimRevoked(claim: Claim): void {
    const number = this.#numbers.claim(claim);
    if (number === undefined) return;
    const revokedAtMs = this.#numbers.bootMs(claim.revokedAtMs);
    this.#pending.push([CLAIM_REVOKED, number, revokedAtMs, claim.revokeReason]);
  }

  claimEnded(claim: Claim, lock: Lock | undefined): void {
    const number = this.#numbers.forgetClaim(claim);
    if (number === undefined) return;
    this.#pending.push([CLAIM_ENDED, number]);
    this.#hasNotedEnds = true;
    const isClosed = lock !== undefined && lock.closedUntilMs > 0;
    if (isClosed && claim.state === 'lost') this.#pending.push(this.#numbers.closed(lock));
  }

  /** True if something is to be committed. */
  get isDirty(): boolean {
    return this.#wantsStart || this.#wantsSync || this.#pending.length > 0;
  }

  /**
   * Resolves when all that was noted before is as durable as it has to be. Rejects, and sets
   * `refusal`, if that cannot be had; then nothing noted since the last commit may be told. Calls
   * wait for one another.
   */
  commit(): Promise<void> {
    const run = this.#running.then(() => this.#commit());
    this.#running = run.catch(() => {});
    return run;
  }

  /** Reads the file back and checks it; changes nothing. Commits wait for it, and it for them. */
  verify(): Promise<JournalReport> {
    const run = this.#running.then(() => this.#verify());
    this.#running = run.then(
      () => {},
      () => {},
    );
    return run;
  }

  async #verify(): Promise<JournalReport> {
    if (this.#file === undefined) return NO_JOURNAL;
    const { fileSystem, directory } = this.#options;
    return verifyJournal(fileSystem, directory, journalName(this.#number), this.#length);
  }

  async #commit(): Promise<void> {
    try {
      if (this.#file === undefined || this.#isLong) await this.#startFile();
      else await this.#append(this.#file);
    } catch (error) {
      this.#options.onError(HoldfastError.from(error));
      await this.#startAgain();
    }
  }

  /** Makes a new file; to be tried again and again while there is a `refusal`. */
  async #startAgain(): Promise<void> {
    try {
      await this.#startFile();
    } catch (cause) {
      const message = 'the lock journal cannot be written: nothing is granted';
      const details = { reason: 'STORAGE_READ_ONLY' };
      this.refusal = new HoldfastError('UNAVAILABLE', message, { cause, details });
      throw this.refusal;
    }
  }

  get #isLong(): boolean {
    return this.#length > Math.max(LENGTH_MIN, this.#startLength * GROWTH_MAX);
  }

  async #append(file: OpenFile): Promise<void> {
    const entries = this.#pending;
    const wantsSync = this.#wantsSync;
    this.#taken();
    if (entries.length > 0) {
      const frame = encodeFrame(entries, this.#salt, this.#seal, this.#length);
      await file.write(frame, this.#length);
      this.#length += frame.length;
    }
    if (!wantsSync) return;
    await file.datasync();
    this.#hasWrittenEnds = false;
  }

  /** Goes on in a new file, which says first all that is true now. */
  async #startFile(): Promise<void> {
    const { fileSystem, directory, random, boot, encryption } = this.#options;
    const old = this.#file;
    this.#file = undefined;
    // Nothing was lost with it: memory knows everything.
    await old?.close().catch(() => {});
    this.#number += 1;
    const salt = new DataView(random.fill(new Uint8Array(4)).buffer).getInt32(0, true);
    const header: JournalHeader = { salt, encryption: newEncryption(encryption, random) };
    const seal = JournalSeal.of(header, encryption);
    const headerBytes = encodeHeader(header);
    const entries = this.#numbers.startOver(this.#table);
    const start: JournalStart = { bootId: boot?.id ?? '', entries };
    const frame = encodeFrame(start, salt, seal, headerBytes.length);
    this.#taken();
    const path = `${directory}/${journalName(this.#number)}`;
    const file = await fileSystem.open(path, 'create');
    try {
      await file.write(headerBytes, 0);
      await file.write(frame, headerBytes.length);
      await file.datasync();
      await fileSystem.syncDirectory(directory);
    } catch (error) {
      this.#stale = [...this.#stale, this.#number];
      await file.close().catch(() => {});
      throw error;
    }
    this.#file = file;
    this.#salt = salt;
    this.#seal = seal;
    this.#length = headerBytes.length + frame.length;
    this.#startLength = this.#length;
    this.#hasWrittenEnds = false;
    this.refusal = undefined;
    await this.#removeStale();
  }

  /** Old files may stay as well: the newest whole one counts. */
  async #removeStale(): Promise<void> {
    const { fileSystem, directory, onError } = this.#options;
    const stale = this.#stale;
    this.#stale = [this.#number];
    try {
      for (const number of stale) await fileSystem.remove(`${directory}/${journalName(number)}`);
    } catch (error) {
      onError(HoldfastError.from(error));
    }
  }

  #taken(): void {
    this.#hasWrittenEnds ||= this.#hasNotedEnds;
    this.#hasNotedEnds = false;
    this.#pending = [];
    this.#wantsSync = false;
    this.#wantsStart = false;
  }

  /** Commits what is left and closes the file, whatever happens. */
  async close(): Promise<void> {
    try {
      if (this.isDirty) await this.commit();
    } finally {
      await this.#file?.close();
      this.#file = undefined;
    }
  }
}
