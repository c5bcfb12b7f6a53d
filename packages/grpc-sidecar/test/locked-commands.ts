/**
 * `holdfast lock` in processes of its own, and commands under it that do not mind SIGTERM. Files
 * are named relative to one folder, the commands' own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from './command-process.ts';

export interface Locked {
  readonly ended: Promise<{ code: number; stderr: string }>;
  readonly process: ChildProcess;
}

/** A command and a grandchild, neither of which minds SIGTERM; their ids are in two files. */
export const STUBBORN = `
  trap '' TERM
  sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.05; done' &
  echo $$ > child
  while :; do sleep 0.05; done`;

/** Writes to the file `seen`, of each of the two, whether it is alive. */
export const LOOK_FOR_STUBBORN = `for file in child grandchild; do
  grep -q '^State:.[^ZX]' "/proc/$(cat $file)/status" && echo alive || echo gone
done > seen 2>/dev/null`;

export class LockedCommands {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #name: string;
  readonly #started: ChildProcess[] = [];

  constructor(folder: string, env: Readonly<Record<string, string>>, name = 'job') {
    this.#folder = folder;
    this.#env = env;
    this.#name = name;
  }

  /** Runs a shell program under the lock. */
  lock(options: readonly string[], program: string): Locked {
    return this.lockCommand(options, ['sh', '-c', program]);
  }

  lockCommand(options: readonly string[], command: readonly string[]): Locked {
    const words = ['lock', ...options, this.#name, '--', ...command];
    const child = spawn(process.execPath, [COMMAND, ...words], {
      cwd: this.#folder,
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    this.#started.push(child);
    let stderr = '';
    child.stderr!.on('data', (bytes) => {
      stderr += bytes;
    });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, stderr }));
    return { ended, process: child };
  }

  /** What a program wrote to a file, once it is there. */
  async written(name: string): Promise<string> {
    const path = join(this.#folder, name);
    for (let turn = 0; turn < 2_000; turn++) {
      if (existsSync(path) && statSync(path).size > 0) return readFileSync(path, 'utf8').trim();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`nothing was written to ${name}`);
  }

  /** The ids of `STUBBORN`'s two processes, once both run. */
  async stubborn(): Promise<string[]> {
    const ids = [await this.written('child'), await this.written('grandchild')];
    for (const id of ids) if (!isRunning(id)) throw new Error(`process ${id} does not run`);
    return ids;
  }

  /** Of a test that failed, nobody else ends them. */
  endAll(): void {
    for (const child of this.#started.splice(0)) child.kill('SIGKILL');
    for (const name of ['child', 'grandchild']) {
      const path = join(this.#folder, name);
      const processId = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
      if (isRunning(processId)) process.kill(Number(processId), 'SIGKILL');
    }
  }
}

export function isRunning(processId: string): boolean {
  if (processId === '') return false;
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // A zombie has ended; whoever should wait for it has not.
    return !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')));
  } catch {
    return false;
  }
}
