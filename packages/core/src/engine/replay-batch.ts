/** Goes through one batch that a `FileWalk` has found, damage in it included. */

import type { FileWalk } from './file-walk.ts';
import {
  frameEntryHash,
  frameEntryKind,
  frameEntryOffset,
  frameRecordBytes,
  readFrame,
} from './frame.ts';
import { keyStart, type RecordMemory } from './record.ts';

/** What to do with each part of a batch, in the batch's own order. */
export interface BatchReplay {
  /** Of the file that the batch is in. */
  readonly isEncrypted: boolean;
  onRecord(offset: number): void;
  /** A record that its FRAME names cannot be read. */
  onLostRecord(hash: number, kind: number): void;
  /** Only a FRAME is lost; what it named was read, and comes right after. */
  onLostFrame(): void;
  /** What was in a batch cannot be known. */
  onLostBatch(): void;
}

/** The batch that the walk's last `batch` was about. */
export function replayBatch(memory: RecordMemory, walk: FileWalk, replay: BatchReplay): void {
  const { frameAt, records } = walk;
  if (walk.holeStart === undefined) {
    for (const offset of records) replay.onRecord(offset);
    return;
  }
  const { words } = memory;
  const valueAt = keyStart(words, frameAt);
  const frame = readFrame(words, valueAt);
  // The batch that began before the hole has lost its FRAME, unless the hole lies in this one.
  if (frame.batchStart > walk.holeStart) replayBeforeHole(walk, frame.batchStart, replay);
  const readable = new Set(records);
  for (let index = 0; index < frame.count; index++) {
    const offset = frameEntryOffset(words, valueAt, index);
    // In the batch's own order: what is lost hides what came before it, in this batch too.
    if (readable.has(offset)) replay.onRecord(offset);
    else {
      replay.onLostRecord(
        frameEntryHash(words, valueAt, index),
        frameEntryKind(words, valueAt, index),
      );
    }
  }
}

/** A batch has lost its FRAME. It can be known what was in it only if that alone is lost. */
export function replayBeforeHole(walk: FileWalk, holeEnd: number, replay: BatchReplay): void {
  const holeStart = walk.holeStart as number;
  const before = walk.records.filter((offset) => offset < holeStart);
  if (holeStart + frameRecordBytes(before.length, replay.isEncrypted) !== holeEnd) {
    replay.onLostBatch();
    return;
  }
  replay.onLostFrame();
  for (const offset of before) replay.onRecord(offset);
}
