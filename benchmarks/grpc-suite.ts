import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchmarkRow } from './results.ts';
import type { Suite } from './suite.ts';

const BARE = 'bare grpc-js';
const SIDECAR = 'Holdfast sidecar';
const SECONDS_MAX = 300;

/** What the load generator prints with `--json`: one figure a round. */
interface Throughput {
  readonly unary: Readonly<Record<'bare' | 'sidecar', readonly Rate[]>>;
  readonly pipeline: Readonly<Record<'bare' | 'sidecar', readonly Rate[]>>;
}

interface Rate {
  readonly perSecond: number;
}

/**
 * The sidecar next to the least a grpc-js server can do, under the sidecar's own load generator.
 */
export const grpcSuite: Suite = {
  name: 'grpc',
  needsPeers: false,
  contestants: [],
  async run({ rounds, log }) {
    log(`grpc: ${rounds} rounds of both servers`);
    const measured = runLoadGenerator(rounds);
    const row = (name: string, note: string, kind: 'bare' | 'sidecar'): BenchmarkRow => ({
      name,
      note,
      samples: {
        unary: measured.unary[kind].map(({ perSecond }) => perSecond),
        pipeline: measured.pipeline[kind].map(({ perSecond }) => perSecond),
      },
    });
    return {
      name: 'grpc',
      title: 'Behind gRPC',
      description:
        'values of 100 bytes, 64 unary calls in flight, and 16 batches of 64 gets in flight on one stream; ' +
        'server and load generator share the machine',
      columns: [
        { key: 'unary', title: 'unary Get', unit: 'calls/s', compared: true },
        { key: 'pipeline', title: 'Pipeline', unit: 'operations/s', compared: true },
      ],
      rows: [
        row(SIDECAR, 'the whole server on a persistent store', 'sidecar'),
        row(BARE, 'a constant, and a `Map`', 'bare'),
      ],
      reference: BARE,
      targets: [
        { row: SIDECAR, column: 'unary', against: BARE, bound: 'at least', limit: 0.8 },
        { row: SIDECAR, column: 'pipeline', against: BARE, bound: 'at least', limit: 0.6 },
      ],
      panels: [
        { title: 'Behind gRPC', unit: 'a second', scale: 'log', columns: ['unary', 'pipeline'] },
      ],
      rounds,
    };
  },
};

function runLoadGenerator(rounds: number): Throughput {
  const words = [programPath(), '--json', '--rounds', String(rounds)];
  const output = execFileSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: SECONDS_MAX * 1_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as Throughput;
}

/** Seen from the source, or from `dist` one folder deeper. */
function programPath(): string {
  const program = 'packages/grpc-sidecar/benchmarks/throughput.mjs';
  const near = join(import.meta.dirname, '..', program);
  return existsSync(near) ? near : join(import.meta.dirname, '..', '..', program);
}
