/**
 * What every segment is written with: records behind its head, the list of shapes before the first
 * value that needs it, and a FRAME behind each batch. The caller has seen to it that there is room.
 */

import { assert } from '../assert.ts';
import { ENCODING_MSGPACK } from '../codec/value-encoding.ts';
import { copyBytes } from './copy-bytes.ts';
import type { Crc32 } from './crc32.ts';
import { type BatchEntries, type Frame, frameValueBytes, writeFrameValue } from './frame.ts';
import type { NewRecord } from './new-record.ts';
import {
  HIDES_NOTHING,
  KIND_FRAME,
  KIND_SHAPES,
  type RecordMemory,
  recordBytes,
  writeRecordCrc,
  writeRecordHeader,
} from './record.ts';
import type { Segment } from './segment.ts';

/** Appends a record of `bytes`; returns its offset. Hot. */
export function appendRecord(
  segment: Segment,
  record: NewRecord,
  bytes: number,
  wide: boolean,
): number {
  const { keyBytes, expiresAtMs, untilMs, tags, isTagged } = record;
  const memory = segment.memory as RecordMemory;
  const offset = segment.head;
  const keyAt = writeRecordHeader(
    memory,
    offset,
    segment,
    record.kind,
    record.isTextKey,
    record.encoding,
    keyBytes,
    record.valueBytes,
    record.sequence,
    record.createdAtMs,
    expiresAtMs,
    untilMs,
    wide,
    segment.isEncrypted,
    isTagged,
    record.isNamed,
  );
  copyBytes(record.key, record.keyStart, keyBytes, memory.bytes, keyAt);
  const valueAt = keyAt + keyBytes + tags.length;
  if (isTagged) {
    copyBytes(tags, 0, tags.length, memory.bytes, keyAt + keyBytes);
    segment.hasTags = true;
  }
  const { valueBytes } = record;
  copyBytes(record.value, record.valueStart, valueBytes - tags.length, memory.bytes, valueAt);
  segment.head = offset + bytes;
  assert(segment.head <= segment.capacity, 'record end past segment end');
  if (expiresAtMs > segment.lastExpiryMs) segment.lastExpiryMs = expiresAtMs;
  if (untilMs > segment.untilMs) segment.untilMs = untilMs;
  return offset;
}

export function appendShapes(segment: Segment, encoded: Uint8Array): number {
  return appendOwn(segment, KIND_SHAPES, ENCODING_MSGPACK, encoded.length, (memory, at) => {
    memory.bytes.set(encoded, at);
  });
}

/** Ends the batch of `entries`, whose records have their checksums, with its FRAME. */
export function appendFrame(
  segment: Segment,
  frame: Omit<Frame, 'count'>,
  entries: BatchEntries,
  crc32: Crc32,
): void {
  const memory = segment.memory as RecordMemory;
  const { salt } = segment.header;
  const offset = appendOwn(segment, KIND_FRAME, 0, frameValueBytes(entries.count), (to, at) => {
    writeFrameValue(to, at, frame, entries);
  });
  writeRecordCrc(memory, offset, salt, crc32);
}

/** A record without a key, by the segment's own number and time. */
function appendOwn(
  segment: Segment,
  kind: number,
  encoding: number,
  valueBytes: number,
  writeValue: (memory: RecordMemory, at: number) => void,
): number {
  const { sequenceBase, timeBaseMs, head: offset } = segment;
  const memory = segment.memory as RecordMemory;
  const valueAt = writeRecordHeader(
    memory,
    offset,
    segment,
    kind,
    false,
    encoding,
    0,
    valueBytes,
    sequenceBase,
    timeBaseMs,
    timeBaseMs,
    HIDES_NOTHING,
    false,
    segment.isEncrypted,
  );
  writeValue(memory, valueAt);
  segment.head = offset + recordBytes(0, valueBytes, false, HIDES_NOTHING, segment.isEncrypted);
  assert(segment.head <= segment.capacity, 'record end past segment end');
  return offset;
}

/**
 * Seals the records of a batch with their checksums. A function of its own: compiled in the middle
 * of a long loop, code knows nothing of what follows the loop, and one function of this and the
 * FRAME was thrown away and compiled again for every segment.
 */
export function writeCrcs(segment: Segment, entries: BatchEntries, crc32: Crc32): void {
  const memory = segment.memory as RecordMemory;
  const { salt } = segment.header;
  const { count } = entries;
  for (let index = 0; index < count; index++) {
    writeRecordCrc(memory, entries.offsetAt(index), salt, crc32);
  }
}
