// Goal: what the README shows works as it stands there.
// Method: every JavaScript block is run (run-snippets.ts). Links must lead to files.
// Not covered: the shell commands, which are run by CI.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testSnippets } from './run-snippets.ts';

const root = join(import.meta.dirname, '..');

testSnippets('README.md', 3);

test('every relative link of the README leads somewhere', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});
