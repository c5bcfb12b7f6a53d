// Goal: what the README shows works as it stands there.
// Method: every JavaScript block is run by Node in a directory of its own, as a module of this
// workspace; those marked `run: client` against a sidecar on the port they name. Links must lead to
// files. Not covered: the shell commands, which are run by CI.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Snippet {
  readonly how: string;
  readonly code: string;
}

const snippets: Snippet[] = [...readme.matchAll(/<!-- run: (\w+) -->\n```js\n([\s\S]*?)```/g)].map(
  (match) => ({ how: match[1] as string, code: match[2] as string }),
);

let directory: string | undefined;
let sidecar: ChildProcess | undefined;

afterEach(async () => {
  if (sidecar !== undefined && sidecar.exitCode === null) {
    sidecar.kill('SIGTERM');
    await once(sidecar, 'exit');
  }
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  sidecar = undefined;
  directory = undefined;
});

test('every JavaScript block of the README says how it is run', () => {
  expect(snippets.length).toBe([...readme.matchAll(/```js\n/g)].length);
  expect(snippets.length).toBeGreaterThanOrEqual(3);
});

for (const [index, snippet] of snippets.entries()) {
  test(`README snippet ${index + 1} runs (${snippet.how})`, { timeout: 60_000 }, async () => {
    // Inside this package, so that the workspace's packages are found by name.
    directory = mkdtempSync(join(import.meta.dirname, '.readme-'));
    let { code } = snippet;
    if (snippet.how === 'client') {
      const port = await startSidecar(directory);
      code = code.replace('127.0.0.1:7420', `127.0.0.1:${port}`);
    }
    const output = await runModule(directory, code);
    for (const promised of code.matchAll(/console\.log\([^\n]*\); \/\/ (\w+)$/gm)) {
      if (promised[1] !== 'rises') expect(output).toContain(promised[1]);
    }
  });
}

test('every relative link of the README leads somewhere', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});

async function startSidecar(store: string): Promise<number> {
  const program = join(root, 'packages/grpc-sidecar/dist/command-line/holdfast.js');
  const args = ['serve', '--directory', join(store, 'store'), '--listen', '127.0.0.1:0', '--json'];
  sidecar = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of sidecar.stdout!) {
    output += chunk;
    const found = /127\.0\.0\.1:([1-9]\d*)/.exec(output);
    if (found !== null) return Number(found[1]);
  }
  throw new Error(`the sidecar ended without listening:\n${output}`);
}

async function runModule(cwd: string, code: string): Promise<string> {
  const module = join(cwd, 'snippet.mjs');
  writeFileSync(module, code);
  const child = spawn(process.execPath, [module], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [exitCode] = await once(child, 'close');
  expect(exitCode, output).toBe(0);
  return output;
}
