// Goal: no dependency without a reason, no reason for one that is gone.
// Method: the tables of 0001-dependencies.md against every package.json. Not covered: what those
// depend on in turn.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Manifest {
  readonly workspaces?: string[];
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

interface Line {
  readonly name: string;
  readonly version: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDERS = [
  '.',
  // Not a workspace, but its packages want a reason as well.
  join('benchmarks', 'peers-install'),
  ...workspaceFolders(),
];

const manifests = FOLDERS.map((folder) => ({ folder, manifest: readManifest(folder) }));
const wanted = manifests.flatMap(({ folder, manifest }) =>
  Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  })
    .filter(([name]) => !name.startsWith('@holdfast/'))
    .map(([name, range]) => ({ folder, name, range })),
);
const lines = readLines();

test.each(wanted)('$name of $folder has a line', ({ name, range }) => {
  const line = lines.find((candidate) => candidate.name === name);
  expect(line).toBeDefined();
  const stated = line!.version.replace(/\.x$/, '');
  expect(`${range.replace(/^[\^~]/, '')}.`.startsWith(`${stated}.`)).toBe(true);
});

test('each line is about a package that something depends on, once', () => {
  const names = lines.map(({ name }) => name);
  expect(names.filter((name) => !wanted.some((one) => one.name === name))).toEqual([]);
  expect(names).toEqual([...new Set(names)]);
});

test('no lock file names the registry that it was made with', () => {
  for (const folder of ['.', join('benchmarks', 'peers-install')]) {
    const text = readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8');
    expect(text).not.toMatch(/"resolved": "http/);
  }
});

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

function workspaceFolders(): string[] {
  const { workspaces = [] } = readManifest('.');
  return workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const folder = pattern.slice(0, -2);
    return readdirSync(join(ROOT, folder)).map((name) => join(folder, name));
  });
}

function readLines(): Line[] {
  const text = readFileSync(join(import.meta.dirname, '0001-dependencies.md'), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` \|[^|]*\| ([^|]+) \|/gm)].map((match) => ({
    name: match[1]!,
    version: match[2]!,
  }));
}
