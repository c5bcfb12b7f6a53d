import { Packr } from 'msgpackr/pack';

/**
 * Plain MessagePack: what any client in any language reads. Big-endian, with variable-length
 * integers. Without `variableMapSize` msgpackr fails for objects of over 65,535 properties.
 */
export const plainPackr: Packr = new Packr({
  useRecords: false,
  moreTypes: true,
  variableMapSize: true,
});

/** Part of a buffer; `end` is over 0, as no encoded value is empty. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Reads plain MessagePack in `data[start, end)`. */
export function unpackPlain(data: Uint8Array, range: ByteRange): unknown {
  return plainPackr.unpack(data, range);
}

/** Writes plain MessagePack into memory of its own. */
export function packPlain(value: unknown): Uint8Array {
  return plainPackr.pack(value);
}
