import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PACKAGE_FOLDER } from '../command-process.ts';

export interface HolderNews {
  readonly event: 'granted' | 'lost';
  readonly token: string;
  /** When it last worked under the lock, by the clock of `monotonicMs`. */
  readonly workedAtMs: number;
}

/** A client that holds a lock in a process of its own: see holder-program.mjs. */
export class Holder {
  readonly process: ChildProcess;
  readonly #news: AsyncIterator<string>;

  constructor(address: string, lock: string, ttlMs: number) {
    const program = join(PACKAGE_FOLDER, 'test/failure-kit/holder-program.mjs');
    this.process = spawn(process.execPath, [program, address, lock, String(ttlMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#news = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  async next(event: HolderNews['event']): Promise<HolderNews> {
    const { value } = await this.#news.next();
    if (value === undefined) throw new Error(`the holder ended before it said ${event}`);
    const news: HolderNews = JSON.parse(value);
    if (news.event !== event) throw new Error(`the holder said ${value} instead of ${event}`);
    return news;
  }

  block(ms: number): void {
    this.process.stdin!.write(`${ms}\n`);
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}

/** The same clock in every process of a machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
