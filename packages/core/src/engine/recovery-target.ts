import { refersToShapes } from '../codec/value-encoding.ts';
import type { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import { NO_SLOT } from './hash-index.ts';
import type { KeyEncoder } from './key-encoder.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import {
  isTextKey,
  keyLength,
  keyStart,
  type RecordMemory,
  recordEncoding,
  recordExpiresAtMs,
  recordLength,
  recordSequence,
  valueEnd,
  valueStart,
} from './record.ts';
import type { RecordTable } from './record-table.ts';
import type { Segment } from './segment.ts';
import type { SegmentHeader } from './segment-header.ts';
import type { YoungLog } from './young-log.ts';

/** The engine's side: it keeps the index. */
export interface RecoveryTarget {
  adopt(header: SegmentHeader, memory: RecordMemory, head: number, file: OpenFile): Segment;
  /** The segment ends here: what lies behind was torn. */
  truncate(segment: Segment, end: number): void;
  applyPut(segment: Segment, memory: RecordMemory, offset: number): void;
  applyDelete(segment: Segment, memory: RecordMemory, offset: number): void;
  applyClear(segment: Segment, memory: RecordMemory, offset: number): void;
  /** What the log says of shapes; `false` if no value can be read that was written with others. */
  applyShapes(segment: Segment, memory: RecordMemory, offset: number): boolean;
  /** True if the record's value can be read: the segment has named the shapes it may refer to. */
  isReadable(segment: Segment, memory: RecordMemory, offset: number): boolean;
  /** Any record with this hash that was applied before may be outdated. */
  forgetHash(hash: number): void;
  /** Every record applied before may be outdated. */
  forgetAll(): void;
  noteStoreTime(storeTimeMs: number): void;
  onDamage(error: HoldfastError): void;
  allocate(bytes: number): RecordMemory;
}

/** Puts what recovery reads, in the order of the log, into the table. */
export class TableRebuild implements RecoveryTarget {
  /** The highest sequence seen. */
  sequence = 0;
  storeTimeMs = 0;
  readonly #log: YoungLog;
  readonly #table: RecordTable;
  readonly #keys: KeyEncoder;
  readonly #shapes: LoggedShapes;
  readonly #onError: (error: HoldfastError) => void;
  readonly #afterAdopt: () => void;

  constructor(options: {
    log: YoungLog;
    table: RecordTable;
    keys: KeyEncoder;
    shapes: LoggedShapes;
    onError: (error: HoldfastError) => void;
    /** Called with each segment: memory may be over its limit. */
    afterAdopt: () => void;
  }) {
    this.#log = options.log;
    this.#table = options.table;
    this.#keys = options.keys;
    this.#shapes = options.shapes;
    this.#onError = options.onError;
    this.#afterAdopt = options.afterAdopt;
  }

  allocate(bytes: number): RecordMemory {
    this.#afterAdopt();
    return this.#log.pool.take(bytes);
  }

  adopt(header: SegmentHeader, memory: RecordMemory, head: number, file: OpenFile): Segment {
    const segment = this.#log.adopt(header, memory, head);
    segment.file = file;
    return segment;
  }

  truncate(segment: Segment, end: number): void {
    this.#log.truncate(segment, end);
  }

  /** An expired record is put as well: it hides older ones, and the cleaner drops it. */
  applyPut(segment: Segment, memory: RecordMemory, offset: number): void {
    this.#noteSequence(segment, memory, offset);
    this.#encodeKey(memory, offset);
    const slot = this.#table.find(this.#keys);
    if (slot !== NO_SLOT) this.#table.forgetFound();
    // Another machine's larger index may have held more: what does not fit is left out, as if
    // evicted.
    else if (this.#table.index.isFull) {
      this.#table.mayHideRecords = true;
      return;
    }
    const bytes = recordLength(memory.words, offset);
    const expiresAtMs = recordExpiresAtMs(memory.words, offset, segment.timeBaseMs);
    this.#table.point(slot, this.#keys.hash, segment, offset, bytes, expiresAtMs);
    if (expiresAtMs > segment.lastExpiryMs) segment.lastExpiryMs = expiresAtMs;
  }

  applyDelete(segment: Segment, memory: RecordMemory, offset: number): void {
    this.#noteSequence(segment, memory, offset);
    this.#encodeKey(memory, offset);
    const slot = this.#table.find(this.#keys);
    if (slot === NO_SLOT) return;
    this.#table.forgetFound();
    this.#table.index.remove(slot);
  }

  applyClear(segment: Segment, memory: RecordMemory, offset: number): void {
    this.#noteSequence(segment, memory, offset);
    this.#table.clear();
  }

  applyShapes(segment: Segment, memory: RecordMemory, offset: number): boolean {
    const { words, bytes } = memory;
    // A copy: decoders do not take shared memory.
    const encoded = bytes.slice(valueStart(words, offset), valueEnd(words, offset));
    const adopted = this.#shapes.adopt(encoded);
    segment.shapeCount = adopted === 'unreadable' ? 0 : this.#shapes.count;
    return adopted === 'known';
  }

  isReadable(segment: Segment, memory: RecordMemory, offset: number): boolean {
    return !refersToShapes(recordEncoding(memory.words, offset)) || segment.shapeCount > 0;
  }

  forgetHash(hash: number): void {
    const { index } = this.#table;
    for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
      if (this.#table.load(slot)) {
        this.#table.forgetFound();
        index.remove(slot);
      }
    }
  }

  forgetAll(): void {
    this.#table.clear();
  }

  noteStoreTime(storeTimeMs: number): void {
    if (storeTimeMs > this.storeTimeMs) this.storeTimeMs = storeTimeMs;
  }

  onDamage(error: HoldfastError): void {
    this.#onError(error);
  }

  #noteSequence(segment: Segment, memory: RecordMemory, offset: number): void {
    const sequence = recordSequence(memory.words, offset, segment.sequenceBase);
    if (sequence > this.sequence) this.sequence = sequence;
  }

  #encodeKey(memory: RecordMemory, offset: number): void {
    const start = keyStart(memory.words, offset);
    const length = keyLength(memory.words, offset);
    this.#keys.take(memory.bytes, start, length, isTextKey(memory.words, offset));
  }
}
