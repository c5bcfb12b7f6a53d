/**
 * Measures every contestant of a question: each round runs each of them once, in a process of its
 * own, so that none inherits another's heap, compiled code or open files, and a slow minute of the
 * machine hits all of them.
 */
import { measureApart } from './measurement.ts';
import type { Measurement, Question } from './question.ts';
import type { BenchmarkRow } from './results.ts';
import { renderNumber } from './statistics.ts';
import type { Suite, SuiteContext } from './suite.ts';

export function questionSuite(question: Question): Suite {
  return {
    name: question.name,
    needsPeers: question.needsPeers,
    contestants: question.contestants,
    async run(context) {
      const rounds = Math.min(context.rounds, question.roundsMax ?? context.rounds);
      return {
        name: question.name,
        title: question.title,
        description: question.description(context.keyCount),
        columns: question.columns,
        rows: await measureRows(question, { ...context, rounds }),
        reference: question.reference,
        targets: question.targets,
        panels: question.panels,
        rounds,
      };
    },
  };
}

async function measureRows(question: Question, context: SuiteContext): Promise<BenchmarkRow[]> {
  const names = question.contestants.filter(
    (name) => context.contestants.length === 0 || context.contestants.includes(name),
  );
  const measurements = new Map<string, Measurement[]>(names.map((name) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 0; round < context.rounds; round++) {
    for (const contestant of names) {
      if (failures.has(contestant)) continue;
      const { keyCount } = context;
      const startMs = performance.now();
      try {
        const order = { question: question.name, contestant, keyCount, seed: round + 1 };
        const measurement = await measureApart(order);
        measurements.get(contestant)!.push(measurement);
        context.log(
          `${question.name} ${round + 1}/${context.rounds} ${contestant}: ${figuresLine(measurement)} (${renderNumber((performance.now() - startMs) / 1_000)} s)`,
        );
      } catch (error) {
        failures.set(contestant, (error as Error).message);
        context.log(`${question.name}: ${contestant} left out: ${(error as Error).message}`);
      }
    }
  }
  return names.map((name) => toRow(name, measurements.get(name)!, failures.get(name)));
}

function figuresLine({ figures }: Measurement): string {
  return Object.entries(figures)
    .flatMap(([key, figure]) => (figure === undefined ? [] : [`${key} ${renderNumber(figure)}`]))
    .join(', ');
}

function toRow(
  name: string,
  measurements: readonly Measurement[],
  failure: string | undefined,
): BenchmarkRow {
  const note = measurements[0]?.note ?? '';
  if (failure !== undefined) return { name, note, samples: {}, failure };
  const samples: Record<string, number[]> = {};
  for (const { figures } of measurements) {
    for (const [key, figure] of Object.entries(figures)) {
      if (figure === undefined) continue;
      samples[key] ??= [];
      samples[key].push(figure);
    }
  }
  return { name, note, samples };
}
