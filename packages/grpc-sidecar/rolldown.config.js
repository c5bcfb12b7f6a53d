// The command in a few files, so that it starts in half the time that its three hundred modules
// take; the server is in one of its own, which only `serve` loads. What this package depends on
// stays where npm has put it, but for our own packages.
import { builtinModules } from 'node:module';
import manifest from './package.json' with { type: 'json' };

const BUNDLED = /^@holdfast\/(client|core|node)(\/|$)/;
const packages = Object.keys(manifest.dependencies).filter((name) => !BUNDLED.test(name));

function isExternal(id) {
  if (id.startsWith('node:') || builtinModules.includes(id)) return true;
  // msgpackr goes without it where it is not installed.
  return [...packages, 'msgpackr-extract'].some((name) => id === name || id.startsWith(`${name}/`));
}

export default {
  input: 'dist/command-line/holdfast.js',
  platform: 'node',
  external: isExternal,
  output: {
    dir: 'dist',
    entryFileNames: 'holdfast.js',
    // Beside it: a module reads `../package.json`.
    chunkFileNames: 'holdfast-[name].js',
    format: 'esm',
    sourcemap: true,
  },
};
