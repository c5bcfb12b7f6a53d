import type { Accelerators } from './accelerators.ts';
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
  /** Hands over one error nobody was waiting for, when the user gave no `onError`. */
  readonly reportError: (error: Error) => void;
}
