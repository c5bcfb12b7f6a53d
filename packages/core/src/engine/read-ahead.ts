import { NO_SLOT } from './index-slot.ts';
import type { RecordReader } from './record-reader.ts';
import type { RecordTable } from './record-table.ts';
import type { Segment } from './segment.ts';

/** A record of the hash that is only on disk, if there is one. */
export function recordOnDisk(
  table: RecordTable,
  { cache }: RecordReader,
  hash: number,
): { readonly segment: Segment; readonly offset: number } | undefined {
  const { index } = table;
  for (let slot = index.first(hash); slot !== NO_SLOT; slot = index.next(hash, slot)) {
    const segment = table.segmentAt(slot);
    if (segment === undefined || segment.memory !== undefined) continue;
    const offset = index.offsetAt(slot);
    if (!cache.has(segment, offset)) return { segment, offset };
  }
  return undefined;
}

/** Reads it without blocking, so that a look-up in the turn this resolves does not block either. */
export async function readAhead(
  table: RecordTable,
  reader: RecordReader,
  hash: number,
): Promise<void> {
  const place = recordOnDisk(table, reader, hash);
  if (place === undefined) return;
  const memory = await reader.readAhead(place.segment, place.offset);
  if (memory !== undefined) reader.accept(place.segment, place.offset, memory);
}
