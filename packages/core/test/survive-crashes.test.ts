// Goal: whatever happens between two openings of a store, what the second one shows is allowed by
// what was promised.
// Method: seeded histories (history.ts) under settings that bring out different parts of the
// engine, and disks that rot, lie and fail (disk-trouble.ts). SIM_SEEDS plays that many for each
// (default 50), SIM_SEED a single one. `npm run sim` plays them without Vitest, on all cores.
// Not covered: what disk-trouble.ts leaves out, and why, stands in docs/testing.md. Real processes.
import { expect, test } from 'vitest';
import { PROFILES, playProfile } from './history-profiles.ts';

const SEEDS = Number(process.env.SIM_SEEDS ?? 50);
const ONLY = process.env.SIM_SEED;

test.each(Object.entries(PROFILES))(
  'histories %s',
  async (name, profile) => {
    const all = Array.from({ length: SEEDS }, (_, index) => index + 1);
    const total = { crashes: 0, evictions: 0, torn: 0, troubles: 0 };
    for (const seed of ONLY === undefined ? all : [Number(ONLY)]) {
      const counts = await playProfile(name, seed);
      total.crashes += counts.crashes;
      total.evictions += counts.evictions;
      total.torn += counts.torn;
      total.troubles += counts.troubles;
    }
    if (ONLY !== undefined || SEEDS < 50) return;
    // The histories are worth something only if these happen.
    expect(total.crashes).toBeGreaterThan(SEEDS);
    expect(total.torn).toBeGreaterThan(0);
    if (profile.evicts === true) expect(total.evictions).toBeGreaterThan(0);
    if (profile.trouble !== undefined) expect(total.troubles).toBeGreaterThan(SEEDS);
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
  await playProfile(name, seed);
});
