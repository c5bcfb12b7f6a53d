import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { EngineParts } from './engine-parts.ts';
import {
  decodeSnapshotHeader,
  type ReadSnapshot,
  readSnapshot,
  SNAPSHOT_HEADER_BYTES,
  snapshotBytes,
  snapshotName,
} from './index-snapshot.ts';
import { isHeaderOf, restoreSegment, type SegmentState, type StoreState } from './index-state.ts';
import { isSameStore, type LaneListing } from './lane-listing.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import type { Manifest } from './manifest.ts';
import {
  decodeSegmentHeader,
  mainFileName,
  parseMainFileName,
  parseYoungFileName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';
import type { Superblock } from './superblock.ts';

/** What an opening has found before it looks at any record. */
export interface FoundStore {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  /** Of all files in the directory. */
  readonly names: readonly string[];
  /** The superblock that a closing wrote. */
  readonly closed: Pick<Superblock, 'epoch' | 'storeId'>;
  readonly listing: LaneListing;
  readonly manifest: Manifest;
}

/** A segment's file, opened. */
interface Opened {
  readonly state: SegmentState;
  readonly header: SegmentHeader;
  readonly file: OpenFile;
}

/**
 * Takes over the index that the last closing has left, if it fits what is there in every respect;
 * resolves to the highest sequence given. `undefined`: it does not, and nothing has changed. No
 * record is read: each is checked when it is.
 */
export async function openSnapshot(
  found: FoundStore,
  parts: EngineParts,
  shapes: LoggedShapes,
): Promise<number | undefined> {
  // Recovery reads the same files, and knows what to do about one that cannot be read.
  const content = await readNewest(found, parts).catch(() => undefined);
  if (content === undefined) return undefined;
  const { state, shapes: encoded } = content;
  const opened: Opened[] = [];
  const isTaken =
    (await fits(found, parts, state, opened).catch(() => false)) &&
    (encoded.length === 0 || shapes.adopt(encoded) === 'known');
  if (isTaken) {
    takeOver(parts, state, opened);
    return state.sequence;
  }
  content.discard();
  await Promise.allSettled(opened.map(({ file }) => file.close()));
  return undefined;
}

/** Opens the files of all segments, too. */
async function fits(
  found: FoundStore,
  { table }: EngineParts,
  state: StoreState,
  opened: Opened[],
): Promise<boolean> {
  if (!table.index.isOfSize(state.index) || !areThoseOf(found, state)) return false;
  for (const segment of [...state.lane, ...state.main]) {
    const each = await openSegmentFile(found, segment);
    if (each === undefined) return false;
    opened.push(each);
  }
  return true;
}

/** What the closing of the newest epoch has written. */
async function readNewest(
  { fileSystem, directory, names, closed }: FoundStore,
  { table, crc32 }: EngineParts,
): Promise<ReadSnapshot | undefined> {
  const name = snapshotName(closed.epoch);
  if (!names.includes(name)) return undefined;
  const file = await fileSystem.open(`${directory}/${name}`, 'read');
  try {
    const start = new Uint8Array(SNAPSHOT_HEADER_BYTES);
    await file.read(start, 0);
    const header = decodeSnapshotHeader(start);
    const isOurs =
      header?.epoch === closed.epoch &&
      header.storeId.every((byte, index) => byte === closed.storeId[index]) &&
      snapshotBytes(header) === (await file.size());
    return isOurs ? await readSnapshot(file, header, table.index, crc32) : undefined;
  } finally {
    await file.close();
  }
}

/** Whether it was written for exactly the files that are there, and count. */
function areThoseOf({ names, listing, manifest }: FoundStore, state: StoreState): boolean {
  const known = new Set([...state.lane, ...state.main].map(({ name }) => name));
  const present = names.filter((name) => isSegmentName(name));
  const counted = new Map(
    manifest.files.map(({ id, main, length }) => [mainFileName(id, main), length]),
  );
  const isManifest =
    manifest.version === state.manifestVersion &&
    counted.size === state.main.length &&
    state.main.every(({ name, head }) => counted.get(name) === head);
  const areNamed = present.length === known.size && present.every((name) => known.has(name));
  return isManifest && areNamed && listing.unreadable.length === 0;
}

function isSegmentName(name: string): boolean {
  return parseYoungFileName(name) !== undefined || parseMainFileName(name) !== undefined;
}

/** `undefined` if the file is not the one that was written. */
async function openSegmentFile(
  { fileSystem, directory, listing, closed }: FoundStore,
  state: SegmentState,
): Promise<Opened | undefined> {
  const file = await fileSystem.open(`${directory}/${state.name}`, 'read');
  try {
    const listed = listing.files.find(({ name }) => name === state.name);
    const header = listed?.header ?? (await readHeader(file, state.name));
    const size = listed?.size ?? (await file.size());
    const isRight = header !== undefined && isHeaderOf(state, header) && size >= state.head;
    if (isRight && isSameStore(header, closed.storeId)) return { state, header, file };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

async function readHeader(file: OpenFile, name: string): Promise<SegmentHeader | undefined> {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const read = await file.read(bytes, 0);
  return decodeSegmentHeader(bytes.subarray(0, read), parseMainFileName(name)?.main);
}

function takeOver(parts: EngineParts, state: StoreState, opened: readonly Opened[]): void {
  const { log, main, table, floors } = parts;
  for (const { state: each, header, file } of opened) {
    const lane = header.main === undefined ? log : main;
    const segment = lane.adopt(header, undefined, each.head, each);
    segment.file = file;
    restoreSegment(segment, each);
  }
  table.index.restore(state.index);
  table.liveCount = state.liveCount;
  table.liveBytes = state.liveBytes;
  table.expiry.restore(state.expiry);
  table.tagged.restore(state.tagged);
  floors.restore(state.floors);
}
