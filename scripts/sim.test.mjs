// Goal: `npm run sim` builds, plays what it was told, and says by its exit code how that went.
// Method: the command itself, on a few histories; a failing one is made by a judge that is broken
// in the compiled copy.
// Not covered: what histories find (packages/core/test), terminals.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = `${root}packages/core/test/dist/test`;

function run(program, ...words) {
  const shell = process.platform === 'win32';
  const options = { cwd: root, encoding: 'utf8', shell };
  const { status, stdout, stderr } = spawnSync(program, words, options);
  return { status, stdout, stderr };
}

const sim = (...words) => run('npm', 'run', '--silent', 'sim', '--', ...words);
const built = (...words) => run(process.execPath, `${compiled}/simulation/run.js`, ...words);

test('plays histories and adds up what happened in them', () => {
  const { status, stdout } = sim('--seed', '3', '--runs', '2', '--profile', 'little', '--json');
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ firstSeed: 3, runs: 2, histories: 2, failure: null });
  expect(result.profiles.map(({ profile }) => profile)).toEqual(['with little memory']);
  expect(result.crashes).toBeGreaterThan(0);

  const told = built('--runs', '1', '--profile', 'many keys');
  expect(told.status).toBe(0);
  expect(told.stdout).toMatch(/^of many keys +1 histories .*\nin all +1 histories /);
}, 120_000);

test('refuses what it does not understand, and explains itself', () => {
  const bad = built('--runs', 'many');
  expect(bad.status).toBe(2);
  expect(bad.stdout).toBe('');
  expect(bad.stderr).toContain('--runs must be a whole number');
  const help = built('--help');
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('with little memory');
});

test('a history that fails is printed, with how to play it again', () => {
  const path = `${compiled}/history-judge.js`;
  const right = readFileSync(path, 'utf8');
  try {
    writeFileSync(path, right.replace('read(key, value, nowMs) {', '$& fail("S2", "planted");'));
    const { status, stderr } = built('--seed', '5', '--runs', '1', '--profile', 'of objects');
    expect(status).toBe(1);
    expect(stderr).toContain('S2: planted');
    const replay = "SEED=5 replay: npm run sim -- --seed 5 --runs 1 --profile 'of objects'";
    expect(stderr).toContain(replay);
    expect(stderr).toContain('1: open: ');
  } finally {
    writeFileSync(path, right);
  }
});
