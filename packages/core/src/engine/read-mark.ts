import type { FileSystem } from '../ports/file-system.ts';
import type { Crc32 } from './crc32.ts';
import { highestMark } from './file-walk.ts';
import type { LogPosition } from './frame.ts';
import type { Keyring } from './keyring.ts';
import type { LaneFile } from './lane-listing.ts';
import { readSegment } from './read-segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

/** Where files are, and what it takes to read them. */
export interface StoreFiles {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly crc32: Crc32;
  readonly keyring: Keyring;
}

/** The furthest durable mark of any FRAME in a file of the lane, which is read for it. */
export async function readMark(
  file: LaneFile,
  { fileSystem, directory, crc32, keyring }: StoreFiles,
): Promise<LogPosition> {
  const handle = await fileSystem.open(`${directory}/${file.name}`, 'read');
  try {
    const buffer = new ArrayBuffer((file.size + 7) & -8);
    const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
    await readSegment(handle, file.name, memory, file.size);
    keyring.cipherOf(file.header)?.decryptAll(memory, file.size);
    return highestMark(memory, SEGMENT_HEADER_BYTES, file.size, file.header.salt, crc32);
  } finally {
    await handle.close();
  }
}
