// `npm run quickstart`: installs and builds what is missing, says nothing about what is not, and
// runs examples/quickstart.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './bootstrap.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const turbo = join(root, 'node_modules/turbo/bin/turbo');
const task = ['run', 'build', '--filter=@holdfast/examples', '--output-logs=errors-only'];

console.log('Building what has changed …\n');
const build = spawnSync(process.execPath, [turbo, ...task], { cwd: root, encoding: 'utf8' });
if (build.status !== 0) {
  console.error(build.error?.message ?? build.stdout + build.stderr);
  process.exit(1);
}
await import('../examples/dist/quickstart/main.js');
