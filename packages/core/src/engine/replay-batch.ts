/** Goes through the batches that a `FileWalk` finds in one file, damage in them included. */

import type { FileWalk } from './file-walk.ts';
import {
  frameEntryHash,
  frameEntryKind,
  frameEntryOffset,
  frameRecordBytes,
  readFrame,
} from './frame.ts';
import { keyStart, type RecordMemory } from './record.ts';
import type { RecoveryTarget } from './recovery-target.ts';
import { ReplayQueue } from './replay-queue.ts';
import type { Segment } from './segment.ts';

/** What to do with each part of a batch, in the batch's own order. */
export interface BatchHandler {
  /** `hash` is that of its key; of a record without one it means nothing. */
  onRecord(offset: number, hash: number): void;
  /** A record that its FRAME names cannot be read. */
  onLostRecord(hash: number, kind: number): void;
  /** Only a FRAME is lost; what it named was read, and comes right after. */
  onLostFrame(): void;
  /** What was in a batch cannot be known. */
  onLostBatch(): void;
}

/** Of one file. */
export class BatchReplay {
  readonly #memory: RecordMemory;
  readonly #isEncrypted: boolean;
  readonly #target: RecoveryTarget;
  /** Its FRAMEs name keys by the hashes that the index has. */
  readonly #hasOurHashes: boolean;
  readonly #handler: BatchHandler;
  readonly #queue: ReplayQueue;

  constructor(options: {
    segment: Segment;
    memory: RecordMemory;
    target: RecoveryTarget;
    /** Of the store. */
    hashSeed: number;
    handler: BatchHandler;
  }) {
    const { segment, target, handler } = options;
    this.#memory = options.memory;
    this.#isEncrypted = segment.isEncrypted;
    this.#target = target;
    this.#hasOurHashes = segment.header.hashSeed === options.hashSeed;
    this.#handler = handler;
    this.#queue = new ReplayQueue(target, handler.onRecord);
  }

  /** The batch that the walk's last `batch` was about. It may be applied with later ones. */
  add(walk: FileWalk): void {
    if (walk.holeStart === undefined) this.#addWhole(walk);
    else this.#addDamaged(walk, walk.holeStart);
  }

  #addWhole({ frameAt, records }: FileWalk): void {
    const { words } = this.#memory;
    const valueAt = keyStart(words, frameAt);
    const isNamed = this.#hasOurHashes && readFrame(words, valueAt).count === records.length;
    for (let index = 0; index < records.length; index++) {
      const offset = records[index] as number;
      const hash =
        isNamed && frameEntryOffset(words, valueAt, index) === offset
          ? frameEntryHash(words, valueAt, index)
          : this.#target.hashOf(this.#memory, offset);
      this.#queue.add(offset, hash);
    }
  }

  #addDamaged(walk: FileWalk, holeStart: number): void {
    const { words } = this.#memory;
    const valueAt = keyStart(words, walk.frameAt);
    const frame = readFrame(words, valueAt);
    // The batch that began before the hole has lost its FRAME, unless the hole lies in this one.
    if (frame.batchStart > holeStart) this.endAtHole(walk, frame.batchStart);
    this.#queue.flush();
    const readable = new Set(walk.records);
    for (let index = 0; index < frame.count; index++) {
      const offset = frameEntryOffset(words, valueAt, index);
      // In the batch's own order: what is lost hides what came before it, in this batch too.
      if (readable.has(offset)) this.#applyNow(offset);
      else {
        this.#handler.onLostRecord(
          frameEntryHash(words, valueAt, index),
          frameEntryKind(words, valueAt, index),
        );
      }
    }
  }

  /** A batch has lost its FRAME. It can be known what was in it only if that alone is lost. */
  endAtHole(walk: FileWalk, holeEnd: number): void {
    this.#queue.flush();
    const holeStart = walk.holeStart as number;
    const before = walk.records.filter((offset) => offset < holeStart);
    if (holeStart + frameRecordBytes(before.length, this.#isEncrypted) !== holeEnd) {
      this.#handler.onLostBatch();
      return;
    }
    this.#handler.onLostFrame();
    for (const offset of before) this.#applyNow(offset);
  }

  #applyNow(offset: number): void {
    this.#handler.onRecord(offset, this.#target.hashOf(this.#memory, offset));
  }

  /** Everything that was added is applied. To be called at the end of the file. */
  end(): void {
    this.#queue.flush();
  }
}
