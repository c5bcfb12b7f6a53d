// Goal: the deadline of a value that is kept for longer stands among its tags, and nowhere else.
// Method: marks put, replaced and taken away, for no tags, one and many.
// Not covered: who looks at them (engine, conformance).
import { expect, test } from 'vitest';
import { encodeTags, readTag } from './floors.ts';
import { HIDES_NOTHING, KIND_PUT, type RecordMemory, writeRecordHeader } from './record.ts';
import { markedDeadlineMs, markTags } from './stale-mark.ts';

const NO_TAGS = new Uint8Array(0);

function recordWith(tags: Uint8Array): { memory: RecordMemory; offset: number } {
  const buffer = new ArrayBuffer(512);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const base = { timeBaseMs: 0, sequenceBase: 0 };
  const sizes = [KIND_PUT, true, 0, 3, tags.length] as const;
  const times = [1, 0, 10, HIDES_NOTHING] as const;
  const at = writeRecordHeader(memory, 8, base, ...sizes, ...times, false, false, true, false);
  memory.bytes.set(tags, at + 3);
  return { memory, offset: 8 };
}

test.each([
  [[]],
  [[0]],
  [[2 ** 53 - 1, 1, 255]],
  [Array.from({ length: 24 }, (_, index) => index)],
])('of the tags %j', (ids) => {
  const tags = ids.length === 0 ? NO_TAGS : encodeTags(ids);
  if (ids.length > 0) expect(markedDeadlineMs(recordWith(tags))).toBe(undefined);
  for (const deadlineMs of [0, 1, 1_790_000_000_000, 2 ** 53 - 1]) {
    const marked = markTags(tags, deadlineMs);
    expect(markedDeadlineMs(recordWith(marked))).toBe(deadlineMs);
    expect(marked[0]).toBe(ids.length + 1);
    expect(ids.map((_, index) => readTag(marked, 1 + index * 8))).toEqual(ids);
    expect(markTags(marked, 5)).toEqual(markTags(tags, 5));
    expect(markTags(marked, undefined)).toEqual(tags);
  }
  expect(markTags(tags, undefined)).toEqual(tags);
});
