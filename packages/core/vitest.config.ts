import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Histories make and drop whole stores: with more room for young objects a tenth less time goes
    // to collecting them.
    execArgv: ['--max-semi-space-size=64'],
    // Core has no state outside of what it opens, so its tests share their modules, which saves a
    // fifth of the time: it went to loading and compiling them again for each file.
    isolate: false,
  },
});
