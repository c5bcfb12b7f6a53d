import { HoldfastError } from '../errors.ts';
import type { Crc32 } from './crc32.ts';
import type { Readable } from './reclaim.ts';
import { type RecordMemory, recordLength } from './record.ts';
import { recordOffsets, type Segment, validRecordOffsets } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

/** What of a sealed segment can be read: from its memory, or else from its file, blocking. */
export function readBack(
  segment: Segment,
  crc32: Crc32,
  onError: (error: HoldfastError) => void,
): Readable {
  const { head, damage, header, memory } = segment;
  if (memory !== undefined) {
    const offsets = recordOffsets(memory, SEGMENT_HEADER_BYTES, head, damage);
    return { memory, offsets, isWhole: damage.length === 0 };
  }
  const buffer = new ArrayBuffer((head + 7) & -8);
  const read = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  try {
    segment.file?.readSync(read.bytes.subarray(0, head), 0);
  } catch (error) {
    // What cannot be read stays zero: its records are lost.
    onError(HoldfastError.from(error));
    read.bytes.fill(0);
  }
  const all = [...validRecordOffsets(read, SEGMENT_HEADER_BYTES, head, header.salt, crc32)];
  return { memory: read, offsets: all.values(), isWhole: isGapless(read, all, head) };
}

function isGapless(memory: RecordMemory, offsets: readonly number[], end: number): boolean {
  let at = SEGMENT_HEADER_BYTES;
  for (const offset of offsets) {
    if (offset !== at) return false;
    at += recordLength(memory.words, offset);
  }
  return at === end;
}
