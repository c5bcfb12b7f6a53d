// Goal: `npm run failure-kit` builds, plays what it was told, skips with a reason what a running
// server cannot stand, and says by its exit code how that went.
// Method: the command itself, on a few failures; one that is not passed is made by a deadline that
// moves back, in the compiled copy.
// Not covered: the failures themselves (packages/grpc-sidecar/test/failure-kit).
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = `${root}packages/grpc-sidecar/test/failure-kit/dist`;

function run(program, ...words) {
  const shell = process.platform === 'win32';
  const options = { cwd: root, encoding: 'utf8', shell };
  const { status, stdout, stderr } = spawnSync(program, words, options);
  return { status, stdout, stderr };
}

const built = (...words) =>
  run(process.execPath, `${compiled}/grpc-sidecar/test/failure-kit/main.js`, ...words);

test('plays what it is told on a server of its own, and tells one that is not passed', () => {
  const words = ['run', '--silent', 'failure-kit', '--', '--only', '7,21', '--json'];
  const { status, stdout } = run('npm', ...words);
  expect(status).toBe(0);
  const { outcomes, ...counts } = JSON.parse(stdout);
  expect(counts).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(outcomes.map(({ number, result }) => [number, result])).toEqual([
    [7, 'passed'],
    [21, 'passed'],
  ]);

  const path = `${compiled}/client/src/locks/renewal-deadline.js`;
  const right = readFileSync(path, 'utf8');
  try {
    const wrong = right.replace('if (deadlineMs > this.#deadlineMs)', 'if (deadlineMs > 0)');
    expect(wrong).not.toBe(right);
    writeFileSync(path, wrong);
    const failed = built('--only', '7');
    expect(failed.status).toBe(1);
    expect(failed.stdout).toMatch(/^ 7 {2}failed .*never moves back$/m);
    expect(failed.stdout).toMatch(/0 passed, 1 failed, 0 skipped/);
  } finally {
    writeFileSync(path, right);
  }
}, 120_000);

test('refuses what it does not understand, and a server that does not answer', () => {
  const bad = built('--only', '99');
  expect(bad).toMatchObject({ status: 2, stdout: '' });
  expect(bad.stderr).toContain('--only: there is no failure 99');
  const help = built('--help');
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('8 — server SIGKILL and back within TTL');
  expect(help.stdout).toContain('needs a server of its own: kills it');
  const silent = built('--address', `unix:${root}no.sock`);
  expect(silent).toMatchObject({ status: 3, stdout: '' });
}, 60_000);
