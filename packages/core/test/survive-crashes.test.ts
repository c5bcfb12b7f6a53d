// Goal: whatever happens between two openings of a store, what the second one shows is allowed by
// what was promised.
// Method: seeded histories (history.ts) under settings that bring out different parts of the
// engine. SIM_SEEDS plays that many for each (default 500), SIM_SEED a single one.
// Not covered: failing and lying disks, damage (files beside this one), real processes.
import { expect, test } from 'vitest';
import { History } from './history.ts';
import { PROFILES } from './history-profiles.ts';

const SEEDS = Number(process.env.SIM_SEEDS ?? 500);
const ONLY = process.env.SIM_SEED;

test.each(Object.entries(PROFILES))(
  'histories %s',
  async (_name, profile) => {
    const all = Array.from({ length: SEEDS }, (_, index) => index + 1);
    const total = { crashes: 0, evictions: 0, relocations: 0, torn: 0 };
    for (const seed of ONLY === undefined ? all : [Number(ONLY)]) {
      const history = new History({ ...profile, seed });
      await history.run();
      total.crashes += history.counts.crashes;
      total.evictions += history.counts.evictions;
      total.torn += history.counts.torn;
    }
    if (ONLY !== undefined || SEEDS < 100) return;
    // The histories are worth something only if these happen.
    expect(total.crashes).toBeGreaterThan(SEEDS);
    expect(total.torn).toBeGreaterThan(0);
    if (profile.evicts === true) expect(total.evictions).toBeGreaterThan(0);
  },
  600_000,
);

// Each failed once; what for stands in docs/testing.md.
test.each([
  ['in many short openings', 42],
  ['with a full disk limit', 12_565],
  ['in large segments, over sectors that held other files', 10_992],
  ['in large segments, over sectors that held other files', 12_647],
])('the history %s with seed %i', async (name, seed) => {
  await new History({ ...PROFILES[name]!, seed }).run();
});
