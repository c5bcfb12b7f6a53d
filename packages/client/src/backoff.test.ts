/**
 * Goal: attempts spread out, up to the limit, and start over after a success.
 * Method: seeded random numbers; bounds, not exact values. Not covered: timers.
 */
import { SeededRandom } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

describe('Backoff', () => {
  it('doubles from 20 ms up to the limit, each delay in its upper half', () => {
    const backoff = new Backoff(1_000, new SeededRandom(1));
    for (const limitMs of [20, 40, 80, 160, 320, 640, 1_000, 1_000]) {
      const delayMs = backoff.nextDelayMs();
      expect(delayMs).toBeGreaterThanOrEqual(limitMs / 2);
      expect(delayMs).toBeLessThanOrEqual(limitMs);
    }
    for (let attempt = 0; attempt < 2_000; attempt++) {
      expect(backoff.nextDelayMs()).toBeLessThanOrEqual(1_000);
    }
    backoff.reset();
    expect(backoff.nextDelayMs()).toBeLessThanOrEqual(20);
  });

  it('does not give two clients the same delays', () => {
    const delays = [1, 2, 3, 4].map((seed) => new Backoff(1_000, new SeededRandom(seed)));
    expect(new Set(delays.map((backoff) => backoff.nextDelayMs())).size).toBe(4);
  });
});
