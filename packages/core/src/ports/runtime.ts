import type { Accelerators } from './accelerators.ts';
import type { BootTime } from './boot.ts';
import type { Cipher } from './cipher.ts';
import type { Clock } from './clock.ts';
import type { Compressors } from './compression.ts';
import type { FileSystem } from './file-system.ts';
import type { Random } from './random.ts';

/**
 * Everything core knows of the world it runs in. An adapter makes one; a test makes a simulated
 * one.
 */
export interface Runtime {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
  readonly accelerators?: Accelerators;
  /** Absent: values cannot be compressed, and compressed ones not read. */
  readonly compressors?: Compressors;
  /**
   * Loads what encrypts, when the first encrypted store is opened; rejects if it cannot be had on
   * this machine. Absent: nothing can be encrypted, and no encrypted store be read.
   */
  readonly loadCipher?: () => Promise<Cipher>;
  /**
   * The machine's own time; `undefined`, or absent, where it cannot be told: then leases live for a
   * whole TTL after a restart of the program.
   */
  readonly readBootTime?: () => Promise<BootTime | undefined>;
  /** Hands over one error nobody was waiting for, when the user gave no `onError`. */
  readonly reportError: (error: Error) => void;
}
