import { defineConfig } from 'vitest/config';

// Tests start processes and share their processors with other packages' tests: a slow one is not a
// hung one.
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
