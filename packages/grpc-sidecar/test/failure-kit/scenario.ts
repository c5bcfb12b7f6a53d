/**
 * One failure that the locks have to pass, with the number and the words of docs/locks.md. It
 * throws if they do not.
 */
import type { Bench } from './bench.ts';

export interface Scenario {
  readonly number: number;
  readonly name: string;
  /** Why a server that runs already will not do, if so: the scenario starts its own. */
  readonly ownServer?: string;
  /** Why no real server will do, if so: what is simulated. */
  readonly simulated?: string;
  /** Loads the machine so much that the times others measure are not to be trusted meanwhile. */
  readonly isHeavy?: true;
  readonly run: (bench: Bench) => Promise<void>;
}

/** As it is listed, and as tests call it. */
export function titleOf({ number, name }: Scenario): string {
  return `${number} — ${name}`;
}

/** Why the scenario cannot be played on a server that is running already; `undefined` if it can. */
export function reasonToSkip({ ownServer, simulated }: Scenario): string | undefined {
  if (simulated !== undefined) return `simulated: ${simulated}`;
  return ownServer === undefined ? undefined : `needs a server of its own: ${ownServer}`;
}
