// Goal: the image can be built from what the repository has, and runs as a user that is nobody.
// Method: reading the Dockerfile. Not covered: building it, which needs a container engine and a
// base image.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly workspaces?: string[];
  readonly dependencies?: Record<string, string>;
  readonly bin?: Record<string, string>;
}

interface Instruction {
  readonly name: string;
  readonly words: string;
}

const ROOT = join(import.meta.dirname, '..');
/** Package name → its folder. */
const FOLDERS: Record<string, string> = Object.fromEntries(
  [...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`), 'protos'].map(
    (folder) => [readManifest(folder).name, folder],
  ),
);
const text = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8');
const instructions: Instruction[] = text
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ')[0]!, words: line.slice(line.indexOf(' ') + 1) }));
const ignored = readFileSync(join(import.meta.dirname, 'Dockerfile.dockerignore'), 'utf8').split(
  '\n',
);

test('the build sees the manifest of every workspace, without which npm ci refuses', () => {
  const { workspaces = [] } = readManifest('.');
  for (const workspace of workspaces) {
    const [top] = workspace.split('/');
    const isSeen = ignored.includes(`!${top}`) || ignored.includes(`!${top}/package.json`);
    expect(isSeen, workspace).toBe(true);
  }
});

test('every package of ours that the sidecar needs is compiled into the image, and no other', () => {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    needed.add(name);
    const { dependencies = {} } = readManifest(FOLDERS[name]!);
    const ours = Object.keys(dependencies).filter((dependency) => dependency in FOLDERS);
    for (const next of ours) if (!needed.has(next)) visit(next);
  };
  visit('@holdfast/grpc-sidecar');

  const copied = [...text.matchAll(/^COPY --from=build \/source\/(\S+)\/dist \1\/dist$/gm)];
  expect(copied.map(([, folder]) => folder).sort()).toEqual(
    [...needed].map((name) => FOLDERS[name]).sort(),
  );
  const installed = [...text.matchAll(/--workspace (\S+)/g)].map(([, name]) => name);
  expect(installed.sort()).toEqual([...needed].sort());
});

test('the sidecar has the command that the image starts', () => {
  const { bin } = readManifest('packages/grpc-sidecar');
  const path = text.match(/^RUN chmod \+x packages\/grpc-sidecar\/(\S+)/m)![1];
  expect(bin?.holdfast?.replace(/^\.\//, '')).toBe(path);
});

test('runs as a user that is not root, given as a number', () => {
  const users = instructions.filter(({ name }) => name === 'USER');
  expect(users.at(-1)!.words).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});

test('signals reach the server: entry point and command are in the exec form', () => {
  for (const name of ['ENTRYPOINT', 'CMD']) {
    const { words } = instructions.find((instruction) => instruction.name === name)!;
    expect(() => JSON.parse(words) as string[]).not.toThrow();
  }
});

test('is asked for its health, at the address where it listens', () => {
  const { words } = instructions.find(({ name }) => name === 'HEALTHCHECK')!;
  expect(words).toContain('"holdfast", "health"');
  const port = text.match(/"--listen", "0\.0\.0\.0:(\d+)"/)![1];
  expect(helpOf('health')).toContain(`127.0.0.1:${port}`);
  expect(instructions.find(({ name }) => name === 'EXPOSE')!.words).toBe(port);
});

test('the options in the image and in the manifests are ones that the server takes', () => {
  const manifest = readFileSync(
    join(import.meta.dirname, 'kubernetes/base/deployment.yaml'),
    'utf8',
  );
  const { words } = instructions.find(({ name }) => name === 'CMD')!;
  const options = [...words.matchAll(/"(--[a-z-]+)/g), ...manifest.matchAll(/^ +- (--[a-z-]+)/gm)];
  expect(options.length).toBeGreaterThan(4);
  const help = helpOf('serve');
  for (const [, option] of options) expect(help).toMatch(new RegExp(`${option} <`));
});

function helpOf(command: string): string {
  const program = join(ROOT, 'packages/grpc-sidecar/dist/command-line/holdfast.js');
  const result = spawnSync(process.execPath, [program, command, '--help'], { encoding: 'utf8' });
  expect(result.stderr).toBe('');
  return result.stdout;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}
