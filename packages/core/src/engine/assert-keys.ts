import type { FileSystem } from '../ports/file-system.ts';
import type { Keyring } from './keyring.ts';
import { isSameStore, type LaneListing } from './lane-listing.ts';
import type { Manifest } from './manifest.ts';
import { readAgain } from './read-segment.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  mainFileName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';

/**
 * Throws `INVALID_ARGUMENT` if a file of the store is encrypted with a key that is not there.
 * Changes nothing; a header that cannot be read is for recovery to find.
 */
export async function assertKeys(
  store: {
    readonly fileSystem: FileSystem;
    readonly directory: string;
    /** Of all files in the directory. */
    readonly names: readonly string[];
    readonly storeId: Uint8Array | undefined;
    readonly keyring: Keyring;
  },
  listing: LaneListing,
  manifest: Manifest,
): Promise<void> {
  const { storeId, keyring } = store;
  const check = (header: SegmentHeader | undefined): void => {
    const isOurs = header !== undefined && storeId !== undefined && isSameStore(header, storeId);
    if (isOurs) keyring.cipherOf(header);
  };
  for (const { header } of listing.files) check(header);
  const names = new Set(store.names);
  for (const { id, main } of manifest.files) {
    const name = mainFileName(id, main);
    if (!names.has(name)) continue;
    const bytes = await readStart(store.fileSystem, store.directory, name);
    const header = decodeSegmentHeader(bytes, main);
    if (header !== undefined && compareFileIds(header.id, id) === 0) check(header);
  }
}

async function readStart(
  fileSystem: FileSystem,
  directory: string,
  name: string,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const file = await fileSystem.open(`${directory}/${name}`, 'read');
  try {
    return bytes.subarray(0, await readAgain(file, name, bytes, 0));
  } finally {
    await file.close();
  }
}
