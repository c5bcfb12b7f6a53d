/**
 * Keeps the log within its bounds, always from its oldest end.
 *
 *     memory over its limit   the oldest written segments lose their memory (kept on disk)
 *     half of the log dead    the oldest segment's live records are copied to the head
 *     log over its limit      the same while the live records fit, else they are evicted
 *
 * A copy keeps its record's sequence and times. Nothing older than the oldest segment exists, so
 * what a segment hides can never come back when it goes.
 */

import { HoldfastError } from '../errors.ts';
import { isExpired } from '../expiry/expiry.ts';
import type { Crc32 } from './crc32.ts';
import type { GroupCommit } from './group-commit.ts';
import { NO_SLOT } from './hash-index.ts';
import type { KeyEncoder } from './key-encoder.ts';
import {
  isTextKey,
  KIND_PUT,
  keyLength,
  keyStart,
  type RecordMemory,
  recordCreatedAtMs,
  recordEncoding,
  recordExpiresAtMs,
  recordKind,
  recordSequence,
  valueEnd,
} from './record.ts';
import type { RecordTable } from './record-table.ts';
import type { RemovalListener } from './removal-listener.ts';
import { recordOffsets, type Segment, validRecordOffsets } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { EngineSettings } from './settings.ts';
import type { StoreClock } from './store-clock.ts';
import type { YoungLog } from './young-log.ts';

/** Cleaning starts when this share of the log is dead, and not below this many segments. */
const DEAD_SHARE_MAX = 0.5;
const CLEAN_SEGMENTS_MIN = 4;

/**
 * Over this share of the limit, live records are evicted: copying them would only come round again.
 */
const LIVE_SHARE_MAX = 0.8;

/** Segments copied in one go, and the share of the limit from which on there is reason to. */
const COPIES_MAX = 2;
const EARLY_SHARE = 0.9;

export interface CleanerCounters {
  evictions: number;
  expirations: number;
  relocations: number;
}

export class Cleaner {
  readonly counters: CleanerCounters = { evictions: 0, expirations: 0, relocations: 0 };
  /** Settles when the files of all segments cleaned so far are gone. */
  removals: Promise<void> = Promise.resolve();
  removalListener: RemovalListener | undefined;
  readonly #log: YoungLog;
  readonly #table: RecordTable;
  readonly #keys: KeyEncoder;
  readonly #clock: StoreClock;
  readonly #commit: GroupCommit | undefined;
  readonly #settings: EngineSettings;
  readonly #segmentBytes: number;
  readonly #crc32: Crc32;
  #isCleaning = false;
  #hasCopied = false;

  constructor(options: {
    log: YoungLog;
    table: RecordTable;
    keys: KeyEncoder;
    clock: StoreClock;
    commit: GroupCommit | undefined;
    settings: EngineSettings;
    segmentBytes: number;
    crc32: Crc32;
  }) {
    this.#log = options.log;
    this.#table = options.table;
    this.#keys = options.keys;
    this.#clock = options.clock;
    this.#commit = options.commit;
    this.#settings = options.settings;
    this.#segmentBytes = options.segmentBytes;
    this.#crc32 = options.crc32;
  }

  /** To be called whenever a segment was opened, and once a cleanup interval. */
  clean(): void {
    if (this.#isCleaning) return;
    this.#isCleaning = true;
    try {
      let copied = 0;
      while (this.#cleanOne(copied < COPIES_MAX)) copied += this.#hasCopied ? 1 : 0;
      this.freeMemory();
    } finally {
      this.#isCleaning = false;
    }
  }

  /**
   * Drops or copies the oldest segment if there is reason to; false if there is none. Copying the
   * whole store in one go would stop the program: it is done in steps, early enough.
   */
  #cleanOne(mayCopy: boolean): boolean {
    this.#hasCopied = false;
    const oldest = this.#log.lane[0];
    if (oldest === undefined || !oldest.isSealed) return false;
    // The newest file stays: a lane that is gone altogether would look like one that was lost.
    if (this.#commit !== undefined && this.#log.lane.length === 1) return false;
    if (this.#commit?.isPoisoned) return false;
    const isWritten = this.#commit === undefined || oldest.isWritten;
    const nowMs = this.#clock.nowMs();
    if (isWritten && (oldest.liveCount === 0 || isExpired(oldest.lastExpiryMs, nowMs))) {
      this.#retire(oldest, false);
      return true;
    }
    const live = this.#table.liveBytes - this.#table.expiry.expiredBytes(nowMs);
    const limit = this.#limit();
    const { lane } = this.#log;
    const bytes = this.#boundedBytes();
    const isRoomy = live < limit * LIVE_SHARE_MAX;
    if (bytes > limit && !(isRoomy && mayCopy)) {
      // A program that sets without ever yielding must not outgrow its limits while one write is
      // under way. What nobody writes is written here, so that its memory is free as well.
      const isWaiting = !isWritten && !oldest.isWriting;
      if (isWaiting && this.#commit?.writeOldestNow() === undefined) return false;
      this.#retire(oldest, false);
      return true;
    }
    if (!isWritten) return false;
    const isNearlyFull = bytes > limit * EARLY_SHARE && isRoomy;
    const isMostlyDead = bytes - live > bytes * DEAD_SHARE_MAX && lane.length > CLEAN_SEGMENTS_MIN;
    const isInPieces = lane.length > 16 + (2 * bytes) / this.#segmentBytes;
    if (!mayCopy || !(isNearlyFull || isMostlyDead || isInPieces)) return false;
    this.#retire(oldest, true);
    this.#hasCopied = true;
    return true;
  }

  /** What the limit is about: files, or memory, of which segments take all they may fill. */
  #boundedBytes(): number {
    return this.#settings.isPersistent ? this.#log.bytes : this.#log.pool.usedBytes;
  }

  /** One segment is always open, so the log is cleaned a segment before its limit. */
  #limit(): number {
    const { isPersistent, diskBytesMax, memoryBytesMax } = this.#settings;
    const bytesMax = isPersistent ? diskBytesMax : memoryBytesMax - this.#table.index.bytes;
    return bytesMax - this.#segmentBytes;
  }

  /** Takes the oldest segment out of the log, its live records copied to the head or evicted. */
  #retire(segment: Segment, copies: boolean): void {
    if (segment.liveCount > 0) this.#retireRecords(segment, copies);
    this.#table.abandon(segment);
    this.#log.removeOldest();
    const gone = this.#commit?.remove([segment]);
    // A failed removal has poisoned the store and was reported; the file is found again at the next
    // opening.
    if (gone !== undefined) this.removals = gone.catch(() => {});
  }

  #retireRecords(segment: Segment, copies: boolean): void {
    const nowMs = this.#clock.nowMs();
    const { head, damage, header } = segment;
    const memory = segment.memory ?? this.#readWhole(segment);
    const offsets =
      segment.memory === undefined
        ? validRecordOffsets(memory, SEGMENT_HEADER_BYTES, head, header.salt, this.#crc32)
        : recordOffsets(memory, SEGMENT_HEADER_BYTES, head, damage);
    for (const offset of offsets) {
      if (recordKind(memory.words, offset) === KIND_PUT) {
        this.#retireRecord(segment, memory, offset, copies, nowMs);
      }
    }
  }

  #retireRecord(
    segment: Segment,
    memory: RecordMemory,
    offset: number,
    copies: boolean,
    nowMs: number,
  ): void {
    const { words, bytes } = memory;
    const keyAt = keyStart(words, offset);
    const keyBytes = keyLength(words, offset);
    const hash = this.#keys.hashOf(bytes, keyAt, keyAt + keyBytes);
    const slot = this.#table.findAt(hash, segment, offset);
    if (slot === NO_SLOT) return;
    this.#table.forget(segment, memory, offset);
    const expiresAtMs = recordExpiresAtMs(words, offset, segment.timeBaseMs);
    const isDead = isExpired(expiresAtMs, nowMs);
    if (isDead || !copies) {
      this.#table.index.remove(slot);
      if (isDead) this.counters.expirations++;
      else this.counters.evictions++;
      this.removalListener?.onRemoved(
        isDead ? 'expire' : 'evict',
        bytes.slice(keyAt, keyAt + keyBytes),
        isTextKey(words, offset),
      );
      return;
    }
    const copyAt = this.#log.append({
      kind: KIND_PUT,
      hash,
      key: bytes,
      keyStart: keyAt,
      keyBytes,
      isTextKey: isTextKey(words, offset),
      encoding: recordEncoding(words, offset),
      value: bytes,
      valueStart: keyAt + keyBytes,
      valueBytes: valueEnd(words, offset) - keyAt - keyBytes,
      sequence: recordSequence(words, offset, segment.sequenceBase),
      createdAtMs: recordCreatedAtMs(words, offset, segment.timeBaseMs),
      expiresAtMs,
    });
    const target = this.#log.current;
    this.#table.point(slot, hash, target, copyAt, target.head - copyAt, expiresAtMs);
    this.counters.relocations++;
  }

  /** What cannot be read stays zero: its records are lost. */
  #readWhole(segment: Segment): RecordMemory {
    const buffer = new ArrayBuffer((segment.head + 7) & -8);
    const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
    try {
      segment.file?.readSync(memory.bytes.subarray(0, segment.head), 0);
    } catch (error) {
      this.#settings.onError(HoldfastError.from(error));
      memory.bytes.fill(0);
    }
    return memory;
  }

  /** Drops memory of what is written, until the rest is within its limit. */
  freeMemory(): void {
    const commit = this.#commit;
    if (commit === undefined) return;
    const { pool, lane } = this.#log;
    const limit = this.#settings.memoryBytesMax - this.#table.index.bytes;
    if (pool.usedBytes <= limit) return;
    for (const segment of lane) {
      if (pool.usedBytes <= limit) return;
      if (segment.memory !== undefined && segment.isSealed && segment.isWritten) {
        this.#log.dropMemory(segment);
      }
    }
    // Nobody has yielded for so long that nothing more is written: write here and now.
    while (pool.usedBytes > limit) {
      const segment = commit.writeOldestNow();
      if (segment === undefined) return;
      this.#log.dropMemory(segment);
    }
  }
}
