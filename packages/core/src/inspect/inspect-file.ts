/**
 * Explains one file of a store without opening the store: it reads, and needs no lock. What kind of
 * file it is, its name says; of a file under another name, its first bytes.
 */

import { decodeSnapshot, parseSnapshotName } from '../engine/index-snapshot.ts';
import { decodeManifest, MANIFEST_NAMES } from '../engine/manifest.ts';
import { HIDES_NOTHING, type RecordMemory } from '../engine/record.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  type MainPlace,
  mainFileName,
  parseMainFileName,
  parseYoungFileName,
  SEGMENT_HEADER_BYTES,
} from '../engine/segment-header.ts';
import { decodeSuperblock, SUPERBLOCK_NAMES } from '../engine/superblock.ts';
import { InvalidArgumentError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { hexOf } from './hex.ts';
import { inspectSegment } from './inspect-segment.ts';
import type { FileInspection, FileKind, InspectedItem } from './inspection.ts';
import { readAround } from './read-around.ts';

export interface InspectFileOptions {
  /** Bytes from here on are not looked at: what a manifest does not count. Default: none. */
  readonly length?: number | undefined;
}

/** Longer than any segment; a bound for what is read into memory. */
const FILE_BYTES_MAX = 2 ** 30;

/** Of a main file under a name that is not one. */
const NO_PLACE: MainPlace = { prefix: '', ttlClass: 0 };

const MAGICS: readonly (readonly [FileKind, string])[] = [
  ['superblock', 'HFSUPER1'],
  ['manifest', 'HFMAINS1'],
  ['index', 'HFINDEX1'],
  ['young', 'HFYOUNG1'],
  ['main', 'HFMAIN01'],
];

/**
 * What is in the file at `path`, damage included. Rejects with `INVALID_ARGUMENT` for a file that
 * is not one of a store, `CORRUPT` for one of a later format, `IO` if it cannot be read at all.
 */
export async function inspectFile(
  fileSystem: FileSystem,
  path: string,
  { length = Number.POSITIVE_INFINITY }: InspectFileOptions = {},
): Promise<FileInspection> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const file = await fileSystem.open(path, 'read');
  try {
    const bytes = await file.size();
    const kind = kindOfName(name) ?? kindOfBytes(await firstBytes(file));
    if (kind === undefined || bytes > FILE_BYTES_MAX) {
      throw new InvalidArgumentError(`not a file of a store path=${path}`, { path });
    }
    const limit = Math.min(bytes, length);
    const buffer = new ArrayBuffer((Math.max(limit, SEGMENT_HEADER_BYTES) + 7) & -8);
    const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
    const failure = await readAround(file, memory.bytes.subarray(0, limit));
    const items = itemsOf(kind, name, memory, limit);
    if (failure !== undefined) {
      const reason = `parts cannot be read: ${failure.message}`;
      items.unshift({ type: 'damage', offset: 0, bytes: 0, reason });
    }
    return { name, kind, bytes, items };
  } finally {
    await file.close();
  }
}

/** What a name says, whatever is in the file; `undefined` for one that no file of a store has. */
export function kindOfName(name: string): FileKind | undefined {
  if (SUPERBLOCK_NAMES.includes(name)) return 'superblock';
  if (MANIFEST_NAMES.includes(name)) return 'manifest';
  if (parseSnapshotName(name) !== undefined) return 'index';
  if (parseYoungFileName(name) !== undefined) return 'young';
  return parseMainFileName(name) === undefined ? undefined : 'main';
}

async function firstBytes(file: {
  read(into: Uint8Array, position: number): Promise<number>;
}): Promise<Uint8Array> {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  return bytes.subarray(0, await file.read(bytes, 0));
}

function kindOfBytes(bytes: Uint8Array): FileKind | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 8));
  return MAGICS.find(([, magic]) => magic === text)?.[0];
}

function itemsOf(
  kind: FileKind,
  name: string,
  memory: RecordMemory,
  limit: number,
): InspectedItem[] {
  const bytes = memory.bytes.subarray(0, limit);
  if (kind === 'superblock') return [describeSuperblock(bytes)];
  if (kind === 'manifest') return [describeManifest(bytes)];
  if (kind === 'index') return [describeIndex(bytes)];
  const named = parseMainFileName(name);
  const main = kind === 'main' ? (named?.main ?? NO_PLACE) : undefined;
  const items = inspectSegment(memory, limit, main);
  const expected = named?.id ?? parseYoungFileName(name);
  const header = decodeSegmentHeader(bytes, main);
  if (header === undefined || expected === undefined) return items;
  if (compareFileIds(header.id, expected) === 0) return items;
  const reason = `the header is that of another file, ${header.id.epoch}/${header.id.number}`;
  return [...items, { type: 'damage', offset: 0, bytes: SEGMENT_HEADER_BYTES, reason }];
}

function describeSuperblock(bytes: Uint8Array): InspectedItem {
  const found = decodeSuperblock(bytes);
  if (found === undefined) return unreadable(bytes);
  const { tail } = found;
  return {
    type: 'superblock',
    offset: 0,
    epoch: found.epoch,
    storeId: hexOf(found.storeId),
    hashSeed: found.hashSeed,
    hashPrefixLength: found.hashPrefixLength,
    storeTime: found.storeTimeMs,
    ...(tail === undefined ? {} : { tail: { ...tail.id, length: tail.length } }),
    isClosed: found.isClosed,
  };
}

function describeManifest(bytes: Uint8Array): InspectedItem {
  const manifest = decodeManifest(bytes);
  if (manifest === undefined) return unreadable(bytes);
  const files = manifest.files.map(({ id, main, length, untilMs, sequenceMax }) => ({
    name: mainFileName(id, main),
    length,
    ...(untilMs === HIDES_NOTHING ? {} : { until: untilMs }),
    sequenceMax,
  }));
  return { type: 'manifest', offset: 0, version: manifest.version, files };
}

function describeIndex(bytes: Uint8Array): InspectedItem {
  const snapshot = decodeSnapshot(bytes);
  if (snapshot === undefined) return unreadable(bytes);
  const { header, state } = snapshot;
  const files = [...state.lane, ...state.main].map(({ name, head, liveCount }) => {
    return { name, length: head, entries: liveCount };
  });
  const { epoch } = header;
  const storeId = hexOf(header.storeId);
  return { type: 'index', offset: 0, epoch, storeId, entries: state.liveCount, files };
}

function unreadable(bytes: Uint8Array): InspectedItem {
  const reason = 'cut off, or its magic or checksum is wrong';
  return { type: 'damage', offset: 0, bytes: bytes.length, reason };
}
