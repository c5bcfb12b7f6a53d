// Goal: CI never says that all is well when something failed or did not run.
// Method: logs as the runners print them, through `.ci/count-tests.mjs`. Not covered: a runner that
// changes its wording, except that a package without a count is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const COUNTER = join(import.meta.dirname, '..', '.ci', 'count-tests.mjs');
const VITEST = '@holdfast/core:test:       Tests  12 passed (12)';
const BUN = '@holdfast/bun:test:  7 pass\n@holdfast/bun:test:  1 skip\n@holdfast/bun:test:  0 fail';
const DENO = '@holdfast/deno:test: ok | 5 passed (2 steps) | 0 failed (31ms)';

/** Step name → its output and exit code. */
function count(
  steps: Record<string, [output: string, exit: number]>,
): [line: string, exit: number] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-count-'));
  try {
    for (const [name, [output, exit]] of Object.entries(steps)) {
      writeFileSync(join(folder, `${name}.log`), `${output}\n`);
      writeFileSync(join(folder, `${name}.exit`), `${exit}\n`);
    }
    const result = spawnSync(process.execPath, [COUNTER, folder], { encoding: 'utf8' });
    return [result.stdout.trimEnd().split('\n').at(-1)!, result.status!];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('adds up Vitest, Bun and Deno, and counts every other step once', () => {
  const tests = [VITEST, BUN, DENO].join('\n');
  expect(count({ tests: [tests, 0], lint: ['', 0], types: ['', 0] })).toEqual([
    '26 passed, 0 failed, 1 skipped',
    0,
  ]);
});

test('reads coloured output', () => {
  const tests =
    '\u001b[36m@holdfast/core:test: \u001b[0m\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[1m\u001b[32m22 passed\u001b[39m\u001b[22m\u001b[90m (23)\u001b[39m';
  expect(count({ tests: [tests, 1] })).toEqual(['22 passed, 1 failed', 1]);
});

test.each([
  ['Vitest', '@holdfast/core:test:       Tests  2 failed | 10 passed (12)', '10 passed, 2 failed'],
  ['Bun', '@holdfast/bun:test:  7 pass\n@holdfast/bun:test:  2 fail', '7 passed, 2 failed'],
  ['Deno', '@holdfast/deno:test: FAILED | 5 passed | 2 failed (31ms)', '5 passed, 2 failed'],
])('a failure in %s is one whatever the exit code was', (_runner, tests, line) => {
  expect(count({ tests: [tests, 0] })).toEqual([line, 1]);
});

test('a run that crashed after its tests passed has failed', () => {
  expect(count({ tests: [VITEST, 1] })).toEqual(['12 passed, 1 failed', 1]);
});

test('a package that printed no count has failed', () => {
  const tests = `${VITEST}\n@holdfast/node:test: > vitest run`;
  expect(count({ tests: [tests, 0] })).toEqual(['12 passed, 1 failed', 1]);
});

test('an installation that failed before any test is a failure', () => {
  expect(count({ tests: ['npm error code EAI_AGAIN', 1] })[1]).toBe(1);
  expect(count({ tests: ['', 0] })).toEqual(['0 passed, 1 failed', 1]);
});

test('a failed lint is a failure beside passing tests', () => {
  expect(count({ tests: [VITEST, 0], lint: ['', 1] })).toEqual(['12 passed, 1 failed', 1]);
});

test('nothing at all is a failure', () => {
  expect(count({})).toEqual(['0 passed, 1 failed', 1]);
});

test("a count inside a test's own output, printed by another task, is not counted", () => {
  const tests = `${VITEST}\n@holdfast/core:build:       Tests  99 passed (99)`;
  expect(count({ tests: [tests, 0] })).toEqual(['12 passed, 0 failed', 0]);
});
