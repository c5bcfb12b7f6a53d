// Installs the dependencies when, and only when, package-lock.json or a manifest changed since the
// last time. Plain JavaScript on Node's own modules: it is what runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.holdfast-installed');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Holdfast needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.versions.modules + process.platform + process.arch)
  .digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (installed !== wanted) {
  console.log('Installing dependencies (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  linkRuntimes();
  writeFileSync(stamp, wanted);
}

/**
 * Puts Bun's and Deno's programs, which npm packages carry, where `npx bun` and `npx deno` look.
 * Their own install scripts do it, and npm may be set (by default, in its later versions) not to
 * run those.
 */
function linkRuntimes() {
  for (const script of ['bun/install.js', 'deno/install.cjs']) {
    const path = join(root, 'node_modules', script);
    if (!existsSync(path)) continue;
    const result = spawnSync(process.execPath, [path], { cwd: dirname(path), encoding: 'utf8' });
    if (result.status !== 0) console.warn(`${script} failed: ${result.stderr}`);
  }
}
