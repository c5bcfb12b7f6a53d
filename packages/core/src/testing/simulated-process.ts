import { HoldfastError } from '../errors.ts';
import type { SimulatedFile } from './simulated-file.ts';

/** One process of the simulated machine: it holds handles and locks until it dies. */
export interface SimulatedProcess {
  readonly pid: number;
  isAlive: boolean;
  readonly openFiles: Set<{ readonly file: SimulatedFile }>;
}

/** What every call of a crashed process rejects with. */
export function processDied(): HoldfastError {
  return new HoldfastError('IO', 'the simulated process has died');
}
