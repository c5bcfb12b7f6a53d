/**
 * The engine: encoded values under keys, in a young log found through a hash index.
 *
 *     set, delete ─► log.append ─► index slot ─► group commit ─► file
 *     get         ─► index slot ─► segment memory, or one checked read of its file
 *
 * A caller encodes a key into `keys`, then calls `find`, `put`, `putAgain` or `remove` in the same
 * turn: each is atomic and visible at once. What `find` found is read through `found`, in the same
 * turn too. How long a write takes to become durable is a question apart: `settle`.
 *
 * Invariants
 * 1. A hit's whole key equals the asked one, and its deadline lies ahead.
 * 2. Sequences are given in the order of the calls and never twice.
 * 3. After `close` nothing is read or written.
 */

import type { Durability } from '../backend/cache-backend.ts';
import type { HoldfastError } from '../errors.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { DirectoryLock } from '../ports/file-system.ts';
import type { Cleaner } from './cleaner.ts';
import type { EngineParts } from './engine-parts.ts';
import { type EngineStatistics, sizeOf, statisticsOf } from './engine-statistics.ts';
import type { Floors } from './floors.ts';
import type { GroupCommit } from './group-commit.ts';
import { hidesUntilMs } from './hiding.ts';
import { FREQUENCY_MAX, NO_SLOT, type Slot } from './index-slot.ts';
import type { KeyEncoder } from './key-encoder.ts';
import type { MainLog } from './main-log.ts';
import { Maintenance } from './maintenance.ts';
import type { NewRecord } from './new-record.ts';
import { readAhead, recordOnDisk } from './read-ahead.ts';
import {
  HIDES_NOTHING,
  isTagged,
  KIND_CLEAR,
  KIND_DELETE,
  KIND_PUT,
  recordExpiresAtMs,
} from './record.ts';
import type { Found, RecordTable } from './record-table.ts';
import { RecordWriter } from './record-writer.ts';
import type { Recovered } from './recovered.ts';
import type { RecoveryReport } from './recovery-report.ts';
import type { RemovalListener } from './removal-listener.ts';
import { closeFiles, type Segment } from './segment.ts';
import type { EngineSettings } from './settings.ts';
import { isStale } from './stale-mark.ts';
import { type Stamp, stampOf } from './stamp.ts';
import type { StoreClock } from './store-clock.ts';
import type { StoreClosing } from './store-closing.ts';
import { type WalkedKey, walkKeys } from './walk-keys.ts';
import { fillAgain } from './written-again.ts';
import type { YoungLog } from './young-log.ts';

const NO_BYTES = new Uint8Array(0);
const DONE: Promise<void> = Promise.resolve();

export class Engine {
  readonly keys: KeyEncoder;
  readonly clock: StoreClock;
  /**
   * Counts the openings of this store: larger than in any earlier one. 1 for a store in memory
   * only.
   */
  readonly epoch: number;
  /** Every fencing token of this opening is larger, every earlier one is not. */
  readonly tokenBase: number;
  readonly found: Found;
  readonly maintenance: Maintenance;
  readonly #timers: Clock;
  readonly #settings: EngineSettings;
  readonly #log: YoungLog;
  readonly #main: MainLog;
  readonly #parts: EngineParts;
  readonly #table: RecordTable;
  readonly #floors: Floors;
  readonly #commit: GroupCommit | undefined;
  readonly #cleaner: Cleaner;
  readonly #lock: DirectoryLock | undefined;
  readonly #writer: RecordWriter;
  readonly #recovery: RecoveryReport | undefined;
  readonly #ending: StoreClosing | undefined;
  #cleanupTimer: Timer | undefined;
  #segmentsSeen = 0;
  #bytesAppended = 0;
  #closing: Promise<void> | undefined;

  constructor(options: {
    clock: Clock;
    settings: EngineSettings;
    parts: EngineParts;
    lock?: DirectoryLock;
    recovered?: Recovered;
    closing?: StoreClosing;
  }) {
    const { parts } = options;
    this.#timers = options.clock;
    this.#settings = options.settings;
    this.#lock = options.lock;
    this.#recovery = options.recovered?.report;
    this.#ending = options.closing;
    this.epoch = parts.epoch;
    this.tokenBase = parts.tokenBase;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.found = parts.table.found;
    this.maintenance = new Maintenance(parts, options.clock);
    this.#log = parts.log;
    this.#writer = new RecordWriter(parts, options.recovered?.sequence ?? 0);
    this.#main = parts.main;
    this.#parts = parts;
    this.#table = parts.table;
    this.#floors = parts.floors;
    this.#commit = parts.commit;
    this.#cleaner = parts.cleaner;
    if (options.recovered !== undefined) this.#settleRecovered(options.recovered);
    this.#cleaner.clean();
    this.#startCleanup();
  }

  /** What recovery has found to be gone must stay gone when the reason for it is. */
  #settleRecovered({ outdated, mainFloor, lostFloor, hasLosses }: Recovered): void {
    for (const { key, isText, isNamed, untilMs } of outdated) {
      this.keys.take(key, 0, key.length, isText, isNamed);
      if (this.#table.find(this.keys) === NO_SLOT) this.#writer.mark(KIND_DELETE, untilMs);
    }
    if (lostFloor > 0) this.#writer.floor(undefined, lostFloor);
    this.#cleaner.dropMainBelow(mainFloor);
    // What is lost is lost once: when these are durable, the manifest names only what is there.
    if (outdated.length > 0 || hasLosses) this.#commit?.remove([]).catch(() => {});
  }

  /** True if the encoded key has a live value; `found` is its record. Hot. */
  find(): boolean {
    const slot = this.#table.find(this.keys);
    if (slot === NO_SLOT || this.#isFoundGone()) return false;
    this.#table.noteRead(slot);
    return true;
  }

  /** As `find`, but also past its deadline, while it is kept: `stamp` tells both. */
  findKept(): boolean {
    const slot = this.#table.find(this.keys);
    if (slot === NO_SLOT) return false;
    if (isExpired(this.stamp().keptUntilMs, this.clock.nowMs())) return false;
    const { memory, offset } = this.found;
    if (isTagged(memory.words, offset) && this.#floors.covers(this.found)) return false;
    this.#table.noteRead(slot);
    return true;
  }

  #isFoundGone(): boolean {
    const { memory, offset, segment } = this.found;
    const expiresAtMs = recordExpiresAtMs(memory.words, offset, segment.timeBaseMs);
    if (expiresAtMs !== NEVER && isExpired(expiresAtMs, this.clock.nowMs())) return true;
    return isTagged(memory.words, offset) && this.#isTaggedGone();
  }

  #isTaggedGone(): boolean {
    return this.#floors.covers(this.found) || isStale(this.found, this.clock.nowMs());
  }

  /**
   * Reads whatever of the encoded key is only on disk, so that a `find` in the turn it resolves
   * does not block.
   */
  readAhead(): Promise<void> {
    return readAhead(this.#table, this.#parts.reader, this.keys.hash);
  }

  /** True if a `find` for the encoded key may have to read a file. */
  get needsRead(): boolean {
    return recordOnDisk(this.#table, this.#parts.reader, this.keys.hash) !== undefined;
  }

  /** What the record in `found` says of itself. */
  stamp(): Stamp {
    return stampOf(this.found);
  }

  /** Live records, those of all namespaces: see `sizeOf`. */
  get size(): number {
    return sizeOf(this.#parts, 'all');
  }

  /** Those of the namespace with that id; `undefined` for those in none. */
  sizeOf(namespace: number | undefined): number {
    return sizeOf(this.#parts, namespace);
  }

  /** Bytes in memory, by what they are for. */
  memoryBytes(): { readonly index: number; readonly records: number; readonly buffers: number } {
    return {
      index: this.#table.index.bytes,
      records: this.#parts.segments.pool.usedBytes + this.#parts.reader.cache.bytes,
      buffers: this.keys.bytes.length + this.#parts.reader.bytes + this.#table.tagged.bytes,
    };
  }

  /** Bytes of all segments' files. */
  get diskBytes(): number {
    return this.#settings.isPersistent ? this.#log.bytes + this.#main.bytes : 0;
  }

  statistics(): EngineStatistics {
    return statisticsOf(this.#parts, this.#bytesAppended, this.#recovery);
  }

  /** Walks the keys of live records: those of a namespace, or those in none; see `walkKeys`. */
  walk(prefix: Uint8Array = NO_BYTES): Generator<readonly WalkedKey[]> {
    return walkKeys(this.#table, () => !this.#isFoundGone(), prefix);
  }

  /** Has `listener` told of records that go by themselves, from now on; `undefined` = nobody. */
  listenToRemovals(listener: RemovalListener | undefined): void {
    this.#cleaner.removalListener = listener;
  }

  /**
   * Why nothing can be written now, if so: `READ_ONLY` for good, `NO_SPACE` until there is space.
   */
  get refusal(): HoldfastError | undefined {
    return this.#commit?.refusal;
  }

  /**
   * Stores `valueBytes` of `value` from `valueStart` on under the encoded key; returns its
   * sequence. It is kept until `expiresAtMs`, and seen as long unless `tags` say less (see
   * stale-mark.ts). Hot.
   */
  put(
    encoding: number,
    value: Uint8Array,
    valueStart: number,
    valueBytes: number,
    expiresAtMs: number,
    createdAtMs: number,
    tags: Uint8Array = NO_BYTES,
  ): number {
    const { record } = this.#writer;
    record.isTagged = tags.length > 0;
    record.tags = tags;
    record.encoding = encoding;
    record.value = value;
    record.valueStart = valueStart;
    record.valueBytes = tags.length + valueBytes;
    record.createdAtMs = createdAtMs;
    return this.#put(record, this.#table.find(this.keys), expiresAtMs);
  }

  /** Writes the value found under the encoded key again, with another deadline. */
  putAgain(expiresAtMs: number): number {
    const slot = this.#table.find(this.keys);
    const { record } = this.#writer;
    return this.#put(record, slot, fillAgain(record, this.found, expiresAtMs));
  }

  #put(record: NewRecord, slot: Slot, expiresAtMs: number): number {
    const isNew = slot === NO_SLOT;
    if (isNew && this.#table.index.isFull) this.#table.makeRoom();
    record.kind = KIND_PUT;
    record.expiresAtMs = expiresAtMs;
    record.untilMs = isNew ? this.#untilOfUnknown() : this.#untilOfFound();
    const offset = this.#writer.append(record);
    if (!isNew) this.#table.forgetFound();
    const segment = this.#log.current;
    const bytes = segment.head - offset;
    this.#bytesAppended += bytes;
    this.#table.point(
      slot,
      record.hash,
      segment,
      offset,
      bytes,
      expiresAtMs,
      // One that was evicted too early is worth keeping from the start.
      isNew && this.#cleaner.ghosts?.take(record.hash) ? FREQUENCY_MAX : 0,
    );
    if (this.#log.lane.length !== this.#segmentsSeen) this.#cleanGrown();
    return record.sequence;
  }

  #untilOfFound(): number {
    return this.#settings.isPersistent ? hidesUntilMs(this.found, this.clock) : HIDES_NOTHING;
  }

  /** A record that lost its slot because it could not be read may be readable again one day. */
  #untilOfUnknown(): number {
    return this.#table.mayHideRecords && this.#main.segments.length > 0 ? NEVER : HIDES_NOTHING;
  }

  /** Deletes the encoded key; false if it had no live value. */
  remove(): boolean {
    const slot = this.#table.find(this.keys);
    if (slot === NO_SLOT) {
      // One that was evicted, or could not be read, may still lie in a file.
      if (this.#mayReturn()) this.#writer.mark(KIND_DELETE, this.#untilOfUnknown());
      return false;
    }
    const wasLive = !this.#isFoundGone();
    // An expired record needs its tombstone as well: without, one older could come back.
    this.#writer.mark(KIND_DELETE, this.#untilOfFound());
    this.#table.forgetFound();
    this.#table.index.remove(slot);
    if (this.#log.lane.length !== this.#segmentsSeen) this.#cleanGrown();
    return wasLive;
  }

  /** True while a record without a slot could be found by another opening. */
  #mayReturn(): boolean {
    if (this.#commit === undefined) return false;
    const { mayHideRecords } = this.#table;
    return mayHideRecords || this.#commit.isRemoving || this.#cleaner.hasEarlierYoung;
  }

  /** Deletes everything, at once; resolves when that is durable and the files are gone. */
  clear(): Promise<void> {
    this.#cleaner.cancel();
    this.#log.seal();
    const oldCount = this.#log.lane.length;
    this.keys.encode('');
    this.#writer.mark(KIND_CLEAR, HIDES_NOTHING);
    this.#table.clear();
    this.#floors.clear();
    this.#parts.reader.cache.clear();
    // Main first: what young hides there must not come back when young is gone.
    const old: Segment[] = [...this.#main.segments];
    for (const segment of old) this.#main.remove(segment);
    for (let count = 0; count < oldCount; count++) old.push(this.#log.removeOldest());
    this.#segmentsSeen = this.#log.lane.length;
    return this.#commit?.removeEverything(old) ?? DONE;
  }

  /** Whatever has the tag is gone, at once. */
  invalidate(tag: number): void {
    const floors = this.#floors;
    const youngMin = this.#log.lane[0]?.sequenceBase ?? NEVER;
    const hasRoom = floors.makeRoom(() => Math.min(this.#main.valueSequenceMin(), youngMin));
    const sequence = this.#writer.floor(hasRoom ? tag : undefined);
    if (hasRoom) floors.raise(tag, sequence);
    else floors.raiseAll(sequence);
    if (this.#log.lane.length !== this.#segmentsSeen) this.#cleanGrown();
  }

  /**
   * Resolves when everything written so far has reached `durability`. To be called after every
   * write.
   */
  settle(durability: Durability): Promise<void> {
    return this.#commit?.appended(durability) ?? DONE;
  }

  /** Everything written so far has survived a power cut. */
  flush(): Promise<void> {
    return this.#commit?.reach('synced') ?? DONE;
  }

  /** Writes and syncs what is left, and frees the directory, whatever happens. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#cleanupTimer?.cancel();
    this.#cleaner.stop();
    this.maintenance.close();
    try {
      await this.#ending?.prepare();
      await this.#commit?.close();
      const newest = this.#log.lane.at(-1);
      const tail = newest && { id: newest.header.id, length: newest.laneLength };
      // What was missed at the opening is missed until something is written behind it.
      await this.#ending?.finish(this.#log.missingTail ?? tail, this.#writer.sequence);
    } finally {
      const segments = [...this.#log.lane, ...this.#main.segments];
      await closeFiles(segments).finally(() => this.#lock?.release());
    }
  }

  #cleanGrown(): void {
    this.#cleaner.clean();
    this.#segmentsSeen = this.#log.lane.length;
  }

  #startCleanup(): void {
    const intervalMs = this.#settings.cleanupIntervalMs;
    this.#cleanupTimer = this.#timers.startTimer(intervalMs, 'background', () => {
      this.#cleaner.cleanRegularly();
      this.#startCleanup();
    });
  }
}
