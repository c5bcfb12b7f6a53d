import { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import type { FileCipher } from './file-cipher.ts';
import type { RecordMemory } from './record.ts';

/** What cannot be read in one piece is read in pieces of this size: disks fail by the sector. */
const READ_AGAIN_BYTES = 4096;

/**
 * Fills `memory` with the first `length` bytes of a file, decrypted. What cannot be read becomes
 * zeros, and is damage like any other; false if there is any.
 */
export async function readSegment(
  file: OpenFile,
  memory: RecordMemory,
  length: number,
  cipher: FileCipher | undefined,
  onError: (error: HoldfastError) => void,
): Promise<boolean> {
  const isWhole = await readBytes(file, memory.bytes.subarray(0, length), onError);
  cipher?.decryptAll(memory, length);
  return isWhole;
}

async function readBytes(
  file: OpenFile,
  into: Uint8Array,
  onError: (error: HoldfastError) => void,
): Promise<boolean> {
  try {
    if ((await file.read(into, 0)) === into.length) return true;
  } catch (error) {
    onError(HoldfastError.from(error));
  }
  into.fill(0);
  for (let at = 0; at < into.length; at += READ_AGAIN_BYTES) {
    const part = into.subarray(at, at + READ_AGAIN_BYTES);
    try {
      await file.read(part, at);
    } catch {
      // Reported above; whatever the read left behind is not to be trusted.
      part.fill(0);
    }
  }
  return false;
}
