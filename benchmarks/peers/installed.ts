/**
 * The peers' packages live in a folder of their own with a lock file of their own: some of
 * them compile native code, which neither the tests nor the quickstart may need.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The compiled file is one folder deeper than its source.
const FOLDER = [
  join(import.meta.dirname, '..', 'peers-install'),
  join(import.meta.dirname, '..', '..', 'peers-install'),
].find((folder) => existsSync(folder))!;
const STAMP = join(FOLDER, 'node_modules', '.holdfast-installed');

/** Installs the peers unless they are; says what it does, because compiling takes minutes. */
export function installPeers(log: (line: string) => void): void {
  const wanted = wantedInstallation();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  log('Installing the peers; SQLite and LevelDB are compiled, which takes some minutes …');
  if (!npmCi([])) {
    log('Compiling failed: contestants that need it will be left out. Installing without …');
    if (!npmCi(['--ignore-scripts'])) throw new Error('the peers could not be installed');
    log('To try again: remove benchmarks/peers-install/node_modules.');
  }
  writeFileSync(STAMP, wanted);
}

/**
 * A package of the peers' folder, as `require` gives it. The type is the caller's own, minimal one.
 */
export function requirePeer<T>(name: string): T {
  return createRequire(join(FOLDER, 'package.json'))(name) as T;
}

function wantedInstallation(): string {
  return createHash('sha256')
    .update(readFileSync(join(FOLDER, 'package-lock.json')))
    .update(`${process.versions.modules} ${process.platform} ${process.arch}`)
    .digest('hex');
}

function npmCi(flags: readonly string[]): boolean {
  const windows = process.platform === 'win32';
  const result = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error', ...flags], {
    cwd: FOLDER,
    // Their install steps would look for a compiled file on a download server first.
    env: { ...process.env, npm_config_build_from_source: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: windows,
  });
  return result.status === 0;
}
