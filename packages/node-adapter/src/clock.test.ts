// Goal: a foreground timer keeps a process alive and a background timer does not, on every runtime;
// but one of the next turn comes soon where nothing else wakes the process up.
// Method: real processes of Node, Bun and Deno. Not covered: how exactly timers keep time (the
// conformance suite).
import { expect, test } from 'vitest';
import { RUNTIME_NAMES, startProcess } from '../test/runtime-process.ts';

for (const runtime of RUNTIME_NAMES) {
  test(`on ${runtime} a process lives for its foreground timers alone`, async () => {
    const started = await startProcess(runtime, 'timer-program.mjs', [], []);
    try {
      expect(started.line).toBe('foreground, after 20 turns in the background');
      expect(await started.ended).toBe(0);
    } finally {
      await started.kill();
    }
  }, 20_000);
}
