import { Bench } from './bench.ts';
import { type Scenario, titleOf } from './scenario.ts';

/** Of a scenario that hangs. */
const TIMEOUT_MS = 60_000;

/** Plays one scenario on the server at `address`, or on what it starts itself. */
export async function runScenario(scenario: Scenario, address: string): Promise<void> {
  const bench = new Bench(address);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`${titleOf(scenario)}: not over after ${TIMEOUT_MS} ms`));
    timer = setTimeout(late, TIMEOUT_MS);
  });
  try {
    await Promise.race([scenario.run(bench), timeout]);
  } finally {
    clearTimeout(timer);
    await bench.dispose();
  }
}
