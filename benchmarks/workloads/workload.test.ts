// Goal: every contestant gets the same work. Method: the generator with small counts.
// Not covered: whether the work resembles anybody's own.
import { expect, test } from 'vitest';
import { QUESTIONS, questionNamed, WORKLOADS } from './index.ts';
import { objects } from './objects.ts';
import { strings } from './strings.ts';
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
  expect(Object.keys(objects.createValue(3) as object)).toHaveLength(5);
  expect(Buffer.byteLength(strings.createValue(3) as string)).toBe(100);
});

test('questions have names of their own, and an unknown one is refused', () => {
  const names = QUESTIONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(questionNamed('objects')).toBe(QUESTIONS[0]);
  expect(() => questionNamed('nothing')).toThrow(/no such question name=nothing/);
});

test.each(QUESTIONS)('$name: targets and panels are about what it measures', (question) => {
  const columns = question.columns.map(({ key }) => key);
  for (const { row, column, against, onlyIf } of question.targets) {
    for (const name of [row, against, onlyIf?.row]) {
      if (name !== undefined) expect(question.contestants).toContain(name);
    }
    expect(columns).toContain(column);
  }
  for (const panel of question.panels) {
    for (const key of panel.columns) expect(columns).toContain(key);
  }
});
