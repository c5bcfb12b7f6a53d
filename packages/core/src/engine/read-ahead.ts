import { NO_SLOT } from './index-slot.ts';
import type { RecordReader } from './record-reader.ts';
import type { RecordTable } from './record-table.ts';
import type { Segment } from './segment.ts';

/** A record of the hash that is only on disk, if there is one. */
export function recordOnDisk(
  table: RecordTable,
  hash: number,
): { readonly segment: Segment; readonly offset: number } | undefined {
  const { index } = table;
  for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
    const segment = table.segmentAt(slot);
    if (segment === undefined || segment.memory !== undefined) continue;
    return { segment, offset: index.offsetAt(slot) };
  }
  return undefined;
}

/** Reads it without blocking, so that a look-up in the turn this resolves does not block either. */
export async function readAhead(
  table: RecordTable,
  reader: RecordReader,
  hash: number,
): Promise<void> {
  const place = recordOnDisk(table, hash);
  if (place === undefined) return;
  const memory = await reader.readAhead(place.segment, place.offset);
  if (memory !== undefined) reader.accept(place.segment, place.offset, memory);
}
