// Goal: each example runs as its first lines say, and a second run finds what the first one left.
// Method: the real runtimes, in an empty folder; Deno with the permissions that the example names
// and no others.
// Not covered: the quickstart, which has a test of its own.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const EXAMPLES = import.meta.dirname;
const PROGRAMS = join(EXAMPLES, '../node_modules/.bin');
let folder = '';
let server: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-examples-'));
});

afterEach(async () => {
  if (server !== undefined) await stop(server);
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test('node: one request for ten askers, and none after a restart', async () => {
  const example = [join(EXAMPLES, 'node/index.mjs')];
  const first = await run(process.execPath, example);
  expect(first).toContain('10 answers from 1 requests');
  expect(first).toContain('start number 1,');
  const second = await run(process.execPath, example);
  expect(second).toContain('10 answers from 0 requests');
  expect(second).toContain('start number 2,');
});

test('node: tenants are cleared one by one, and an old price comes while a new one is fetched', async () => {
  const output = await run(process.execPath, [join(EXAMPLES, 'node/tenants.mjs')]);
  expect(output).toContain('settings: acme 0, globex 1\n');
  expect(output).toContain('onError: UNAVAILABLE: a value was not refreshed (the service is down)');
  // The first is loaded; then each is given as it is, and loaded anew behind its back.
  expect(output).toContain('prices of requests 1, 1, 1, 3\n');
});

test('bun: pages are rendered once, and counters survive a restart', async () => {
  const first = await startServer();
  const page = await visit(first);
  expect(page).toEqual({ page: expect.stringContaining('/about rendered at '), visits: 1 });
  expect(await visit(first)).toEqual({ ...page, visits: 2 });
  expect(await stop(first.process)).toBe(0);
  expect(await visit(await startServer())).toEqual({ ...page, visits: 3 });
});

test('deno: each job is done once, with access to one directory only', async () => {
  const example = join(EXAMPLES, 'deno/main.ts');
  const permissions = ['--no-prompt', '--allow-read=./jobs', '--allow-write=./jobs'];
  const jobs = (...names: string[]) => {
    return run(join(PROGRAMS, 'deno'), ['run', ...permissions, example, ...names]);
  };
  expect(await jobs('sweep', 'sweep')).toBe(
    'sweep: done now, 5 characters\nsweep: done before, 5 characters\n',
  );
  expect(await jobs('sweep', 'mop')).toBe(
    'sweep: done before, 5 characters\nmop: done now, 3 characters\n',
  );
});

test('shell: jobs follow each other under the lock of a sidecar, with rising tokens', async () => {
  const nightly = () => run('sh', [join(EXAMPLES, 'shell/nightly.sh')]);
  const lines = ((await nightly()) + (await nightly())).split('\n');
  const jobs = lines.flatMap((line) => {
    const match = /^(\w+): after (\w+), token (\d+)$/.exec(line);
    return match === null ? [] : [{ name: match[1], after: match[2], token: BigInt(match[3]!) }];
  });
  expect(jobs.map(({ name, after }) => [name, after])).toEqual([
    ['morning', 'nothing'],
    ['evening', 'morning'],
    ['morning', 'evening'],
    ['evening', 'morning'],
  ]);
  for (const [index, { token }] of jobs.slice(1).entries()) {
    expect(token > jobs[index]!.token).toBe(true);
  }
});

test('shell: buf curl speaks a session and every unary call, with no proto file', async () => {
  const socket = await startSidecar();
  expect(await run('sh', [join(EXAMPLES, 'shell/locks.sh'), socket])).toBe(
    `session: granted
unary: contended, held by terminal
lock: held 1, waiting 0
session: released, and closed by the server
unary: granted, with a larger token
token: valid false
token: valid true
unary: renewed
unary: released
unary: not renewed, failed_precondition
`,
  );
});

const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import grpc, grpc_tools']).status === 0,
);
if (python === undefined) {
  console.log(
    'skipped: the example in Python, for there is no python3 with grpcio and grpcio-tools',
  );
}

test.skipIf(python === undefined)('python: granted, in jeopardy, safe, lost, fenced', async () => {
  const socket = await startSidecar();
  const program = [join(EXAMPLES, 'python/session.py'), `unix:${socket}`];
  expect(await run(python!, program)).toBe(
    `first: granted
first: written
second: queued, place 1, behind first
first: in jeopardy, with less than a second left
first: safe
second: granted, with a larger token: True
first: lost, LOST_REASON_SESSION_EXPIRED
second: written
first: write refused, a later token was seen
first: the server calls its token stale
second: the server calls its token valid
second: released
`,
  );
});

/** The socket of a sidecar that lives as long as the test. */
async function startSidecar(): Promise<string> {
  const socket = join(folder, 'h.sock');
  const args = ['serve', '--memory-only', '--socket', socket, '--log-level', 'error'];
  server = spawn(join(PROGRAMS, 'holdfast'), args, {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout!, 'data');
  return socket;
}

/** What the program printed; rejects with its complaints if it failed. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const options = { cwd: folder, env: environment(), timeout: 60_000 };
  return (await promisify(execFile)(program, [...args], options)).stdout;
}

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

interface Page {
  readonly page: string;
  readonly visits: number;
}

async function startServer(): Promise<Server> {
  server = spawn(join(PROGRAMS, 'bun'), [join(EXAMPLES, 'bun/index.ts')], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
  return { process: server, url: line.replace('listening on ', '') };
}

async function visit({ url }: Server): Promise<Page> {
  const response = await fetch(new URL('/about', url));
  return (await response.json()) as Page;
}

/** SIGTERM; resolves to the exit code. */
async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return child.exitCode;
}

/** Without what a caller's environment could change: the port, the address, the colours. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, NO_COLOR: '1' };
}
