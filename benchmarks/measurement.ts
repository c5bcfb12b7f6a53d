import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement, MeasurementOrder } from './question.ts';

const CHILD_MS_MAX = 300_000;

/**
 * Has an order carried out by a process of its own, in an empty directory that it leaves behind.
 */
export async function measureApart(
  order: Omit<MeasurementOrder, 'directory'>,
): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-benchmark-'));
  try {
    return await runProcess({ ...order, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * With `killed`, the process is killed (-9) as soon as it has answered, whatever it still holds.
 */
export function runProcess(
  order: MeasurementOrder,
  ending: 'exits' | 'killed' = 'exits',
): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(processPath(), [], {
      execArgv: ['--expose-gc'],
      timeout: CHILD_MS_MAX,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    let measurement: Measurement | undefined;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4_000);
    });
    child.on('message', (message) => {
      measurement = message as Measurement;
      if (ending === 'killed') child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const isWanted = ending === 'killed' ? signal === 'SIGKILL' : code === 0;
      if (measurement !== undefined && isWanted) resolve(measurement);
      else reject(new Error(firstError(complaints) ?? `ended with ${signal ?? code}`));
    });
    child.send(order);
  });
}

/** The line of a stack trace that says what went wrong. */
function firstError(complaints: string): string | undefined {
  return complaints.match(/^\s*(?:\w*Error\b.*)$/m)?.[0].trim();
}

/** Tests import this file as a source; what Node 20 can run is the compiled one. */
function processPath(): string {
  const name = 'measurement-process.js';
  const beside = join(import.meta.dirname, name);
  return existsSync(beside) ? beside : join(import.meta.dirname, 'dist', name);
}
