// Goal: every contestant gets the same work. Method: the generator with small counts.
// Not covered: whether the work resembles anybody's own.
import { expect, test } from 'vitest';
import { WORKLOADS, workloadNamed } from './index.ts';
import { createWork, KEY_BYTES } from './workload.ts';

test.each(WORKLOADS)('$name: one seed gives one order, another seed another', (workload) => {
  expect(createWork(workload, 100, 7)).toEqual(createWork(workload, 100, 7));
  expect(createWork(workload, 100, 7).keys).not.toEqual(createWork(workload, 100, 8).keys);
});

test.each(WORKLOADS)('$name: each key comes once, has 13 bytes and its own value', (workload) => {
  const { keys, values } = createWork(workload, 1_000, 1);
  expect(new Set(keys).size).toBe(1_000);
  expect(keys.every((key) => Buffer.byteLength(key) === KEY_BYTES)).toBe(true);
  expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1_000);
});

test('objects have five fields and strings have 100 bytes, as the report says', () => {
  expect(Object.keys(workloadNamed('objects').createValue(3) as object)).toHaveLength(5);
  expect(Buffer.byteLength(workloadNamed('strings').createValue(3) as string)).toBe(100);
});

test('an unknown workload is refused', () => {
  expect(() => workloadNamed('nothing')).toThrow(/no such workload/);
});
