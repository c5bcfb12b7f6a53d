// Goal: the rules by which files are freed (rules.ts) never bring old data back, and every one of
// them is needed, or known to be there for another reason.
// Method: seeded histories of an abstract store with crashes at every step; then the same with one
// rule taken away, until old data is read. SIM_SEEDS plays that many (default 10,000), SIM_SEED
// one. Which rules are there for another reason than this, and how sure that is: mutants.ts.
// Not covered: bytes, damage, batches that are not yet durable, failing calls: the engine's own
// simulation has those. That the engine follows these rules.
//
// The first form of this model gave copies a new sequence or the old one and knew no
// `freesInterruptedFirst`; 3 of 600,000 of its histories broke the property. A crash between the
// sync of a copy and the unlink of the main file it came from leaves a record in two main files:
// the copy is evicted first, a delete finds nothing, and the other one comes back. Now the file of
// the other one goes first; recovery knows it by a sequence that lies there twice.
import { expect, test } from 'vitest';
import { playHistory } from './history.ts';
import { HARMFUL, HARMLESS } from './mutants.ts';
import { ALL_RULES, type Rules } from './rules.ts';

const SEEDS = Number(process.env.SIM_SEEDS ?? 10_000);
const ONLY = process.env.SIM_SEED;
/** Ten times what the rarest of the harmful mutants takes. */
const SEEDS_MAX = 50_000;

function firstViolation(rules: Rules, seeds: number, firstSeed = 1): string | undefined {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const violation = playHistory(rules, seed);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

test('with every rule, nothing comes back', () => {
  const violation =
    ONLY === undefined ? firstViolation(ALL_RULES, SEEDS) : playHistory(ALL_RULES, Number(ONLY));
  expect(violation).toBeUndefined();
}, 3_600_000);

test.each(HARMFUL)(
  'without $without, $reason',
  ({ without, firstSeed }) => {
    const rules = { ...ALL_RULES, [without]: false };
    expect(firstViolation(rules, SEEDS_MAX, firstSeed)).toMatch(/^SEED=\d+ key=/);
  },
  120_000,
);

test.each(HARMLESS)('without $without nothing comes back: $reason', ({ without }) => {
  const seeds = Math.min(SEEDS, 2_000);
  expect(firstViolation({ ...ALL_RULES, [without]: false }, seeds)).toBeUndefined();
});

test('every rule has a mutant', () => {
  const known = [...HARMFUL, ...HARMLESS].map(({ without }) => without);
  expect(known.sort()).toEqual(Object.keys(ALL_RULES).sort());
});
