import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A server in a process of its own, which has said a line by which it is ready. */
export class ChildServer {
  readonly process: ChildProcess;
  /** What it said first. */
  readonly line: string;

  private constructor(process: ChildProcess, line: string) {
    this.process = process;
    this.line = line;
  }

  static async start(words: readonly string[]): Promise<ChildServer> {
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await Promise.race([
      once(child.stdout!, 'data').then(([bytes]) => String(bytes)),
      once(child, 'exit').then(([code]) => {
        throw new Error(`a server ended with ${code}`);
      }),
    ]);
    return new ChildServer(child, line);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}

/** A file of this repository; this one is compiled to two folders deep, and a source one deep. */
export function repositoryFile(path: string): string {
  const near = join(import.meta.dirname, '..', '..', path);
  return existsSync(near) ? near : join(import.meta.dirname, '..', '..', '..', path);
}
