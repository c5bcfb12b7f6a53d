/**
 * Runs the code of a document as it stands there: a block behind `<!-- run: how -->`, where `how`
 * is `node` (a module of this workspace), `client` (the same, with a sidecar on the port that it
 * names) or `shell` (with that sidecar and the workspace's tools).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root: string = join(import.meta.dirname, '..');

interface Snippet {
  readonly how: string;
  readonly code: string;
}

/** Registers a test for each block, and one that no block of such a language is left out. */
export function testSnippets(path: string, countMin: number): void {
  const text = readFileSync(join(root, path), 'utf8');
  const found = text.matchAll(/<!-- run: (\w+) -->\n```(?:js|sh)\n([\s\S]*?)```/g);
  const snippets = [...found].map(([, how, code]) => ({ how, code }) as Snippet);

  test(`every JavaScript block of ${path} says how it is run`, () => {
    const blocks = snippets.filter(({ how }) => how !== 'shell');
    expect(blocks.length).toBe([...text.matchAll(/```js\n/g)].length);
    expect(snippets.length).toBeGreaterThanOrEqual(countMin);
  });

  for (const [index, snippet] of snippets.entries()) {
    test(`${path}: snippet ${index + 1} runs (${snippet.how})`, { timeout: 60_000 }, async () => {
      const output = await runSnippet(snippet);
      for (const promised of snippet.code.matchAll(/console\.log\([^\n]*\); \/\/ (\w+)$/gm)) {
        if (promised[1] !== 'rises') expect(output).toContain(promised[1]);
      }
    });
  }
}

async function runSnippet({ how, code }: Snippet): Promise<string> {
  // Inside this package, so that the workspace's packages are found by name.
  const directory = mkdtempSync(join(import.meta.dirname, '.snippet-'));
  let sidecar: ChildProcess | undefined;
  try {
    let runnable = code;
    if (how !== 'node') {
      const started = await startSidecar(directory);
      sidecar = started.process;
      runnable = code.replaceAll('127.0.0.1:7420', `127.0.0.1:${started.port}`);
    }
    return how === 'shell'
      ? await runShell(directory, runnable)
      : await runModule(directory, runnable);
  } finally {
    if (sidecar !== undefined && sidecar.exitCode === null) {
      sidecar.kill('SIGTERM');
      await once(sidecar, 'exit');
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startSidecar(store: string): Promise<{ process: ChildProcess; port: number }> {
  const program = join(root, 'packages/grpc-sidecar/dist/command-line/holdfast.js');
  const args = ['serve', '--directory', join(store, 'store'), '--listen', '127.0.0.1:0', '--json'];
  const sidecar = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of sidecar.stdout) {
    output += chunk;
    const found = /127\.0\.0\.1:([1-9]\d*)/.exec(output);
    if (found !== null) return { process: sidecar, port: Number(found[1]) };
  }
  throw new Error(`the sidecar ended without listening:\n${output}`);
}

function runModule(cwd: string, code: string): Promise<string> {
  const module = join(cwd, 'snippet.mjs');
  writeFileSync(module, code);
  return run(process.execPath, [module], cwd);
}

function runShell(cwd: string, code: string): Promise<string> {
  return run('/bin/sh', ['-ec', code], cwd);
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [exitCode] = await once(child, 'close');
  expect(exitCode, output).toBe(0);
  return output;
}
