/**
 * Gives a segment another file after a write or a sync of its file has failed: which of its bytes
 * reached the disk since the last good sync is unknown, and a second sync of the same descriptor
 * would say nothing (Rebello et al., ATC 2020). Memory has all of them.
 *
 *     records, offsets, index slots     stay
 *     id, salt, key of the file         are new: nothing is ever written twice under one nonce
 *     the file                          is written from its start
 */

import { HoldfastError } from '../errors.ts';
import { readableOf } from './readable.ts';
import type { RecordMemory } from './record.ts';
import { writeRecordCrc } from './record.ts';
import { recordOffsets, type Segment } from './segment.ts';
import { encodeSegmentHeader, type FileId, SEGMENT_HEADER_BYTES } from './segment-header.ts';
import { newHeader, type SegmentOrigin } from './segment-origin.ts';
import type { SegmentTable } from './segment-table.ts';

/** Brings the memory back of a segment that gave it up once it was written, but not durable. */
export function restoreMemory(segment: Segment, origin: SegmentOrigin, table: SegmentTable): void {
  if (segment.memory !== undefined) return;
  let cause: HoldfastError | undefined;
  const { memory, isWhole } = readableOf(segment, origin.crc32, (error) => {
    cause = error;
  });
  if (!isWhole) {
    const message = `what was written and not synced cannot be read file=${segment.fileName}`;
    throw new HoldfastError('IO', message, cause === undefined ? {} : { cause });
  }
  segment.memory = table.pool.take(segment.capacity);
  segment.memory.bytes.set(memory.bytes);
}

/** `previous` is the file before it in the lane, which may have been renewed as well. */
export function renewSegment(
  segment: Segment,
  previous: FileId,
  origin: SegmentOrigin,
  table: SegmentTable,
): void {
  const { sequenceBase, timeBaseMs, head } = segment;
  const { previousLength, main } = segment.header;
  const memory = segment.memory as RecordMemory;
  const header = newHeader(origin, table, {
    ...{ sequenceBase, timeBaseMs, previous, previousLength, main },
  });
  segment.renew(header, table.keyring.cipherOf(header));
  memory.bytes.set(encodeSegmentHeader(header));
  for (const offset of recordOffsets(memory, SEGMENT_HEADER_BYTES, head, [])) {
    writeRecordCrc(memory, offset, header.salt, origin.crc32);
  }
}
