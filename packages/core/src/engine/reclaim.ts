/**
 * Empties one segment so that it can go, some records at a time (rules N3 of no-resurrection).
 *
 *     live, unexpired, worth keeping   copied to a main segment of its class
 *     everything else                  forgotten; but where an older record of the key may still
 *                                      lie in another main file, a tombstone goes to main first
 *
 * An invalidation of tags goes on as a tombstone does; what it covers is as dead as what expired.
 *
 * A copy keeps its record's sequence, times and `until`. Nothing here is undone if the process ends
 * in between: the segment's file is still there, and of two records with one sequence the one in
 * main counts.
 */

import { isExpired, NEVER } from '../expiry/expiry.ts';
import { EXPIRY_TICK_MS } from '../expiry/expiry-counter.ts';
import { type Floors, floorTag } from './floors.ts';
import type { Ghosts } from './ghosts.ts';
import { NO_SLOT, type Slot } from './index-slot.ts';
import type { KeyEncoder } from './key-encoder.ts';
import type { KeyPrefix } from './key-prefix.ts';
import type { MainLog } from './main-log.ts';
import { emptyRecord, type NewRecord } from './new-record.ts';
import type { Readable } from './readable.ts';
import {
  HIDES_NOTHING,
  isNamed,
  isTagged,
  isTextKey,
  KIND_DELETE,
  KIND_FLOOR,
  KIND_PUT,
  keyLength,
  keyStart,
  type RecordMemory,
  recordCreatedAtMs,
  recordEncoding,
  recordExpiresAtMs,
  recordKind,
  recordSequence,
  recordUntilMs,
  valueEnd,
} from './record.ts';
import type { RecordTable } from './record-table.ts';
import type { RemovalListener, RemovalReason } from './removal-listener.ts';
import type { Segment } from './segment.ts';
import type { StoreClock } from './store-clock.ts';
import { ttlClassOf } from './ttl-class.ts';

/**
 * `all` that is live is kept, or only what was read since it was written. Or nothing, tombstones
 * neither: only of a file that holds nothing back.
 */
export type Keeping = 'all' | 'hot' | 'none';

export interface ReclaimCounters {
  evictions: number;
  /** Of the evictions: those of the young log, read by nobody since they were written. */
  evictionsUnread: number;
  expirations: number;
  relocations: number;
}

export interface ReclaimTools {
  readonly main: MainLog;
  readonly table: RecordTable;
  readonly keys: KeyEncoder;
  readonly keyPrefix: KeyPrefix;
  readonly clock: StoreClock;
  readonly floors: Floors;
  readonly counters: ReclaimCounters;
  readonly ghosts: () => Ghosts;
  /** Who is told of each live record that goes. */
  readonly listener: RemovalListener | undefined;
}

const NO_BYTES = new Uint8Array(0);

export class Reclaim {
  readonly segment: Segment;
  readonly #tools: ReclaimTools;
  readonly #keeping: Keeping;
  readonly #memory: RecordMemory;
  readonly #offsets: Iterator<number>;
  readonly #isWhole: boolean;
  readonly #looksUpLittle: boolean;
  readonly #copy: NewRecord = emptyRecord();

  constructor(tools: ReclaimTools, segment: Segment, keeping: Keeping, readable: Readable) {
    this.#tools = tools;
    this.segment = segment;
    this.#keeping = keeping;
    this.#memory = readable.memory;
    this.#offsets = readable.offsets;
    this.#isWhole = readable.isWhole;
    this.#looksUpLittle = readable.isWhole && tools.listener === undefined;
  }

  /** Looks at so many records; true once there are no more, and none has a slot here. */
  step(recordsMax: number): boolean {
    const nowMs = this.#tools.clock.nowMs();
    const mainSequenceMin = this.#tools.main.valueSequenceMin(this.segment);
    for (let count = 0; count < recordsMax; count++) {
      const next = this.#offsets.next();
      if (next.done === true) {
        if (this.#isWhole) this.#tools.counters.expirations += this.segment.liveCount;
        this.#tools.table.leave(this.segment, this.#isWhole, nowMs);
        return true;
      }
      this.#reclaim(next.value, nowMs, mainSequenceMin);
    }
    return false;
  }

  #reclaim(offset: number, nowMs: number, mainSequenceMin: number): void {
    const { words } = this.#memory;
    const kind = recordKind(words, offset);
    if (kind === KIND_FLOOR && this.#keeping !== 'none') this.#carryFloor(offset, mainSequenceMin);
    if (kind !== KIND_PUT && kind !== KIND_DELETE) return;
    const { timeBaseMs, sequenceBase } = this.segment;
    const untilMs = recordUntilMs(words, offset, timeBaseMs);
    const hides =
      this.#keeping !== 'none' &&
      !isExpired(untilMs, nowMs) &&
      mainSequenceMin < recordSequence(words, offset, sequenceBase);
    const expiresAtMs = recordExpiresAtMs(words, offset, timeBaseMs);
    // What nobody asks for any more needs no look-up: its slot goes with the segment.
    const isForgotten = this.#looksUpLittle && isExpired(expiresAtMs + EXPIRY_TICK_MS, nowMs);
    if (isForgotten && kind === KIND_PUT && !hides) return;
    if (kind === KIND_DELETE) {
      if (hides) this.#carry(offset, untilMs, this.#hashOf(offset));
      return;
    }
    const hash = this.#hashOf(offset);
    const slot = this.#tools.table.findAt(hash, this.segment, offset);
    if (slot !== NO_SLOT && this.#keep(slot, hash, offset, nowMs)) return;
    if (hides) this.#carry(offset, untilMs, hash);
  }

  #hashOf(offset: number): number {
    const { words, bytes } = this.#memory;
    const start = keyStart(words, offset);
    return this.#tools.keys.hashOf(bytes, start, start + keyLength(words, offset));
  }

  /** Copies a live record if it is worth it; otherwise it loses its slot. */
  #keep(slot: Slot, hash: number, offset: number, nowMs: number): boolean {
    const { table, counters, ghosts } = this.#tools;
    const { segment } = this;
    const { words } = this.#memory;
    const expiresAtMs = recordExpiresAtMs(words, offset, segment.timeBaseMs);
    const isCovered = this.#isCovered(offset);
    const isDead = isCovered || isExpired(expiresAtMs, nowMs);
    const reads = table.index.frequencyAt(slot);
    const isWorthIt = this.#keeping === 'all' || (this.#keeping === 'hot' && reads > 0);
    table.forget(segment, this.#memory, offset);
    if (isDead || !isWorthIt) {
      table.index.remove(slot);
      if (isCovered) return false;
      if (isDead) counters.expirations++;
      else {
        counters.evictions++;
        if (!segment.isMain) {
          counters.evictionsUnread++;
          ghosts().add(hash);
        }
      }
      this.#tell(isDead ? 'expire' : 'evict', offset);
      return false;
    }
    // In main each read earns another round.
    if (this.#keeping === 'hot') table.index.setFrequency(slot, segment.isMain ? reads - 1 : 0);
    const untilMs = recordUntilMs(words, offset, segment.timeBaseMs);
    const copyAt = this.#append(offset, hash, KIND_PUT, Math.max(expiresAtMs, untilMs), untilMs);
    const target = this.#tools.main.current;
    table.point(slot, hash, target, copyAt, target.head - copyAt, expiresAtMs);
    counters.relocations++;
    return true;
  }

  /** Invalidated, by one of its tags: nobody is told of each such record. */
  #isCovered(offset: number): boolean {
    const { segment } = this;
    const memory = this.#memory;
    return isTagged(memory.words, offset) && this.#tools.floors.covers({ memory, offset, segment });
  }

  #carryFloor(offset: number, mainSequenceMin: number): void {
    const { sequenceBase } = this.segment;
    const sequence = recordSequence(this.#memory.words, offset, sequenceBase);
    const tag = floorTag({ memory: this.#memory, offset });
    if (!this.#tools.floors.isCurrent(tag, sequence) || mainSequenceMin >= sequence) return;
    this.#append(offset, this.#hashOf(offset), KIND_FLOOR, NEVER, NEVER);
  }

  #tell(reason: RemovalReason, offset: number): void {
    const { words, bytes } = this.#memory;
    const start = keyStart(words, offset);
    const key = bytes.slice(start, start + keyLength(words, offset));
    const { listener } = this.#tools;
    listener?.onRemoved(reason, key, isTextKey(words, offset), isNamed(words, offset));
  }

  /** Leaves a tombstone in main, unless the key has something newer that hides as long. */
  #carry(offset: number, untilMs: number, hash: number): void {
    const { words, bytes } = this.#memory;
    const sequence = recordSequence(words, offset, this.segment.sequenceBase);
    const start = keyStart(words, offset);
    const { keys, table } = this.#tools;
    const isText = isTextKey(words, offset);
    keys.take(bytes, start, keyLength(words, offset), isText, isNamed(words, offset));
    if (table.find(keys) !== NO_SLOT) {
      const { memory, offset: at, segment } = table.found;
      // With the same sequence it is this record's own copy, made before a crash.
      const isNewer = recordSequence(memory.words, at, segment.sequenceBase) >= sequence;
      if (isNewer && recordUntilMs(memory.words, at, segment.timeBaseMs) >= untilMs) return;
    }
    this.#append(offset, hash, KIND_DELETE, untilMs, untilMs);
  }

  /** Copies the record, or of a tombstone its key, to where it may lie until `dropMs`. */
  #append(offset: number, hash: number, kind: number, dropMs: number, untilMs: number): number {
    const { main, clock, keyPrefix } = this.#tools;
    const { words, bytes } = this.#memory;
    const { timeBaseMs, sequenceBase } = this.segment;
    const keyAt = keyStart(words, offset);
    const keyBytes = keyLength(words, offset);
    const isPut = kind === KIND_PUT;
    const copy = this.#copy;
    copy.kind = kind;
    copy.hash = hash;
    copy.key = bytes;
    copy.keyStart = keyAt;
    copy.keyBytes = keyBytes;
    copy.isTextKey = isTextKey(words, offset);
    copy.isNamed = isNamed(words, offset);
    copy.encoding = isPut ? recordEncoding(words, offset) : 0;
    copy.isTagged = isPut && isTagged(words, offset);
    copy.value = isPut ? bytes : NO_BYTES;
    copy.valueStart = isPut ? keyAt + keyBytes : 0;
    copy.valueBytes = isPut ? valueEnd(words, offset) - keyAt - keyBytes : 0;
    copy.sequence = recordSequence(words, offset, sequenceBase);
    copy.createdAtMs = recordCreatedAtMs(words, offset, timeBaseMs);
    copy.expiresAtMs = isPut
      ? recordExpiresAtMs(words, offset, timeBaseMs)
      : Math.max(copy.createdAtMs, 0);
    copy.untilMs = untilMs > clock.nowMs() ? untilMs : HIDES_NOTHING;
    const remainingMs = dropMs === NEVER ? NEVER : dropMs - clock.nowMs();
    const place = {
      prefix: keyPrefix.of(bytes, keyAt, keyBytes),
      ttlClass: ttlClassOf(remainingMs),
    };
    if (!this.segment.isMain) main.sources.add(this.segment);
    return main.append(copy, place);
  }
}
