// Adds up what the steps of `.ci/run` reported and prints "N passed, N failed" as the last line.
// Reads a folder with NAME.log and NAME.exit for each step. The step "tests" counts as its runners
// did; every other step is one check. Fails closed: a step that exited non-zero, or a package whose
// tests printed no count, is a failure whatever else was printed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
let passed = 0;
let failed = 0;
let skipped = 0;
const complaints = [];

for (const name of stepNames()) {
  const exit = readFileSync(join(folder, `${name}.exit`), 'utf8').trim();
  const text = readFileSync(join(folder, `${name}.log`), 'utf8');
  if (name === 'tests') countTests(text, exit);
  else if (exit === '0') passed++;
  else fail(`${name} exited with ${exit}`);
}
if (passed + failed === 0) fail('nothing was run');

for (const complaint of complaints) process.stdout.write(`FAILED: ${complaint}\n`);
const ending = skipped === 0 ? '' : `, ${skipped} skipped`;
process.stdout.write(`${passed} passed, ${failed} failed${ending}\n`);
process.exitCode = failed === 0 ? 0 : 1;

function stepNames() {
  const names = readdirSync(folder).map((file) => file.replace(/\.(log|exit)$/, ''));
  return [...new Set(names)].sort();
}

function countTests(text, exit) {
  const failedBefore = failed;
  const tasks = countsByTask(text);
  if (tasks.size === 0) fail('no package ran its tests');
  for (const [task, counts] of tasks) {
    if (counts.runs === 0) fail(`${task} printed no count of its tests`);
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.skipped;
    if (counts.failed > 0) complaints.push(`${task}: ${counts.failed} tests`);
  }
  // A runner can end badly without a failed test: it crashed, or it did not compile.
  if (exit !== '0' && failed === failedBefore) fail(`the tests exited with ${exit}`);
}

/**
 * Turborepo puts `PACKAGE:test: ` (or `PACKAGE:test:bun: `) before each line of a package's tests.
 */
function countsByTask(text) {
  const tasks = new Map();
  for (const line of withoutColors(text).split('\n')) {
    const match = line.match(/^(\S+:test\S*): (.*)$/);
    if (match === null) continue;
    const [, task, words] = match;
    const counts = tasks.get(task) ?? { runs: 0, passed: 0, failed: 0, skipped: 0 };
    tasks.set(task, counts);
    add(counts, words);
  }
  return tasks;
}

function add(counts, words) {
  // Vitest: "      Tests  1 failed | 12 passed | 2 skipped (15)"
  const vitest = words.match(/^\s+Tests\s+(.*\(\d+\))\s*$/);
  // Deno: "ok | 12 passed (3 steps) | 0 failed | 1 ignored (210ms)"
  const deno = words.match(/^(?:ok|FAILED) \| (.*)$/);
  // Bun, a line each: " 12 pass", " 1 skip", " 0 fail"
  const bun = words.match(/^\s+(\d+) (pass|fail|skip|todo)\s*$/);
  if (vitest !== null || deno !== null) {
    const summary = (vitest ?? deno)[1];
    counts.runs++;
    counts.passed += number(summary, /(\d+) passed/);
    counts.failed += number(summary, /(\d+) failed/);
    counts.skipped += number(summary, /(\d+) (?:skipped|ignored)/) + number(summary, /(\d+) todo/);
  } else if (bun !== null) {
    const [, count, kind] = bun;
    if (kind === 'pass') counts.runs++;
    counts[{ pass: 'passed', fail: 'failed', skip: 'skipped', todo: 'skipped' }[kind]] +=
      Number(count);
  }
}

function number(text, pattern) {
  return Number(text.match(pattern)?.[1] ?? 0);
}

function withoutColors(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour is.
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}

function fail(complaint) {
  failed++;
  complaints.push(complaint);
}
