// Goal: a store whose process is killed again and again loses nothing that was acknowledged as
// written, and never shows a value that was not the last one begun. Method: fifty real processes on
// one directory, each killed by SIGKILL at a seeded moment under load; after each the store is
// opened and every key compared with what the process had said.
// Not covered: power cuts, which only a simulated disk can play (core's crash tests).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@holdfast/core/testing';
import { afterAll, expect, test } from 'vitest';
import { type HoldfastError, openCache } from '../src/index.ts';

const KILLS = 50;
const SEED = 1;
const directory = mkdtempSync(join(tmpdir(), 'holdfast-kills-'));
const program = join(import.meta.dirname, 'kill-program.mjs');

interface Value {
  readonly key: string;
  readonly version: number;
  readonly text: string;
}

interface Write {
  readonly version: number;
  readonly isDelete: boolean;
}

/**
 * What a process has said of one key: the last acknowledged write, and the one it was at when it
 * died.
 */
interface Told {
  acknowledged: Write | undefined;
  begun: Write | undefined;
}

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test(`${KILLS} kills in a row under load lose nothing acknowledged`, {
  timeout: 180_000,
}, async () => {
  const random = new SeededRandom(SEED);
  const told = new Map<string, Told>();
  let acknowledged = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const output = await runAndKill(kill * 1_000_000, 20 + random.below(120));
    acknowledged += note(told, output);
    const problems = await check(told);
    expect(problems, `after kill ${kill + 1}, SEED=${SEED}`).toEqual([]);
  }
  expect(acknowledged).toBeGreaterThan(KILLS * 20);
});

/** Everything the process wrote before it was killed, `delayMs` after its first acknowledgement. */
async function runAndKill(firstVersion: number, delayMs: number): Promise<string> {
  const child = spawn(process.execPath, [program, directory, String(firstVersion)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.on('data', (chunk) => {
    output += chunk;
    timer ??= setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  const [, signal] = await once(child, 'close');
  clearTimeout(timer);
  expect(signal).toBe('SIGKILL');
  return output;
}

/** Notes what was begun and acknowledged; returns how much was acknowledged. */
function note(told: Map<string, Told>, output: string): number {
  let acknowledged = 0;
  // What follows the last line end was cut off by the kill.
  for (const line of output.slice(0, output.lastIndexOf('\n')).split('\n')) {
    const [what, key, version, kind] = line.split(' ') as [string, string, string, string];
    const known = told.get(key) ?? { acknowledged: undefined, begun: undefined };
    told.set(key, known);
    if (what === 'begin') known.begun = { version: Number(version), isDelete: kind === 'delete' };
    else {
      expect(known.begun?.version).toBe(Number(version));
      known.acknowledged = known.begun;
      known.begun = undefined;
      acknowledged++;
    }
  }
  return acknowledged;
}

/** Opens the store, compares, and takes what it holds as acknowledged from now on. */
async function check(told: Map<string, Told>): Promise<string[]> {
  const errors: HoldfastError[] = [];
  const cache = await openCache<Value>({ directory, onError: (error) => errors.push(error) });
  const problems: string[] = [];
  try {
    for (const [key, known] of told) {
      const value = cache.get(key);
      const survivor = [known.begun, known.acknowledged].find((write) => isOf(write, value));
      const isFine =
        survivor !== undefined || (value === undefined && known.acknowledged === undefined);
      if (!isFine) problems.push(`${key}: ${JSON.stringify(known)} read ${value?.version}`);
      if (
        value !== undefined &&
        value.text !== `${key}:${value.version};`.repeat(value.version % 40)
      ) {
        problems.push(`${key}: damaged value`);
      }
      known.acknowledged = survivor;
      known.begun = undefined;
    }
    for (const key of cache.keys()) if (!told.has(String(key))) problems.push(`${key}: never set`);
  } finally {
    await cache.close();
  }
  return [...problems, ...errors.map((error) => error.message)];
}

function isOf(write: Write | undefined, value: Value | undefined): boolean {
  if (write === undefined) return false;
  return write.isDelete ? value === undefined : value?.version === write.version;
}
