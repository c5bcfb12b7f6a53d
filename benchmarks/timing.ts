import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Nanoseconds, starting on a collected heap. */
export function timed(work: () => unknown): Promise<number> {
  globalThis.gc!();
  return timedAsItIs(work);
}

/**
 * Nanoseconds. A collection before would make the first thousands of calls find code thrown away.
 */
export async function timedAsItIs(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start);
}

/**
 * Operations a second: `step` is repeated until `countMax` operations were done or the time is up.
 * It gets the number done so far, and answers how many it did.
 */
export async function perSecond(
  countMax: number,
  msMax: number,
  step: (done: number) => number | Promise<number>,
): Promise<number> {
  globalThis.gc!();
  const startMs = performance.now();
  let done = 0;
  let spentMs = 0;
  while (done < countMax && spentMs < msMax) {
    const stepped = step(done);
    done += typeof stepped === 'number' ? stepped : await stepped;
    spentMs = performance.now() - startMs;
  }
  return (done * 1_000) / spentMs;
}

/**
 * Latencies of single calls, by the histogram of Node itself: it counts in native code, allocates
 * nothing a record, and keeps three digits.
 */
export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram();

  /** Times come from `performance.now()`, which costs some 50 ns a call itself. */
  record(startMs: number, endMs: number): void {
    this.#histogram.record(Math.max(1, Math.round((endMs - startMs) * 1e6)));
  }

  /** Microseconds below which this share of the calls stayed, by percent; 100 is the slowest. */
  microseconds(percent: number): number {
    const { max } = this.#histogram;
    return (percent === 100 ? max : this.#histogram.percentile(percent)) / 1e3;
  }
}

/** Gives everything else its turn: timers, files, the kernel's answers. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
