// Goal: the image can be built from what the repository has, and runs as a user that is nobody.
// Method: reading the Dockerfile. Not covered: building it, which needs a container engine and a base image.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Instruction {
  readonly name: string;
  readonly words: string;
}

const ROOT = join(import.meta.dirname, '..');
/** Package name → its folder under packages/. */
const FOLDERS: Record<string, string> = Object.fromEntries(
  readdirSync(join(ROOT, 'packages')).map((folder) => {
    const manifest = readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8');
    return [(JSON.parse(manifest) as { name: string }).name, folder];
  }),
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

test('what is copied out of the build exists, or is made by it', () => {
  const copied = [...text.matchAll(/^COPY --from=build \/source\/(\S+)/gm)].map(
    ([, path]) => path!,
  );
  expect(copied.length).toBeGreaterThan(0);
  for (const path of copied) {
    expect(existsSync(join(ROOT, path.replace(/\/dist$/, '/tsconfig.build.json'))), path).toBe(
      true,
    );
  }
});

test('the build sees the manifest of every workspace, without which npm ci refuses', () => {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    workspaces: string[];
  };
  for (const workspace of workspaces) {
    const [top] = workspace.split('/');
    const isSeen = ignored.includes(`!${top}`) || ignored.includes(`!${top}/package.json`);
    expect(isSeen, workspace).toBe(true);
  }
});

test('every package that the sidecar needs at run time is copied', () => {
  const needed = new Set<string>();
  const visit = (folder: string): void => {
    needed.add(folder);
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'),
    ) as { dependencies?: Record<string, string> };
    for (const name of Object.keys(dependencies)) {
      const next = FOLDERS[name];
      if (next !== undefined && !needed.has(next)) visit(next);
    }
  };
  visit('grpc-sidecar');
  for (const folder of needed) {
    expect(text).toContain(`/source/packages/${folder}/dist packages/${folder}/dist`);
    expect(text).toContain(`/source/packages/${folder}/package.json`);
  }
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

test('is asked for its health', () => {
  const { words } = instructions.find(({ name }) => name === 'HEALTHCHECK')!;
  expect(words).toContain('"holdfast", "health"');
});
