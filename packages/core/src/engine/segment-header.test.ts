// Goal: a header survives damage to either of its copies, and a future format is refused.
// Method: every byte of both copies. Not covered: the fields' places (docs/format.test.ts).
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { portableCrc32 } from './crc32.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  encodeSegmentHeader,
  KEY_ID_BYTES_MAX,
  mainFileName,
  NO_FILE,
  parseMainFileName,
  parseYoungFileName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  youngFileName,
} from './segment-header.ts';

const HEADER: SegmentHeader = {
  salt: -77,
  storeId: new SeededRandom(1).fill(new Uint8Array(16)),
  id: { epoch: 0xffffffff, number: 1 },
  previous: { epoch: 3, number: 0x80000000 },
  previousLength: 0xfffffff8,
  sequenceBase: Number.MAX_SAFE_INTEGER,
  timeBaseMs: 1_700_000_000_123,
  hashSeed: -0x80000000,
  main: undefined,
};

test('gives back what was written', () => {
  expect(decodeSegmentHeader(encodeSegmentHeader(HEADER))).toEqual(HEADER);
  const zero = { ...HEADER, salt: 0, previous: NO_FILE, previousLength: 0, timeBaseMs: 0 };
  expect(decodeSegmentHeader(encodeSegmentHeader(zero))).toEqual(zero);
});

test('says how the file is encrypted', () => {
  const random = new SeededRandom(2);
  for (const keyId of ['k', '2026-11', '~'.repeat(KEY_ID_BYTES_MAX)]) {
    const encryption = {
      keyId,
      noncePrefix: random.fill(new Uint8Array(16)),
      check: random.fill(new Uint8Array(16)),
    };
    const header = { ...HEADER, encryption };
    expect(decodeSegmentHeader(encodeSegmentHeader(header))).toEqual(header);
  }
});

test('a main header is read as one only, and its place is in the name', () => {
  const main = { prefix: '0f', ttlClass: 24 };
  const bytes = encodeSegmentHeader({ ...HEADER, main });
  expect(decodeSegmentHeader(bytes, main)).toEqual({ ...HEADER, main });
  expect(decodeSegmentHeader(bytes)).toBeUndefined();
  expect(decodeSegmentHeader(encodeSegmentHeader(HEADER), main)).toBeUndefined();
  for (const place of [main, { prefix: '', ttlClass: 0 }, { prefix: '7', ttlClass: 9 }]) {
    const name = mainFileName(HEADER.id, place);
    expect(parseMainFileName(name)).toEqual({ id: HEADER.id, main: place });
    expect(parseYoungFileName(name)).toBeUndefined();
  }
  expect(mainFileName(HEADER.id, main)).toBe('m-0f-24-ffffffff-00000001.seg');
  expect(parseMainFileName(youngFileName(HEADER.id))).toBeUndefined();
});

describe('damage', () => {
  test('to any byte of one copy is repaired by the other', () => {
    const bytes = encodeSegmentHeader(HEADER);
    for (let at = 0; at < SEGMENT_HEADER_BYTES; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x10;
      expect(decodeSegmentHeader(damaged)).toEqual(HEADER);
    }
  });

  test('to both copies leaves none', () => {
    const bytes = encodeSegmentHeader(HEADER);
    bytes[3]! ^= 1;
    bytes[SEGMENT_HEADER_BYTES - 10]! ^= 1;
    expect(decodeSegmentHeader(bytes)).toBeUndefined();
    expect(decodeSegmentHeader(new Uint8Array(SEGMENT_HEADER_BYTES))).toBeUndefined();
  });

  test('a file cut after the first copy still has its header, before that none', () => {
    const bytes = encodeSegmentHeader(HEADER);
    for (let length = 0; length <= SEGMENT_HEADER_BYTES; length++) {
      const header = decodeSegmentHeader(bytes.subarray(0, length));
      expect(header === undefined).toBe(length < SEGMENT_HEADER_BYTES / 2);
    }
  });
});

test('a format from the future is an error, not damage', () => {
  const bytes = encodeSegmentHeader(HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 2, true);
  expect(decodeSegmentHeader(bytes)).toEqual(HEADER);
  view.setUint32(172, portableCrc32(bytes, 0, 172, 0), true);
  expect(() => decodeSegmentHeader(bytes)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
});

test('file names', () => {
  const id = { epoch: 0xab, number: 0xffffffff };
  expect(youngFileName(id)).toBe('y-000000ab-ffffffff.seg');
  expect(parseYoungFileName(youngFileName(id))).toEqual(id);
  for (const name of ['y-ab-1.seg', 'm-000000ab-00000001.seg', 'y-000000AB-00000001.seg', '']) {
    expect(parseYoungFileName(name)).toBeUndefined();
  }
  expect(parseYoungFileName('y-000000ab-00000001.seg.tmp')).toBeUndefined();
});

test('files are ordered by epoch, then by number', () => {
  const ids = [
    { epoch: 2, number: 1 },
    { epoch: 1, number: 0xffffffff },
    { epoch: 1, number: 2 },
    NO_FILE,
  ];
  const sorted = [...ids].sort(compareFileIds);
  expect(sorted).toEqual([...ids].reverse());
});
