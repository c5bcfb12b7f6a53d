/**
 * What lies in a store's directory: the files of the young lane, by their names and headers.
 */

import type { FileSystem } from '../ports/file-system.ts';
import { readAgain } from './read-segment.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  NO_FILE,
  parseMainFileName,
  parseYoungFileName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';

export interface LaneFile {
  readonly name: string;
  readonly header: SegmentHeader;
  readonly size: number;
}

export interface UnreadableFile {
  readonly name: string;
  readonly size: number;
  /** A good one, but another file's. */
  readonly header: SegmentHeader | undefined;
}

export interface LaneListing {
  readonly files: readonly LaneFile[];
  /** Named like ours, but not ours to read. */
  readonly unreadable: readonly UnreadableFile[];
  /** In the name of any file, main files included. */
  readonly highestEpoch: number;
}

/** Reads the headers of all young files. Changes nothing. */
export async function listLane(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<LaneListing> {
  const files: LaneFile[] = [];
  const unreadable: UnreadableFile[] = [];
  let highestEpoch = 0;
  for (const name of names) {
    const id = parseYoungFileName(name);
    const { epoch } = id ?? parseMainFileName(name)?.id ?? NO_FILE;
    highestEpoch = Math.max(highestEpoch, epoch);
    if (id === undefined) continue;
    const file = await fileSystem.open(`${directory}/${name}`, 'read');
    try {
      const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
      const read = await readAgain(file, name, bytes, 0);
      const size = await file.size();
      const header = decodeSegmentHeader(bytes.subarray(0, read));
      // A file under another's name would be a copy: its records are not where their ids say.
      const isOurs = header !== undefined && compareFileIds(header.id, id) === 0;
      if (isOurs) files.push({ name, header, size });
      else unreadable.push({ name, size, header });
    } finally {
      await file.close();
    }
  }
  files.sort((left, right) => compareFileIds(left.header.id, right.header.id));
  return { files, unreadable, highestEpoch };
}

export function isSameStore(header: SegmentHeader, storeId: Uint8Array): boolean {
  return header.storeId.every((byte, index) => byte === storeId[index]);
}

/** Files between two that are linked: an earlier recovery had cut them off. In the order of ids. */
export function filesSkippedByLinks(files: readonly LaneFile[]): ReadonlySet<LaneFile> {
  const skipped = new Set<LaneFile>();
  for (const [index, { header }] of files.entries()) {
    for (let before = index - 1; before >= 0; before--) {
      const other = files[before] as LaneFile;
      if (compareFileIds(other.header.id, header.previous) <= 0) break;
      skipped.add(other);
    }
  }
  return skipped;
}
