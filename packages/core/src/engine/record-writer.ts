import { NEVER } from '../expiry/expiry.ts';
import type { EngineParts } from './engine-parts.ts';
import { writeTag } from './floors.ts';
import type { KeyEncoder } from './key-encoder.ts';
import { emptyRecord, type NewRecord } from './new-record.ts';
import { KIND_FLOOR, TAG_BYTES } from './record.ts';
import type { StoreClock } from './store-clock.ts';
import type { YoungLog } from './young-log.ts';

const NO_BYTES = new Uint8Array(0);

/** Appends records of the encoded key to the young log, and numbers them. */
export class RecordWriter {
  /** One to fill and use again. */
  readonly record: NewRecord = emptyRecord();
  readonly #log: YoungLog;
  readonly #keys: KeyEncoder;
  readonly #clock: StoreClock;
  #sequence: number;

  /** `sequence` is the highest one given so far. */
  constructor({ log, keys, clock }: EngineParts, sequence: number) {
    this.#log = log;
    this.#keys = keys;
    this.#clock = clock;
    this.#sequence = sequence;
  }

  /** The highest one given so far. */
  get sequence(): number {
    return this.#sequence;
  }

  /** A record that has no value. */
  mark(kind: number, untilMs: number, sequence: number = this.#sequence + 1): void {
    const { record } = this;
    const nowMs = this.#clock.nowMs();
    record.kind = kind;
    record.encoding = 0;
    record.isTagged = false;
    record.tags = NO_BYTES;
    record.value = NO_BYTES;
    record.valueStart = 0;
    record.valueBytes = 0;
    record.createdAtMs = nowMs;
    record.expiresAtMs = nowMs;
    record.untilMs = untilMs;
    this.append(record, sequence);
  }

  /** The floor of a tag, or of all; returns its sequence: what is older is gone. */
  floor(tag: number | undefined, sequence: number = this.#sequence + 1): number {
    const key = new Uint8Array(tag === undefined ? 0 : TAG_BYTES);
    if (tag !== undefined) writeTag(tag, key, 0);
    this.#keys.take(key, 0, key.length, false, false);
    // It hides things for ever, and damage to its file costs what it may have hidden.
    this.mark(KIND_FLOOR, NEVER, sequence);
    return sequence;
  }

  /** Returns its offset in `log.current`. Hot. */
  append(record: NewRecord, sequence: number = this.#sequence + 1): number {
    const keys = this.#keys;
    record.hash = keys.hash;
    record.key = keys.bytes;
    record.keyStart = 0;
    record.keyBytes = keys.length;
    record.isTextKey = keys.isText;
    record.isNamed = keys.isNamed;
    record.sequence = sequence;
    if (sequence > this.#sequence) this.#sequence = sequence;
    const offset = this.#log.append(record);
    record.value = NO_BYTES;
    record.tags = NO_BYTES;
    return offset;
  }
}
