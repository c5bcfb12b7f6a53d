/**
 * Explains a segment file: its header, then batch for batch its records and FRAMEs, and what lies
 * between them that is none. It decides nothing: whether bytes that cannot be read are a torn tail
 * or rot depends on the other files, and is recovery's business.
 */

import { compressionName, isCompressed, plainEncoding } from '../codec/value-compression.ts';
import { encodingName } from '../codec/value-encoding.ts';
import { wordsCrc32 } from '../engine/crc32.ts';
import { FileWalk } from '../engine/file-walk.ts';
import { floorTag, readTag } from '../engine/floors.ts';
import {
  comparePositions,
  frameEntryHash,
  frameEntryOffset,
  LOG_START,
  readFrame,
} from '../engine/frame.ts';
import { decodeTextKey } from '../engine/key-encoder.ts';
import { decodeNamespacePrefix } from '../engine/namespace-prefix.ts';
import {
  HIDES_NOTHING,
  isNamed,
  isTagged,
  isTextKey,
  KIND_CLEAR,
  KIND_DELETE,
  KIND_FLOOR,
  KIND_FRAME,
  KIND_PUT,
  KIND_SHAPES,
  keyEnd,
  keyLength,
  keyStart,
  RECORD_HEADER_BYTES,
  type RecordMemory,
  recordCreatedAtMs,
  recordEncoding,
  recordExpiresAtMs,
  recordKind,
  recordLength,
  recordSequence,
  recordUntilMs,
  TAG_BYTES,
  valueEnd,
  valueStart,
} from '../engine/record.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  type MainPlace,
  NO_FILE,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from '../engine/segment-header.ts';
import { markedDeadlineMs } from '../engine/stale-mark.ts';
import { InvalidArgumentError } from '../errors.ts';
import { hexOf } from './hex.ts';
import type {
  InspectedDamage,
  InspectedFrame,
  InspectedItem,
  InspectedRecord,
  InspectedSegment,
} from './inspection.ts';

const KINDS: Readonly<Record<number, InspectedRecord['kind']>> = {
  [KIND_PUT]: 'put',
  [KIND_DELETE]: 'delete',
  [KIND_CLEAR]: 'clear',
  [KIND_SHAPES]: 'shapes',
  [KIND_FLOOR]: 'floor',
};

const HEADER_COPY_BYTES: number = SEGMENT_HEADER_BYTES / 2;

/**
 * The items of a segment's bytes up to `limit`. `main` is what the file's name says of a main
 * segment. Throws `CORRUPT` for a format from the future, and `INVALID_ARGUMENT` for an encrypted
 * file: its key is the store's affair.
 */
export function inspectSegment(
  memory: RecordMemory,
  limit: number,
  main: MainPlace | undefined,
): InspectedItem[] {
  const head = memory.bytes.subarray(0, Math.min(limit, SEGMENT_HEADER_BYTES));
  const header = decodeSegmentHeader(head, main);
  if (header === undefined) {
    const reason = 'the header cannot be read, and without it nothing behind it';
    return [{ type: 'damage', offset: 0, bytes: limit, reason }];
  }
  if (header.encryption !== undefined) {
    const { keyId } = header.encryption;
    throw new InvalidArgumentError(`the file is encrypted keyId=${keyId}`, { keyId });
  }
  return [
    describeHeader(header),
    ...damagedCopies(head, main),
    ...inspectRecords(memory, limit, header),
  ];
}

function describeHeader(header: SegmentHeader): InspectedSegment {
  const { id, previous, previousLength, main } = header;
  const isFirst = compareFileIds(previous, NO_FILE) === 0;
  return {
    type: 'segment',
    offset: 0,
    generation: main === undefined ? 'young' : 'main',
    ...id,
    storeId: hexOf(header.storeId),
    salt: header.salt,
    hashSeed: header.hashSeed,
    sequenceBase: header.sequenceBase,
    timeBase: header.timeBaseMs,
    ...(isFirst ? {} : { previous: { ...previous, length: previousLength } }),
    ...main,
  };
}

/** One good copy is enough, but the other one tells of rot. */
function damagedCopies(head: Uint8Array, main: MainPlace | undefined): InspectedDamage[] {
  return [0, HEADER_COPY_BYTES].flatMap((offset): InspectedDamage[] => {
    const copy = head.subarray(offset, offset + HEADER_COPY_BYTES);
    if (decodeSegmentHeader(copy, main) !== undefined) return [];
    const reason = 'this copy of the header cannot be read; the other one is whole';
    return [{ type: 'damage', offset, bytes: HEADER_COPY_BYTES, reason }];
  });
}

function inspectRecords(
  memory: RecordMemory,
  limit: number,
  header: SegmentHeader,
): InspectedItem[] {
  const walk = new FileWalk(memory, limit, header.salt, wordsCrc32);
  const items: InspectedItem[] = [];
  let holes: InspectedDamage[] = [];
  /** The batch that the walk is in, or the end of one that has no FRAME. */
  const takeBatch = (): void => {
    const records = walk.records.map((offset) => describeRecord(memory, offset, header));
    items.push(...[...holes, ...records].sort((left, right) => left.offset - right.offset));
    holes = [];
  };
  for (;;) {
    const found = walk.nextBatch();
    if (found === 'batch') {
      takeBatch();
      items.push(describeFrame(memory, walk));
    } else if (found === 'damage') {
      const offset = walk.damageStart;
      const bytes = walk.skipDamage() - offset;
      holes.push({ type: 'damage', offset, bytes, reason: whyInvalid(memory, offset, limit) });
    } else {
      takeBatch();
      const bytes = limit - walk.committedEnd;
      const last = items.at(-1);
      if (bytes > 0 && last?.type === 'record') {
        const reason = 'records that no FRAME ends';
        items.push({ type: 'damage', offset: walk.committedEnd, bytes, reason });
      }
      return items;
    }
  }
}

function describeRecord(
  memory: RecordMemory,
  offset: number,
  { timeBaseMs, sequenceBase }: SegmentHeader,
): InspectedRecord {
  const { words, bytes } = memory;
  const kind = KINDS[recordKind(words, offset)] ?? 'other';
  const until = recordUntilMs(words, offset, timeBaseMs);
  const keyAt = keyStart(words, offset);
  const key = bytes.subarray(keyAt, keyAt + keyLength(words, offset));
  const isKeyed = kind === 'put' || kind === 'delete';
  const expires = recordExpiresAtMs(words, offset, timeBaseMs);
  const isMarked = kind === 'put' && isTagged(words, offset);
  const deadline = isMarked ? markedDeadlineMs({ memory, offset }) : undefined;
  return {
    type: 'record',
    offset,
    bytes: recordLength(words, offset),
    kind,
    ...(isKeyed ? describeOwner(key, isTextKey(words, offset), isNamed(words, offset)) : {}),
    ...(kind === 'put' ? describeEncoding(recordEncoding(words, offset)) : {}),
    valueBytes: valueEnd(words, offset) - valueStart(words, offset),
    ...describeTags(kind, memory, offset),
    sequence: recordSequence(words, offset, sequenceBase),
    created: recordCreatedAtMs(words, offset, timeBaseMs),
    expires: deadline ?? expires,
    ...(deadline === undefined ? {} : { keptUntil: expires }),
    ...(until === HIDES_NOTHING ? {} : { until }),
  };
}

function describeOwner(
  key: Uint8Array,
  isText: boolean,
  isInNamespace: boolean,
): Pick<InspectedRecord, 'namespace' | 'key' | 'keyHex'> {
  if (!isInNamespace) return describeKey(key, isText);
  const { names, keyStart: start } = decodeNamespacePrefix(key);
  const namespace = names.map((name) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(name));
  return { namespace, ...describeKey(key.slice(start), isText) };
}

/** Those of a value, or the one that a floor is about. */
function describeTags(
  kind: InspectedRecord['kind'],
  memory: RecordMemory,
  offset: number,
): Pick<InspectedRecord, 'tags'> {
  const tags: string[] = [];
  const note = (tag: number): void => void tags.push(tag.toString(16).padStart(14, '0'));
  if (kind === 'floor') {
    const tag = floorTag({ memory, offset });
    if (tag !== undefined) note(tag);
  } else if (kind === 'put' && isTagged(memory.words, offset)) {
    const isMarked = markedDeadlineMs({ memory, offset }) !== undefined;
    const end = valueStart(memory.words, offset) - (isMarked ? TAG_BYTES : 0);
    for (let at = keyEnd(memory.words, offset) + 1; at < end; at += TAG_BYTES) {
      note(readTag(memory.bytes, at));
    }
  }
  return tags.length === 0 ? {} : { tags };
}

/**
 * A string and its UTF-8 are one key, and most that were written as bytes are text all the same.
 */
function describeKey(key: Uint8Array, isText: boolean): Pick<InspectedRecord, 'key' | 'keyHex'> {
  if (isText) return { key: decodeTextKey(key, 0, key.length) };
  try {
    // A copy: decoders do not take shared memory.
    return { key: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(key.slice()) };
  } catch {
    // Bytes that are no text are shown as bytes.
    return { keyHex: hexOf(key) };
  }
}

function describeEncoding(number: number): Pick<InspectedRecord, 'encoding' | 'compression'> {
  const plain = plainEncoding(number);
  const encoding = encodingName(plain) ?? plain;
  return isCompressed(number) ? { encoding, compression: compressionName(number) } : { encoding };
}

function describeFrame(memory: RecordMemory, walk: FileWalk): InspectedFrame {
  const { words } = memory;
  const offset = walk.frameAt;
  const valueAt = keyStart(words, offset);
  const { batchStart, count, durable, storeTimeMs } = readFrame(words, valueAt);
  const readable = new Set(walk.records);
  const lost: { offset: number; hash: number }[] = [];
  for (let index = 0; index < count; index++) {
    const at = frameEntryOffset(words, valueAt, index);
    if (!readable.has(at)) lost.push({ offset: at, hash: frameEntryHash(words, valueAt, index) });
  }
  return {
    type: 'frame',
    offset,
    bytes: recordLength(words, offset),
    batchStart,
    count,
    ...(comparePositions(durable, LOG_START) === 0 ? {} : { durable }),
    storeTime: storeTimeMs,
    lost,
  };
}

/** The first thing that is wrong with a record that is not valid. */
function whyInvalid({ words, bytes }: RecordMemory, offset: number, limit: number): string {
  if (bytes.subarray(offset, limit).every((byte) => byte === 0)) return 'zeros up to the end';
  if (offset + RECORD_HEADER_BYTES > limit) return 'cut off in the header of a record';
  const kind = recordKind(words, offset);
  if (KINDS[kind] === undefined && kind !== KIND_FRAME) return 'no record of a known kind';
  const length = recordLength(words, offset);
  if (offset + length > limit) return `cut off, or not a record: it says it has ${length} bytes`;
  return 'a record whose checksum is wrong';
}
