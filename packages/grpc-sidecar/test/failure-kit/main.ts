/** The command `npm run failure-kit`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@holdfast/client';
import { OwnServer } from './bench.ts';
import { HELP, type KitOptions, parseOptions } from './options.ts';
import { runScenario } from './run-scenario.ts';
import { reasonToSkip, type Scenario, titleOf } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** Scenarios mostly wait. */
const AT_ONCE = 4;

interface Outcome {
  readonly number: number;
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** Why it was skipped, or how it failed. */
  readonly reason?: string;
}

// What scenarios leave behind, like connections to servers that are gone, is nobody's any more.
process.exit(await main(process.argv.slice(2)));

async function main(words: readonly string[]): Promise<number> {
  let options: KitOptions;
  try {
    options = parseOptions(
      words,
      SCENARIOS.map(({ number }) => number),
    );
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(
      `${error.message}\n\nnpm run failure-kit -- --help tells what there is.\n`,
    );
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${HELP}\nFailures:\n${SCENARIOS.map(helpLine).join('')}`);
    return 0;
  }
  const { address, only } = options;
  const chosen = SCENARIOS.filter(({ number }) => only?.has(number) ?? true);
  if (address !== undefined) return report(await playOn(address, chosen, options), options);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-kit-'));
  const server = new OwnServer(folder, []);
  try {
    await server.start();
    return report(await playOn(server.address, chosen, options), options);
  } finally {
    await server.kill();
    rmSync(folder, { recursive: true });
  }
}

function helpLine(scenario: Scenario): string {
  const reason = reasonToSkip(scenario);
  return `  ${titleOf(scenario)}${reason === undefined ? '' : ` (${reason})`}\n`;
}

/** `undefined` if no server answers. */
async function playOn(
  address: string,
  scenarios: readonly Scenario[],
  { address: given }: KitOptions,
): Promise<Outcome[] | undefined> {
  try {
    await (await connect(address)).close();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
  const outcomes: Outcome[] = [];
  const playNext = async (queue: Scenario[]): Promise<void> => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      const reason = given === undefined ? undefined : reasonToSkip(scenario);
      const outcome =
        reason === undefined ? await play(scenario, address) : skipped(scenario, reason);
      outcomes.push(outcome);
      const seconds = outcome.seconds.toFixed(1).padStart(6);
      process.stderr.write(`${outcome.result.padEnd(8)}${seconds} s  ${titleOf(scenario)}\n`);
    }
  };
  const light = scenarios.filter(({ isHeavy }) => !isHeavy);
  await Promise.all(Array.from({ length: AT_ONCE }, () => playNext(light)));
  await playNext(scenarios.filter(({ isHeavy }) => isHeavy));
  return outcomes.sort((a, b) => a.number - b.number);
}

function skipped({ number, name }: Scenario, reason: string): Outcome {
  return { number, name, result: 'skipped', seconds: 0, reason };
}

async function play(scenario: Scenario, address: string): Promise<Outcome> {
  const { number, name } = scenario;
  const startMs = performance.now();
  const secondsSoFar = (): number => (performance.now() - startMs) / 1_000;
  try {
    await runScenario(scenario, address);
    return { number, name, result: 'passed', seconds: secondsSoFar() };
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { number, name, result: 'failed', seconds: secondsSoFar(), reason };
  }
}

/** The exit code. */
function report(outcomes: readonly Outcome[] | undefined, { json }: KitOptions): number {
  if (outcomes === undefined) return 3;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { result } of outcomes) counts[result]++;
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...counts, outcomes })}\n`);
  } else {
    process.stdout.write(`\n${outcomes.map(row).join('')}`);
    const { passed, failed } = counts;
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
  }
  return counts.failed > 0 ? 1 : 0;
}

function row({ number, name, result, seconds, reason }: Outcome): string {
  const line = `${String(number).padStart(2)}  ${result.padEnd(8)}${seconds.toFixed(1).padStart(5)} s  ${name}\n`;
  return reason === undefined ? line : `${line}${reason.replaceAll(/^/gm, '        ')}\n`;
}
