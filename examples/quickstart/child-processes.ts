/**
 * The processes that the demonstration starts. Each is ended by its own pid and waited for, so that
 * none outlives it and no file of the store changes after it is gone.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartedProcess {
  readonly name: string;
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
}

const GONE_MS_MAX = 10_000;

export class ChildProcesses {
  readonly #running = new Set<StartedProcess>();

  /** Starts a Node program. */
  start(name: string, program: string, args: readonly string[], options: SpawnOptions) {
    const child = spawn(process.execPath, [program, ...args], options);
    const exited = new Promise<Exit>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const started: StartedProcess = { name, child, exited };
    this.#running.add(started);
    const forget = (): void => {
      this.#running.delete(started);
    };
    // Who needs the failure awaits `exited` as well.
    exited.then(forget, forget);
    return started;
  }

  /** SIGKILL to all that are left; resolves when they are gone. */
  async killAll(): Promise<void> {
    const left = [...this.#running];
    this.killNow();
    await Promise.all(left.map(({ exited }) => within(exited, GONE_MS_MAX, 'exit').catch(noop)));
  }

  /** The same without waiting, for a process that ends this very moment. */
  killNow(): void {
    for (const { child } of this.#running) child.kill('SIGKILL');
  }
}

/** What the promise gives, or an error that says what was waited for in vain. */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Everything a stream says until its end. */
export async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    text += chunk;
  });
  await once(stream, 'end');
  return text;
}

function noop(): void {
  // A process that could not be started has nothing left to end.
}
