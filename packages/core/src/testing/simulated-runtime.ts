import type { Runtime } from '../ports/runtime.ts';
import { ManualClock } from './manual-clock.ts';
import { SeededRandom } from './seeded-random.ts';
import { simulatedCipher } from './simulated-cipher.ts';
import { simulatedCompressors } from './simulated-compressors.ts';
import { type CrashOptions, SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedFileSystem } from './simulated-file-system.ts';

export interface SimulatedRuntimeOptions {
  /** Decides everything left to chance. Default 1. */
  readonly seed?: number;
  /** Default: an empty disk. */
  readonly disk?: SimulatedDisk;
  /** Default: a new clock. */
  readonly clock?: ManualClock;
}

/** One process of a simulated machine, ready to be handed to the engine. */
export interface SimulatedRuntime extends Runtime {
  readonly disk: SimulatedDisk;
  readonly fileSystem: SimulatedFileSystem;
  readonly clock: ManualClock;
  readonly random: SeededRandom;
  /** What `reportError` was called with, oldest first. */
  readonly reportedErrors: Error[];

  /** Another process of the same machine: same disk, same clock. */
  fork(): SimulatedRuntime;

  /**
   * Crashes the machine's processes and starts a new one on what survived. Its clock shows the same
   * wall time; the old clock's timers stay behind, since nobody moves that clock any more.
   */
  crash(kind: 'process' | 'power', options?: Omit<CrashOptions, 'only'>): SimulatedRuntime;
}

/** Spreads keys as the real one does; nobody compares it with anything. */
function simulatedSha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(32).fill(bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 7));
}

/**
 * A `Runtime` in which one seed decides everything and time stands still until the test moves it.
 */
export function simulatedRuntime(options: SimulatedRuntimeOptions = {}): SimulatedRuntime {
  const seed = options.seed ?? 1;
  const disk = options.disk ?? new SimulatedDisk({ seed });
  const clock = options.clock ?? new ManualClock();
  const reportedErrors: Error[] = [];
  clock.addBusySource(() => disk.isBusy);
  return {
    disk,
    clock,
    accelerators: { sha256: simulatedSha256 },
    fileSystem: disk.mount(),
    compressors: simulatedCompressors,
    loadCipher: async () => simulatedCipher,
    // Apart from the disk's numbers, so that one more salt does not change which call finishes
    // first.
    random: new SeededRandom(seed ^ 0x5eed_5a17),
    reportError: (error) => void reportedErrors.push(error),
    reportedErrors,
    fork: () => simulatedRuntime({ seed: seed + 1, disk, clock }),
    crash: (kind, crashOptions) => {
      disk.crash(kind, crashOptions);
      return simulatedRuntime({ seed: seed + 1, disk, clock: new ManualClock(clock.wallMs()) });
    },
  };
}
