// Builds a package and all it needs, and says nothing unless that fails: what a command prints is
// its own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} packageName */
export function buildQuietly(packageName) {
  const task = ['run', 'build', `--filter=${packageName}`, '--output-logs=errors-only'];
  runQuietly('turbo/bin/turbo', task);
}

/**
 * @param {string} program below node_modules
 * @param {readonly string[]} words
 */
export function runQuietly(program, words) {
  const path = join(root, 'node_modules', program);
  const result = spawnSync(process.execPath, [path, ...words], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return;
  console.error(result.error?.message ?? result.stdout + result.stderr);
  process.exit(1);
}
