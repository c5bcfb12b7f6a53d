// Goal: what the page on the command line shows is what the command prints.
// Method: its console blocks are typed into bash, in order, in one directory, first with a server
// and then without; `…` in the page stands for any text. The program at its end is run by Node. Not
// covered: every option (the sidecar's own tests have them).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const command = join(root, 'packages/grpc-sidecar/dist/command-line/holdfast.js');
const page = readFileSync(join(import.meta.dirname, 'command-line.md'), 'utf8');
const [online = '', offline = ''] = page.split('<!-- the server has stopped -->');

interface Example {
  readonly typed: string;
  readonly printed: string;
}

let directory: string;
let server: ChildProcess;

beforeAll(async () => {
  // Inside this package, so that the workspace's packages are found by name; short, for the socket.
  directory = mkdtempSync(join(import.meta.dirname, '.cli-'));
  writeFileSync(join(directory, 'README.md'), '# Not a store\n');
  const program = join(directory, 'holdfast');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`);
  chmodSync(program, 0o755);
  const args = ['serve', '--directory', 'store', '--socket', 'h.sock', '--log-level', 'error'];
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  server = spawn(program, args, { cwd: directory, stdio: [...stdio] });
  await once(server.stdout!, 'data');
});

afterAll(async () => {
  await stop();
  rmSync(directory, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}

function examplesOf(text: string): Example[] {
  const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const end = example.indexOf('\n');
        return { typed: example.slice(0, end), printed: example.slice(end + 1) };
      }),
  );
}

async function type(typed: string): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${directory}:${process.env.PATH}`,
    HOLDFAST_ADDRESS: 'unix:h.sock',
  };
  const child = spawn('bash', ['-c', `exec 2>&1; ${typed}`], { cwd: directory, env });
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  await once(child, 'close');
  // As a terminal shows it: what ends without a newline is followed by one.
  return output === '' || output.endsWith('\n') ? output : `${output}\n`;
}

function expectAsShown(output: string, { typed, printed }: Example): void {
  const escaped = printed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^\\n]*');
  expect(output, typed).toMatch(new RegExp(`^${escaped}$`));
}

test('has examples with a server and without', () => {
  expect(examplesOf(online).length).toBeGreaterThanOrEqual(12);
  expect(examplesOf(offline).length).toBeGreaterThanOrEqual(5);
});

test('prints what the page says, with a server', { timeout: 120_000 }, async () => {
  for (const example of examplesOf(online)) expectAsShown(await type(example.typed), example);
});

test('prints what the page says, on files', { timeout: 120_000 }, async () => {
  await stop();
  for (const example of examplesOf(offline)) expectAsShown(await type(example.typed), example);
});

test('the program at its end runs', { timeout: 60_000 }, async () => {
  const [, code] = /```js\n([\s\S]*?)```/.exec(offline) ?? [];
  writeFileSync(join(directory, 'check.mjs'), `${code}console.log(isClean, live, files.length);\n`);
  expect(await type(`'${process.execPath}' check.mjs`)).toBe('false 2 5\n');
});
