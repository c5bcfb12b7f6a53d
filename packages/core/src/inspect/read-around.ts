import { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';

/** What cannot be read in one piece is read in pieces of this size: disks fail by the sector. */
const PIECE_BYTES = 4096;

/**
 * Fills `into` from the start of a file. What cannot be read becomes zeros, which are damage like
 * any other; resolves to the first failure, if there is one.
 */
export async function readAround(
  file: OpenFile,
  into: Uint8Array,
): Promise<HoldfastError | undefined> {
  try {
    await file.read(into, 0);
    return undefined;
  } catch (error) {
    into.fill(0);
    for (let at = 0; at < into.length; at += PIECE_BYTES) {
      const part = into.subarray(at, at + PIECE_BYTES);
      // Whatever a failed read leaves behind is not to be trusted.
      await file.read(part, at).catch(() => part.fill(0));
    }
    return HoldfastError.from(error);
  }
}
