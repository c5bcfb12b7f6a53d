import type { Clock, Random, Timer } from '@holdfast/core/ports';

/** What the client needs of the machine it runs on; tests pass their own. @internal */
export interface ClientSystem {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The real clock and the real random numbers. Web APIs only, so Bun and Deno run it as it is.
 * @internal
 */
export function realSystem(): ClientSystem {
  return { clock: SYSTEM_CLOCK, random: SYSTEM_RANDOM };
}

const SYSTEM_CLOCK: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  startTimer(delayMs, keepAlive, callback): Timer {
    const handle = setTimeout(callback, delayMs);
    if (keepAlive === 'background') handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

const SYSTEM_RANDOM: Random = {
  // The caller's arrays are never views of shared memory (the port says so), which the type cannot.
  fill: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>) as typeof bytes,
};
