// Goal: the quickstart shows what it says it shows, notices a store that lost something, and leaves
// nothing behind.
// Method: the built program, as `npm run quickstart` starts it, on a few of the real files; damage
// is planted through an environment variable. Not covered: installing and building (CI runs the
// command itself on a clean checkout), and the look on a terminal.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { textOf } from './child-processes.ts';

const PROGRAM = join(import.meta.dirname, '../dist/quickstart/main.js');
const CHECKS = 18;
let folder = '';
let running: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
});

afterEach(() => {
  if (running?.exitCode === null) running.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

test('loads, kills, serves, contends, drains; checks each; keeps the folder it was given', async () => {
  const directory = join(folder, 'kept');
  const { code, report } = await finish(start(['--files', '150', '--directory', directory]));
  expect(code, report).toBe(0);
  expect(report).not.toContain('\u001b');
  expect(report).not.toContain('✗');
  expect([...report.matchAll(/^ {3}✓ /gm)]).toHaveLength(CHECKS);
  expect(report.match(/^\d {2}.*$/gm)).toEqual([
    '1  Load them into an embedded cache',
    '2  Kill the writing process, keep what it was promised',
    '3  Serve the same directory over gRPC',
    '4  Three processes want one lock',
    '5  Stop the sidecar',
  ]);
  expect(report).toMatch(/set +[\d.]+ µs each · [\d,]+\/s · [\d,]+ MB\/s/);
  expect(report).toMatch(/get +[\d.]+ µs each · [\d,]+\/s · [\d,]+ MB\/s/);
  expect(report).toMatch(/on disk +[\d.]+ [kM]B in \d+ files, \d\.\d\d × the input/);
  expect(report.match(/reopened in +[\d,]+ ms/g)).toHaveLength(2);
  // The kill came in the middle: at half of the documents, or a few that were on their way later.
  const acknowledged = Number(report.match(/SIGKILL +after (\d+) acknowledged sets/)![1]);
  expect(acknowledged).toBeGreaterThanOrEqual(75);
  expectTimeline(report);
  expect(report).toMatch(new RegExp(`\\nAll ${CHECKS} checks passed in [\\d.]+ s\\.\\n$`));
  expect(readdirSync(folder)).toEqual(['kept']);
});

test('says so and exits with 1 when an acknowledged document is not there any more', async () => {
  const child = start(['--files', '150'], { HOLDFAST_QUICKSTART_DAMAGE: '1' });
  const { code, report } = await finish(child);
  expect(code).toBe(1);
  expect(report).toMatch(/✗ not so: all \d+ acknowledged documents are there.*: \d+ are not, such/);
  expect(report).toMatch(/✗ not so: all 150 documents are the same over gRPC/);
  expect(report).toMatch(new RegExp(`\\n\\d of ${CHECKS} checks failed in [\\d.]+ s\\.\\n$`));
  expect(readdirSync(folder)).toEqual([]);
});

test('interrupted, ends what it started and removes what it wrote', async () => {
  const child = start(['--files', '50']);
  const { code, report } = await finish(child, (text) => {
    if (text.includes('worker-2  queued')) child.kill('SIGINT');
  });
  expect(code).toBe(130);
  const pid = Number(report.match(/sidecar +pid (\d+)/)![1]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(readdirSync(folder)).toEqual([]);
});

test('exits with 2 rather than touch a folder that is in use', async () => {
  const { code, errors } = await finish(start(['--directory', import.meta.dirname]));
  expect(code).toBe(2);
  expect(errors).toContain(`--directory: ${import.meta.dirname} is not empty`);
  expect(readdirSync(folder)).toEqual([]);
});

function expectTimeline(report: string): void {
  const lines = [...report.matchAll(/^ +[\d,]+ ms +(worker-\d) {2}(.*)$/gm)];
  const told = (name: string, words: string): number =>
    lines.findIndex(([, who, what]) => who === name && what!.startsWith(words));
  const order = [
    told('worker-1', 'granted'),
    told('worker-2', 'queued, number 1 behind worker-1'),
    told('worker-3', 'queued, number 2 behind worker-1'),
    told('worker-2', 'granted'),
    told('worker-2', 'killed by SIGKILL'),
    told('worker-3', 'granted'),
    told('worker-3', 'released'),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((left, right) => left - right));
  expect(report).not.toContain('lost:');
}

function start(options: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  running = spawn(process.execPath, [PROGRAM, ...options], {
    // Its temporary folders are here, and a build server's colours are not.
    env: { ...process.env, CI: 'true', TMPDIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return running;
}

async function finish(child: ChildProcess, onText: (soFar: string) => void = () => {}) {
  let soFar = '';
  child.stdout!.on('data', (chunk) => {
    soFar += chunk;
    onText(soFar);
  });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const [report, errors, [code]] = await Promise.all([
    textOf(child.stdout!),
    textOf(child.stderr!),
    exited,
  ]);
  return { code, report, errors };
}
