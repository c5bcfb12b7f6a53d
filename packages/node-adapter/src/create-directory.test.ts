// Goal: a directory is made with its ancestors, and what cannot be one is said at once.
// Method: a temporary directory, and Linux's /proc. Not covered: forbidden directories
// (errors.test.ts has the codes).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NodeFileSystem } from './file-system.ts';

const fileSystem = new NodeFileSystem();
const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
writeFileSync(join(root, 'file'), '');
afterAll(() => rmSync(root, { recursive: true }));

test('a directory is made with its ancestors, and may be there already', async () => {
  const directory = join(root, 'a', 'b', 'c');
  await fileSystem.createDirectory(directory);
  await fileSystem.createDirectory(directory);
  await Promise.all([1, 2, 3].map(() => fileSystem.createDirectory(join(root, 'd', 'e'))));
  expect(await fileSystem.list(directory)).toEqual([]);
});

test('a file is no directory, and has none in it', async () => {
  for (const path of ['file', 'file/a', 'file/a/b']) {
    const error = await fileSystem.createDirectory(join(root, path)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'IO', details: { path: join(root, path) } });
    expect(error.message).toContain('is a file');
  }
});

test.runIf(process.platform === 'linux')('below /proc nothing is made', async () => {
  for (const path of ['/proc/nope', '/proc/nope/a/b']) {
    const error = await fileSystem.createDirectory(path).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'IO', details: { errno: 'ENOENT' } });
  }
});
