// Goal: format.md says what the code writes.
// Method: its pictures are those in the headers of the sources; its constants are the exported
// ones; each field of what the code encodes is read back at the place the picture gives.
// Not covered: whether the text is right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as compressions from '../packages/core/src/codec/value-compression.ts';
import * as encodings from '../packages/core/src/codec/value-encoding.ts';
import { portableCrc32, wordsCrc32 } from '../packages/core/src/engine/crc32.ts';
import { encodeTags } from '../packages/core/src/engine/floors.ts';
import {
  BatchEntries,
  frameValueBytes,
  writeFrameValue,
} from '../packages/core/src/engine/frame.ts';
import { HashIndex } from '../packages/core/src/engine/hash-index.ts';
import * as snapshots from '../packages/core/src/engine/index-snapshot.ts';
import * as keys from '../packages/core/src/engine/key-encoder.ts';
import * as manifests from '../packages/core/src/engine/manifest.ts';
import * as namespaces from '../packages/core/src/engine/namespace-prefix.ts';
import * as records from '../packages/core/src/engine/record.ts';
import * as headers from '../packages/core/src/engine/segment-header.ts';
import { markedDeadlineMs, markTags } from '../packages/core/src/engine/stale-mark.ts';
import * as superblocks from '../packages/core/src/engine/superblock.ts';
import { SimulatedDisk } from '../packages/core/src/testing/index.ts';

const text = readFileSync(join(import.meta.dirname, 'format.md'), 'utf8');
const CONSTANTS: Readonly<Record<string, unknown>> = {
  ...compressions,
  ...encodings,
  ...keys,
  ...manifests,
  ...namespaces,
  ...records,
  ...headers,
  ...snapshots,
  ...superblocks,
};

/** The picture in a section, one row a line. */
function picture(title: string): string[] {
  const section = text.split(/^## /m).find((each) => each.startsWith(`${title}\n`))!;
  return /```\n([\s\S]*?)```/.exec(section)![1]!.trimEnd().split('\n');
}

/** Where a field starts and how long it is, as the picture says. */
function field(title: string, name: string): { offset: number; size: number } {
  for (const row of picture(title)) {
    const match = /^\s*(\d+)\s+(\d+)\s{2}(.*)$/.exec(row);
    if (match?.[3]?.startsWith(name)) return { offset: Number(match[1]), size: Number(match[2]) };
  }
  return expect.fail(`${title} has no field ${name}`);
}

function numberAt(bytes: Uint8Array, title: string, name: string, from = 0): number {
  const { offset, size } = field(title, name);
  const view = new DataView(bytes.buffer, bytes.byteOffset + from);
  if (size === 8) return Number(view.getBigUint64(offset, true));
  expect(size).toBe(4);
  return view.getUint32(offset, true);
}

function textAt(bytes: Uint8Array, title: string, name: string): string {
  const { offset, size } = field(title, name);
  return new TextDecoder().decode(bytes.subarray(offset, offset + size));
}

test.each([
  ['Superblock', 'superblock.ts'],
  ['Segment header', 'segment-header.ts'],
  ['Record', 'record.ts'],
  ['Tags', 'stale-mark.ts'],
  ['Namespace', 'namespace-prefix.ts'],
  ['FRAME', 'frame.ts'],
  ['Manifest', 'manifest.ts'],
  ['Index snapshot', 'index-snapshot.ts'],
  ['Lock journal', '../locks/journal/journal-format.ts'],
])('the picture of the %s is the one in %s', (title, file) => {
  const path = join(import.meta.dirname, '../packages/core/src/engine', file);
  const source = readFileSync(path, 'utf8').split('\n');
  const lines = picture(title);
  const start = source.findIndex((line) => line.endsWith(lines[0]!.trim()));
  const drawn = source.slice(start, start + lines.length);
  expect(drawn.map((line) => line.replace(/^ \* {5}/, '').trimEnd())).toEqual(lines);
  expect(source[start + lines.length]!.replace(/^ \*\/?/, '').trim()).toBe('');
});

test('every constant has the value that the table gives', () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)];
  expect(rows.length).toBeGreaterThan(15);
  for (const [, name, value] of rows) expect(CONSTANTS[name!], name).toBe(Number(value));
  const named = new Set(rows.map(([, name]) => name));
  const isFormat = (name: string): boolean => /^(KIND|ENCODING|COMPRESSION)_/.test(name);
  expect(Object.keys(CONSTANTS).filter((name) => isFormat(name) && !named.has(name))).toEqual([]);
});

test('the superblock', () => {
  const bytes = superblocks.encodeSuperblock({
    epoch: 7,
    storeId: new Uint8Array(16).fill(0x61),
    hashSeed: 8,
    hashPrefixLength: 2,
    storeTimeMs: 1_700_000_000_000,
    tail: { id: { epoch: 5, number: 6 }, length: 4_000 },
    isClosed: true,
    tokenBase: 2 ** 50 + 1,
  });
  const at = (name: string): number => numberAt(bytes, 'Superblock', name);
  expect(textAt(bytes, 'Superblock', 'magic')).toBe('HFSUPER1');
  expect(textAt(bytes, 'Superblock', 'store id')).toBe('a'.repeat(16));
  expect(at('format version')).toBe(headers.FORMAT_VERSION);
  expect([at('epoch'), at('hash seed'), at('hash prefix length')]).toEqual([7, 8, 2]);
  expect(at('store time')).toBe(1_700_000_000_000);
  expect([at('tail epoch'), at('tail number'), at('tail length')]).toEqual([5, 6, 4_000]);
  expect(at('closed')).toBe(1);
  expect(at('token base')).toBe(2 ** 50 + 1);
  const { offset } = field('Superblock', 'crc');
  expect(at('crc')).toBe(portableCrc32(bytes, 0, offset, 0));
  expect(offset + 4).toBe(superblocks.SUPERBLOCK_BYTES);
  for (const name of superblocks.SUPERBLOCK_NAMES) expect(text).toContain(name);
});

test('the index snapshot', async () => {
  const index = new HashIndex(1_000);
  index.insert(0x12345678, 1, 2, 352, 3);
  const state = { sequence: 4, index: index.state } as never;
  const shapes = new Uint8Array([5, 6, 7]);
  const disk = new SimulatedDisk();
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/d');
  const file = await fileSystem.open(`/d/${snapshots.snapshotName(8)}`, 'create');
  const storeId = new Uint8Array(16).fill(0x61);
  const content = { shapes, state };
  await snapshots.writeSnapshot(file, { epoch: 8, storeId }, index, content, wordsCrc32);
  const bytes = disk.read('/d/index-00000008');
  const at = (name: string): number => numberAt(bytes, 'Index snapshot', name);
  expect(textAt(bytes, 'Index snapshot', 'magic')).toBe('HFINDEX1');
  expect(textAt(bytes, 'Index snapshot', 'store id')).toBe('a'.repeat(16));
  expect([at('format version'), at('epoch')]).toEqual([headers.FORMAT_VERSION, 8]);
  const [buckets, chains] = index.parts;
  expect([at('bucket bytes'), at('shapes bytes')]).toEqual([buckets.byteLength, 3]);
  expect([at('chain bytes'), chains.byteLength]).toEqual([0, 0]);
  const reserved = field('Index snapshot', 'reserved');
  const start = reserved.offset + reserved.size;
  expect(start).toBe(snapshots.SNAPSHOT_HEADER_BYTES);
  expect(new Int32Array(bytes.slice(start, start + buckets.byteLength).buffer)).toEqual(
    new Int32Array(buckets),
  );
  const stateAt = start + buckets.byteLength + 8;
  const text = new TextDecoder().decode(bytes.subarray(stateAt, stateAt + at('state bytes')));
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(state)));
  const end = bytes.length - 4;
  expect(new DataView(bytes.buffer).getUint32(end, true)).toBe(portableCrc32(bytes, 0, end, 0));
  expect(snapshots.decodeSnapshot(bytes)?.state.sequence).toBe(4);
  await file.close();
});

test('the segment header', () => {
  const bytes = headers.encodeSegmentHeader({
    salt: 9,
    storeId: new Uint8Array(16).fill(0x62),
    id: { epoch: 10, number: 11 },
    previous: { epoch: 12, number: 13 },
    previousLength: 14,
    sequenceBase: 2 ** 40,
    timeBaseMs: 1_700_000_000_001,
    hashSeed: 15,
    main: undefined,
    encryption: {
      keyId: 'the key',
      noncePrefix: new Uint8Array(16).fill(0x63),
      check: new Uint8Array(16).fill(0x64),
    },
  });
  const at = (name: string): number => numberAt(bytes, 'Segment header', name);
  expect(at('key id bytes')).toBe(7);
  const keyId = picture('Segment header').find((row) => /\d {2}key id {2}/.test(row))!;
  const [, keyIdAt, keyIdBytes] = /(\d+)\s+(\d+)/.exec(keyId)!;
  const id = bytes.subarray(Number(keyIdAt), Number(keyIdAt) + Number(keyIdBytes));
  expect(new TextDecoder().decode(id)).toBe('the key'.padEnd(headers.KEY_ID_BYTES_MAX, '\0'));
  expect(textAt(bytes, 'Segment header', 'nonce prefix')).toBe('c'.repeat(16));
  expect(textAt(bytes, 'Segment header', 'check')).toBe('d'.repeat(16));
  expect(field('Segment header', 'check').offset).toBe(headers.HEADER_CHECK_OFFSET);
  expect(textAt(bytes, 'Segment header', 'magic')).toBe('HFYOUNG1');
  expect(textAt(bytes, 'Segment header', 'store id')).toBe('b'.repeat(16));
  expect(at('format version')).toBe(headers.FORMAT_VERSION);
  expect([at('salt'), at('epoch'), at('number'), at('hash seed')]).toEqual([9, 10, 11, 15]);
  expect([at('previous epoch'), at('previous number'), at('previous length')]).toEqual([
    12, 13, 14,
  ]);
  expect([at('sequence base'), at('time base')]).toEqual([2 ** 40, 1_700_000_000_001]);
  expect(at('crc')).toBe(portableCrc32(bytes, 0, field('Segment header', 'crc').offset, 0));
  const { offset, size } = field('Segment header', 'the same again');
  expect(bytes.subarray(offset, offset + size)).toEqual(bytes.subarray(0, offset));
  expect(offset + size).toBe(headers.SEGMENT_HEADER_BYTES);
});

test('the record, narrow and wide, plain and encrypted', () => {
  const base = { timeBaseMs: 1_000_000, sequenceBase: 500 };
  for (const [isWide, isEncrypted] of [
    [false, false],
    [true, false],
    [true, true],
  ] as const) {
    const buffer = new ArrayBuffer(128);
    const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
    const expiry = isWide ? 2 ** 32 + 30 : 30;
    const keyAt = records.writeRecordHeader(
      memory,
      8,
      base,
      records.KIND_DELETE,
      true,
      encodings.ENCODING_MSGPACK,
      3,
      6,
      520,
      1_000_040,
      1_000_000 + expiry,
      records.HIDES_NOTHING,
      isWide,
      isEncrypted,
    );
    records.writeRecordCrc(memory, 8, 99, wordsCrc32);
    const at = (name: string): number => numberAt(memory.bytes, 'Record', name, 8);
    const length = records.recordLength(memory.words, 8);
    const more = (isWide ? 12 : 0) + (isEncrypted ? records.MAC_BYTES : 0);
    const padding = length - (records.RECORD_HEADER_BYTES + more + 9);
    expect(at('crc')).toBe(portableCrc32(memory.bytes, 12, 8 + length, 99 ^ 8));
    expect(at('shape')).toBe((length / 8) | (padding << 24) | (records.KIND_DELETE << 27));
    const flags = (isWide ? 1 << 26 : 0) | (isEncrypted ? 1 << 28 : 0);
    expect(at('meta')).toBe(3 | (1 << 17) | (encodings.ENCODING_MSGPACK << 18) | flags);
    expect([at('expiry'), at('sequence'), at('created')]).toEqual([30, 20, 40]);
    if (isWide) expect([...memory.words.subarray(8, 11)]).toEqual([1, 0, 0]);
    expect(keyAt).toBe(8 + records.RECORD_HEADER_BYTES + more);
  }
});

test('a namespace before a key, and a deadline among the tags', () => {
  const [outer, inner] = ['a', 'ä'].map((name) => new TextEncoder().encode(name));
  const prefix = namespaces.encodeNamespacePrefix([outer!, inner!]);
  expect([...prefix]).toEqual([2, 0, 0x61, 1, 0xc3, 0xa4]);
  const tags = markTags(encodeTags([5]), 1_790_000_000_000);
  expect(new DataView(tags.buffer).getBigUint64(9, true)).toBe(2n ** 63n + 1_790_000_000_000n);
  expect(text).toContain(`1 to ${16 + namespaces.NAMESPACE_DEPTH_MAX + 1}, and eight bytes`);
  const buffer = new ArrayBuffer(128);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const sizes = [records.KIND_PUT, true, 0, prefix.length, tags.length] as const;
  const at = records.writeRecordHeader(
    ...([memory, 8, { timeBaseMs: 0, sequenceBase: 0 }, ...sizes] as const),
    ...([1, 0, 7, records.HIDES_NOTHING, false, false, true, true] as const),
  );
  memory.bytes.set(tags, at + prefix.length);
  expect(memory.words[4]).toBe(prefix.length | (1 << 17) | (1 << 29) | (1 << 30));
  expect(markedDeadlineMs({ memory, offset: 8 })).toBe(1_790_000_000_000);
});

test('the FRAME', () => {
  const buffer = new ArrayBuffer(64);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const entries = new BatchEntries();
  entries.add(0x12345678, 240, records.KIND_CLEAR);
  const durable = { number: 3, offset: 800 };
  const frame = { batchStart: 160, durable, storeTimeMs: 1_700_000_000_002 };
  writeFrameValue(memory, 0, frame, entries);
  const at = (name: string): number => numberAt(memory.bytes, 'FRAME', name);
  expect([at('batch start'), at('count'), at('store time')]).toEqual([160, 1, 1_700_000_000_002]);
  expect([at('durable number'), at('durable offset')]).toEqual([3, 800]);
  const row = picture('FRAME').find((line) => line.includes('key hash'))!;
  const [, offset, size] = /^\s*(\d+)\s+(\d+)×n/.exec(row)!;
  expect(memory.words[Number(offset) / 4]).toBe(0x12345678);
  expect(memory.words[Number(offset) / 4 + 1]).toBe((240 / 8) | (records.KIND_CLEAR << 24));
  expect(frameValueBytes(2) - frameValueBytes(1)).toBe(Number(size));
});

test('the manifest', () => {
  const laneStart = { epoch: 3, number: 6 };
  const laneDurable = { id: { epoch: 4, number: 5 }, length: 808 };
  const file = {
    id: { epoch: 7, number: 9 },
    main: { prefix: 'a5', ttlClass: 24 },
    length: 4_096,
    untilMs: 1_700_000_000_003,
    sequenceMax: 5_000_000_000,
  };
  const manifest = { version: 12, laneStart, laneDurable, files: [file] };
  const bytes = manifests.encodeManifest(manifest);
  const at = (name: string): number => numberAt(bytes, 'Manifest', name);
  expect(textAt(bytes, 'Manifest', 'magic')).toBe('HFMAINS1');
  expect([at('format version'), at('count'), at('version')]).toEqual([1, 1, 12]);
  expect([at('lane epoch'), at('lane number')]).toEqual([3, 6]);
  expect([at('durable epoch'), at('durable number'), at('durable length')]).toEqual([4, 5, 808]);
  const row = picture('Manifest').find((line) => line.includes('×n  files'))!;
  const [, start, size] = /^\s*(\d+)\s+(\d+)×n/.exec(row)!;
  const { MANIFEST_HEADER_BYTES: first, MANIFEST_FILE_BYTES: each } = manifests;
  expect([first, each]).toEqual([Number(start), Number(size)]);
  const view = new DataView(bytes.buffer);
  const words = [0, 4, 8, 12].map((offset) => view.getUint32(first + offset, true));
  expect(words).toEqual([7, 9, 4_096, 24 | (2 << 8) | (0xa5 << 16)]);
  expect(Number(view.getBigUint64(first + 16, true))).toBe(file.untilMs);
  expect(Number(view.getBigUint64(first + 24, true))).toBe(file.sequenceMax);
  const end = first + each;
  expect(view.getUint32(end, true)).toBe(portableCrc32(bytes, 0, end, 0));
  expect(manifests.decodeManifest(bytes)).toEqual(manifest);
});

test('file names', () => {
  expect(text).toContain('y-<epoch>-<number>.seg');
  expect(headers.youngFileName({ epoch: 1, number: 2 })).toBe('y-00000001-00000002.seg');
});
