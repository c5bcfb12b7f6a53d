/** Sections 3 and 5: the same store behind gRPC, and its end. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Client, connect } from '@holdfast/client';
import { type StartedProcess, textOf, within } from './child-processes.ts';
import { compareAll, type Demonstration, examplesOf, openStore } from './demonstration.ts';
import { count, microseconds, milliseconds, speed } from './figures.ts';

export interface Sidecar {
  readonly process: StartedProcess;
  /** Of its Unix socket. */
  readonly address: string;
  readonly client: Client;
  /** Its log, complete once it has ended. */
  readonly log: Promise<string>;
}

const READY_MS_MAX = 30_000;
const DRAINED_MS_MAX = 20_000;
const REMOTE_KEY = 'quickstart/set over gRPC';
const REMOTE_VALUE = {
  by: '@holdfast/client',
  bytes: new Uint8Array([0, 127, 255]),
  at: 1n << 40n,
};

/** Starts `holdfast serve` and reads every document through it. */
export async function serve(demonstration: Demonstration): Promise<Sidecar> {
  const { report, directory, documents } = demonstration;
  report.section('Serve the same directory over gRPC');
  const from = performance.now();
  const sidecar = await startSidecar(demonstration);
  const { client } = sidecar;
  report.figure(
    'sidecar',
    `pid ${sidecar.process.child.pid}, on a Unix socket, ready in ${milliseconds(performance.now() - from)}`,
  );
  const info = await client.info();
  report.check(info.directory === directory, 'it serves the store that was just written');

  let ms = 0;
  const wrong = await compareAll(demonstration, async (paths) => {
    const askedFrom = performance.now();
    const values = await client.cache.getMany(paths);
    ms += performance.now() - askedFrom;
    return values;
  });
  report.figure('getMany', speed(documents.paths.length, documents.bytes, ms));
  report.figure(
    'get',
    `${microseconds(await roundTripMs(client, documents.paths))} there and back, one at a time`,
  );
  report.check(
    wrong.length === 0,
    `all ${count(documents.paths.length)} documents are the same over gRPC`,
    examplesOf(wrong),
  );
  await client.cache.set(REMOTE_KEY, REMOTE_VALUE, { ttl: '1h' });
  const remote = await client.cache.get(REMOTE_KEY);
  report.check(isDeepStrictEqual(remote, REMOTE_VALUE), 'a value set over gRPC reads back');
  return sidecar;
}

/** SIGTERM; then the directory is free, and the store holds what it held. */
export async function stop(demonstration: Demonstration, sidecar: Sidecar): Promise<void> {
  const { report } = demonstration;
  report.section('Stop the sidecar');
  const from = performance.now();
  sidecar.process.child.kill('SIGTERM');
  const { code, signal } = await within(
    sidecar.process.exited,
    DRAINED_MS_MAX,
    'the sidecar to end',
  );
  report.check(
    code === 0,
    `SIGTERM: drained and ended with exit code 0 after ${milliseconds(performance.now() - from)}`,
    code === 0 ? '' : `code=${code} signal=${signal} ${await sidecar.log}`,
  );
  await sidecar.client.close();

  const cache = await openStore(demonstration);
  report.check(
    isDeepStrictEqual(cache.get(REMOTE_KEY), REMOTE_VALUE),
    'what was set over gRPC is in the store',
  );
  const wrong = await compareAll(demonstration, async (paths) => cache.getMany(paths));
  report.check(wrong.length === 0, 'all documents are as they were', examplesOf(wrong));
  await cache.close();
}

async function startSidecar(demonstration: Demonstration): Promise<Sidecar> {
  const { processes, temporaryFolder, directory, memoryBytesMax } = demonstration;
  const socket = join(temporaryFolder, 'holdfast.sock');
  const started = processes.start(
    'sidecar',
    fileURLToPath(new URL('../bin/holdfast.js', import.meta.resolve('@holdfast/grpc-sidecar'))),
    [
      ...['serve', '--json', '--log-level', 'warn', '--socket', socket, '--directory', directory],
      ...['--memory-bytes-max', String(memoryBytesMax), '--disk-bytes-max', 'unlimited'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { stdout, stderr } = started.child;
  const log = textOf(stderr!);
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: stdout! }).once('line', () => resolve());
  });
  const ended = started.exited.then(async ({ code }) => {
    throw new Error(`the sidecar ended at once, code=${code}: ${await log}`);
  });
  await within(Promise.race([ready, ended]), READY_MS_MAX, 'the sidecar to be ready');
  // It ends one day, and then that is no failure.
  ended.catch(() => {});
  const address = `unix:${socket}`;
  return { process: started, address, log, client: await connect(address) };
}

const ROUND_TRIPS = 200;

/** The median of gets that wait for each other. */
async function roundTripMs({ cache }: Client, paths: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < ROUND_TRIPS; index++) {
    const from = performance.now();
    await cache.get(paths[index % paths.length]!);
    times.push(performance.now() - from);
  }
  return times.sort((left, right) => left - right)[ROUND_TRIPS / 2]!;
}
