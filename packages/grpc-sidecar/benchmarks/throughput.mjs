// What the sidecar costs on top of grpc-js: unary Get against a bare handler that returns a
// constant, and Pipeline with batches of 64 gets against a bare bidirectional stream that answers
// the same shape from a Map. One load generator for all of them: requests encoded once, answers
// counted and not decoded. Both servers run all the time, each in a process of its own, and are
// loaded in turn for a third of a second, so that whatever else the machine does disturbs both
// alike. A ratio is the median of the rounds' own ratios.
//
//   npm run bench -w @holdfast/grpc-sidecar        (one suite of the repository's `npm run bench`)
//   node throughput.mjs [--rounds N] [--json]   (--json: figures of every round, no report)
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, credentials } from '@grpc/grpc-js';
import { loadHoldfastProtos } from '@holdfast/protos';
import { BATCH_OPERATIONS, KEY_COUNT, keyOf, VALUE } from './workload.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const ROUNDS = Math.max(1, Math.trunc(Number(options.rounds)) || 5);
const TURNS_PER_ROUND = 4;
const TURN_MS = 350;
const UNARY_IN_FLIGHT = 64;
const BATCHES_IN_FLIGHT = 16;

const { cacheService } = loadHoldfastProtos();
const same = (bytes) => bytes;

const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const results = { unary: { bare: [], sidecar: [] }, pipeline: { bare: [], sidecar: [] } };
try {
  const peers = [];
  for (const kind of ['bare', 'sidecar']) {
    const server = await startServer(kind);
    peers.push({ kind, server, client: new Client(server.address, credentials.createInsecure()) });
  }
  for (const [work, measure] of [
    ['unary', measureUnary],
    ['pipeline', measurePipeline],
  ]) {
    for (const peer of peers) await measure(peer);
    for (let round = 0; round < ROUNDS; round++) await playRound(work, measure, peers);
  }
  for (const { client, server } of peers) {
    client.close();
    await server.stop();
  }
} finally {
  rmSync(directory, { recursive: true });
}

if (options.json) print(JSON.stringify(results));
else {
  print(`Node ${process.version}, ${cpus()[0]?.model}, ${cpus().length} cores`);
  print(
    `values of ${VALUE.length} bytes, ${KEY_COUNT} keys, medians of ${ROUNDS} rounds of ${TURNS_PER_ROUND} × ${TURN_MS} ms\n`,
  );
  report('unary Get', 'calls/s', results.unary, 0.8);
  report(`Pipeline, batches of ${BATCH_OPERATIONS}`, 'operations/s', results.pipeline, 0.6);
}

function report(title, unit, measured, bar) {
  for (const [kind, rounds] of Object.entries(measured)) {
    const rates = rounds.map(({ perSecond }) => perSecond);
    const cpu = rounds.map(({ cpuMicroseconds }) => cpuMicroseconds);
    const spread = `${format(Math.min(...rates))} to ${format(Math.max(...rates))}`;
    const name = `${title.padEnd(28)} ${kind.padEnd(8)}`;
    const perEach = `${median(cpu).toFixed(2)} µs of the server each`;
    print(`${name} ${format(median(rates)).padStart(9)} ${unit} (${spread}), ${perEach}`);
  }
  const ratio = median(ratiosOf(measured, 'perSecond')).toFixed(2);
  const cpuRatio = (1 / median(ratiosOf(measured, 'cpuMicroseconds'))).toFixed(2);
  print(`${title.padEnd(28)} ratio ${ratio} (bar: ${bar}); by processor time ${cpuRatio}\n`);
}

/** Both in turn, several times; then what each did in all its turns. */
async function playRound(work, measure, peers) {
  const turns = { bare: [], sidecar: [] };
  for (let turn = 0; turn < TURNS_PER_ROUND; turn++) {
    for (const peer of peers) turns[peer.kind].push(await measure(peer));
  }
  for (const { kind } of peers) {
    const total = (name) => turns[kind].reduce((sum, turn) => sum + turn[name], 0);
    const perSecond = (total('done') * 1e9) / total('nanoseconds');
    results[work][kind].push({ perSecond, cpuMicroseconds: total('cpu') / total('done') });
  }
}

/** The sidecar's figure of each round, as a part of the bare server's of the same round. */
function ratiosOf({ bare, sidecar }, name) {
  return sidecar.map((round, index) => round[name] / bare[index][name]);
}

async function measureUnary({ client, server }) {
  const { path, requestSerialize } = cacheService.Get;
  const requests = Array.from({ length: 256 }, (_, index) =>
    requestSerialize({ key: keyOf(index) }),
  );
  let done = 0;
  let next = 0;
  let isOver = false;
  const one = (resolve, reject) => {
    if (isOver) {
      resolve();
      return;
    }
    client.makeUnaryRequest(path, same, same, requests[next++ % requests.length], (error) => {
      if (error !== null) reject(error);
      else {
        done += 1;
        one(resolve, reject);
      }
    });
  };
  return timed(
    server,
    () => Array.from({ length: UNARY_IN_FLIGHT }, () => new Promise(one)),
    () => done,
    () => {
      isOver = true;
    },
  );
}

async function measurePipeline({ client, server }) {
  const { path, requestSerialize } = cacheService.Pipeline;
  const requests = Array.from({ length: 64 }, (_, batch) =>
    requestSerialize({
      id: batch + 1,
      operations: Array.from({ length: BATCH_OPERATIONS }, (_, index) => ({
        get: { key: keyOf((batch * 131 + index * 17) % KEY_COUNT) },
      })),
    }),
  );
  let done = 0;
  let next = 0;
  let isOver = false;
  const stream = client.makeBidiStreamRequest(path, same, same);
  const send = () => stream.write(requests[next++ % requests.length]);
  const ended = new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('end', resolve);
    stream.on('data', (answer) => {
      if (answer.length < BATCH_OPERATIONS * VALUE.length)
        reject(new Error('an answer is too short'));
      done += BATCH_OPERATIONS;
      if (!isOver) send();
      else stream.end();
    });
  });
  return timed(
    server,
    () => {
      for (let batch = 0; batch < BATCHES_IN_FLIGHT; batch++) send();
      return [ended];
    },
    () => done,
    () => {
      isOver = true;
    },
  );
}

/** What was done, in how long, and for how many microseconds of the server's processors. */
async function timed(server, start, count, stop) {
  const running = start();
  const failed = Promise.all(running);
  await Promise.race([sleep(TURN_MS / 7), failed]);
  const cpuAtStart = await server.cpuMicroseconds();
  const countAtStart = count();
  const startedAt = process.hrtime.bigint();
  await Promise.race([sleep(TURN_MS), failed]);
  const nanoseconds = Number(process.hrtime.bigint() - startedAt);
  const done = count() - countAtStart;
  const cpu = (await server.cpuMicroseconds()) - cpuAtStart;
  stop();
  await failed;
  return { done, nanoseconds, cpu };
}

async function startServer(kind) {
  const script = fileURLToPath(new URL(`${kind}-server.mjs`, import.meta.url));
  const child = fork(script, [join(directory, kind)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const address = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${kind} ended with ${code}`)));
  });
  return {
    address,
    cpuMicroseconds: () =>
      new Promise((resolve) => {
        child.once('message', ({ user, system }) => resolve(user + system));
        child.send('cpu');
      }),
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit').once('exit', resolve);
        child.send('stop');
      }),
  };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function median(figures) {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];
}

function format(figure) {
  return Math.round(figure).toLocaleString('en');
}
