/**
 * The index as a closing leaves it, in a file of its own: the next opening takes it over, instead
 * of finding out from every record of every file what it says. It is only ever a short cut. One
 * that is missing, torn, rotten, or of any other state of the store is not used, and nothing is
 * lost with it. Little-endian.
 *
 *     offset  size  field
 *          0     8  magic           "HFINDEX1"
 *          8     4  format version  1
 *         12     4  epoch           of the opening whose closing wrote it
 *         16    16  store id
 *         32     4  bucket bytes    ┐ the index as it was in memory: its buckets, and those that
 *         36     4  chain bytes     ┘ continue them (hash-index.ts)
 *         40     4  shapes bytes    the list of shapes, as in SHAPES; then zeros
 *         44     4  state bytes     JSON, then spaces: files, counts, floors (index-state.ts)
 *         48    16  reserved, zero
 *         64        buckets, chains, shapes, state; each a multiple of 8 bytes long
 *       last     4  crc             CRC-32 of everything before
 *
 * A snapshot counts if and only if
 * 1. it has the magic, its crc is right, and it is of the store and the epoch that the newest
 *    superblock names, which a closing wrote, and
 * 2. it names the manifest's version, and exactly the segment files that are there: each with its
 *    salt, and no shorter than it says.
 */

import type { OpenFile } from '../ports/file-system.ts';
import { type Crc32, portableCrc32 } from './crc32.ts';
import type { HashIndex } from './hash-index.ts';
import { BUCKET_BYTES } from './index-slot.ts';
import type { StoreState } from './index-state.ts';
import type { RecordMemory } from './record.ts';
import { FORMAT_VERSION } from './segment-header.ts';

export const SNAPSHOT_HEADER_BYTES = 64;
const MAGIC = 'HFINDEX1';
const ALIGNMENT = 8;
const CRC_BYTES = 4;
/** Of shapes and state: a bound for what a damaged header may ask for. */
const PART_BYTES_MAX = 2 ** 28;
const SPACE = 0x20;

/** What the header says. */
export interface SnapshotHeader {
  readonly epoch: number;
  readonly storeId: Uint8Array;
  readonly bucketBytes: number;
  readonly chainBytes: number;
  readonly shapesBytes: number;
  readonly stateBytes: number;
}

/** What stands beside the index. */
export interface SnapshotContent {
  /** The store's list of shapes; empty for none. */
  readonly shapes: Uint8Array;
  readonly state: StoreState;
}

export function snapshotName(epoch: number): string {
  return `index-${epoch.toString(16).padStart(8, '0')}`;
}

/** The epoch in the name of a snapshot, or `undefined` for a name that is not one. */
export function parseSnapshotName(name: string): number | undefined {
  const match = /^index-([0-9a-f]{8})$/.exec(name);
  return match === null ? undefined : Number.parseInt(match[1]!, 16);
}

/** Writes all of it; nothing is synced: what is missing of it later on, its crc tells. */
export async function writeSnapshot(
  file: OpenFile,
  identity: Pick<SnapshotHeader, 'epoch' | 'storeId'>,
  index: HashIndex,
  content: SnapshotContent,
  crc32: Crc32,
): Promise<void> {
  const [buckets, chains] = index.parts.map(memoryOfWords) as [RecordMemory, RecordMemory];
  const shapes = padded(content.shapes, 0);
  const state = padded(new TextEncoder().encode(JSON.stringify(content.state)), SPACE);
  const start = emptyMemory(SNAPSHOT_HEADER_BYTES);
  const view = new DataView(start.bytes.buffer);
  for (let at = 0; at < MAGIC.length; at++) start.bytes[at] = MAGIC.charCodeAt(at);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, identity.epoch, true);
  start.bytes.set(identity.storeId, 16);
  view.setUint32(32, buckets.bytes.length, true);
  view.setUint32(36, chains.bytes.length, true);
  view.setUint32(40, content.shapes.length, true);
  view.setUint32(44, state.bytes.length, true);
  const parts = [start, buckets, chains, shapes, state];
  let crc = 0;
  for (const part of parts) crc = crcOf(part, crc, crc32);
  let at = 0;
  for (const { bytes } of [...parts, memoryOfWords(new Int32Array([crc]))]) {
    if (bytes.length > 0) await file.write(bytes, at);
    at += bytes.length;
  }
}

/** `undefined` for a header that is none of this format, whatever lies behind it. */
export function decodeSnapshotHeader(bytes: Uint8Array): SnapshotHeader | undefined {
  if (bytes.length < SNAPSHOT_HEADER_BYTES) return undefined;
  for (let at = 0; at < MAGIC.length; at++) {
    if (bytes[at] !== MAGIC.charCodeAt(at)) return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, SNAPSHOT_HEADER_BYTES);
  if (view.getUint32(8, true) !== FORMAT_VERSION) return undefined;
  const header = {
    epoch: view.getUint32(12, true),
    storeId: bytes.slice(16, 32),
    bucketBytes: view.getUint32(32, true),
    chainBytes: view.getUint32(36, true),
    shapesBytes: view.getUint32(40, true),
    stateBytes: view.getUint32(44, true),
  };
  const { bucketBytes, chainBytes, shapesBytes, stateBytes } = header;
  const areBuckets = bucketBytes % BUCKET_BYTES === 0 && chainBytes % BUCKET_BYTES === 0;
  const isBounded = shapesBytes <= PART_BYTES_MAX && stateBytes <= PART_BYTES_MAX;
  return areBuckets && isBounded && stateBytes % ALIGNMENT === 0 ? header : undefined;
}

/** How long the file of a header is. */
export function snapshotBytes(header: SnapshotHeader): number {
  const { bucketBytes, chainBytes, shapesBytes, stateBytes } = header;
  const indexBytes = bucketBytes + chainBytes;
  return SNAPSHOT_HEADER_BYTES + indexBytes + aligned(shapesBytes) + stateBytes + CRC_BYTES;
}

export interface ReadSnapshot extends SnapshotContent {
  /** Makes the words zero again that were read. */
  discard(): void;
}

/**
 * Reads the index into the words of an empty one, and returns what stands beside it; `undefined` if
 * anything in the file is not what was written, or has no room: then the words are zero again.
 */
export async function readSnapshot(
  file: OpenFile,
  header: SnapshotHeader,
  index: HashIndex,
  crc32: Crc32,
): Promise<ReadSnapshot | undefined> {
  const room = index.room(header.bucketBytes / BUCKET_BYTES, header.chainBytes / BUCKET_BYTES);
  if (room === undefined) return undefined;
  const start = emptyMemory(SNAPSHOT_HEADER_BYTES);
  const shapesSpan = aligned(header.shapesBytes);
  const rest = emptyMemory(shapesSpan + header.stateBytes);
  const end = emptyMemory(CRC_BYTES);
  const discard = (): void => {
    for (const words of room) words.fill(0);
  };
  let isRead = false;
  try {
    let crc = 0;
    let at = 0;
    for (const part of [start, ...room.map(memoryOfWords), rest]) {
      const { length } = part.bytes;
      if (length > 0 && (await file.read(part.bytes, at)) < length) return undefined;
      crc = crcOf(part, crc, crc32);
      at += length;
    }
    await file.read(end.bytes.subarray(0, CRC_BYTES), at);
    isRead = end.words[0] === crc;
  } finally {
    if (!isRead) discard();
  }
  if (!isRead) return undefined;
  const state = JSON.parse(new TextDecoder().decode(rest.bytes.subarray(shapesSpan)));
  return { shapes: rest.bytes.slice(0, header.shapesBytes), state, discard };
}

/** All of a snapshot's bytes; `undefined` if they are not what was written. */
export function decodeSnapshot(
  bytes: Uint8Array,
): { readonly header: SnapshotHeader; readonly state: StoreState } | undefined {
  const header = decodeSnapshotHeader(bytes);
  if (header === undefined || snapshotBytes(header) !== bytes.length) return undefined;
  const end = bytes.length - CRC_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(end, true) !== portableCrc32(bytes, 0, end, 0)) return undefined;
  const text = new TextDecoder().decode(bytes.slice(end - header.stateBytes, end));
  return { header, state: JSON.parse(text) };
}

function emptyMemory(bytes: number): RecordMemory {
  const buffer = new ArrayBuffer(aligned(bytes));
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
}

function memoryOfWords(words: Int32Array): RecordMemory {
  return { bytes: new Uint8Array(words.buffer, words.byteOffset, words.byteLength), words };
}

function crcOf(memory: RecordMemory, seed: number, crc32: Crc32): number {
  return memory.bytes.length === 0 ? seed : crc32(memory, 0, memory.bytes.length, seed);
}

function padded(bytes: Uint8Array, filler: number): RecordMemory {
  const memory = emptyMemory(bytes.length);
  memory.bytes.fill(filler);
  memory.bytes.set(bytes);
  return memory;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
