import { Packr } from 'msgpackr/pack';
import type { ByteRange } from './plain-msgpack.ts';

/**
 * MessagePack with inline records, which tell objects from Maps; nothing is shared between values,
 * so each stands for itself.
 */
export const recordPackr: Packr = new Packr({
  useRecords: true,
  moreTypes: true,
  maxSharedStructures: 0,
});

/** Reads MessagePack with inline records in `data[start, end)`. */
export function unpackRecords(data: Uint8Array, range: ByteRange): unknown {
  return recordPackr.unpack(data, range);
}
