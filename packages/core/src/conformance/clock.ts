import type { Clock } from '../ports/clock.ts';
import { expectEqual, expectTrue } from './expect.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** A clock, and the way to let time pass on it: really, or by moving it. */
export interface ClockFixture {
  readonly clock: Clock;
  /**
   * Resolves once at least `ms` milliseconds have passed on the clock and due timers were called.
   */
  readonly pass: (ms: number) => Promise<void>;
}

/** Judges a `Clock` by the promises of ports/clock.ts. Each test lets at most 50 ms pass. */
export function clockConformance(target: ConformanceTarget & FixtureSource<ClockFixture>): void {
  registerSuite('clock', target, TESTS);
}

const TESTS: readonly SuiteTest<ClockFixture>[] = [
  {
    name: 'tells a wall time of this century, in milliseconds',
    run: async ({ clock }) => {
      expectTrue(clock.wallMs() > 946_684_800_000, 'the wall time to be after the year 2000');
      expectTrue(clock.wallMs() < 4_102_444_800_000, 'the wall time to be before the year 2100');
    },
  },
  {
    name: 'never lets monotonic time go back',
    run: async ({ clock }) => {
      let previous = clock.monotonicMs();
      for (let turn = 0; turn < 10_000; turn++) {
        const now = clock.monotonicMs();
        expectTrue(now >= previous, 'monotonic time not to go back');
        previous = now;
      }
    },
  },
  {
    name: 'moves both times on as time passes',
    run: async ({ clock, pass }) => {
      const startedMonotonicMs = clock.monotonicMs();
      const startedWallMs = clock.wallMs();
      await pass(20);
      expectTrue(clock.monotonicMs() - startedMonotonicMs >= 20, 'monotonic time to move on');
      // The wall clock may have been set meanwhile, and counts whole milliseconds: only its unit is
      // checked.
      const passedWallMs = clock.wallMs() - startedWallMs;
      expectTrue(passedWallMs >= 15 && passedWallMs < 60_000, 'wall time to move on as well');
    },
  },
  {
    name: 'calls a timer once, and not before its delay has passed',
    run: async ({ clock, pass }) => {
      for (const delayMs of [0, 1, 1.75, 5, 7.5]) {
        const startedMs = clock.monotonicMs();
        const calledAfterMs: number[] = [];
        clock.startTimer(delayMs, 'foreground', () => {
          calledAfterMs.push(clock.monotonicMs() - startedMs);
        });
        expectEqual(calledAfterMs.length, 0, 'calls before startTimer returned');
        await passUntil(pass, () => calledAfterMs.length > 0);
        await pass(5);
        expectEqual(calledAfterMs.length, 1, `calls of the timer of ${delayMs} ms`);
        expectTrue(
          (calledAfterMs[0] as number) >= delayMs,
          `${delayMs} ms to pass before the call, not ${calledAfterMs[0]}`,
        );
      }
    },
  },
  {
    name: 'calls a background timer while the process lives',
    run: async ({ clock, pass }) => {
      let called = false;
      clock.startTimer(5, 'background', () => {
        called = true;
      });
      await passUntil(pass, () => called);
    },
  },
  {
    name: 'calls the timer that is due first, first',
    run: async ({ clock, pass }) => {
      const order: string[] = [];
      clock.startTimer(25, 'foreground', () => order.push('second'));
      clock.startTimer(5, 'background', () => order.push('first'));
      await passUntil(pass, () => order.length === 2);
      expectEqual(order.join(), 'first,second', 'the order of calls');
    },
  },
  {
    name: 'does not call a cancelled timer, whenever and however often it is cancelled',
    run: async ({ clock, pass }) => {
      let calls = 0;
      const cancelled = clock.startTimer(2, 'foreground', () => calls++);
      cancelled.cancel();
      cancelled.cancel();
      const kept = clock.startTimer(5, 'background', () => {
        calls += 10;
        kept.cancel();
      });
      await passUntil(pass, () => calls > 0);
      await pass(5);
      kept.cancel();
      expectEqual(calls, 10, 'ten for the kept timer and one for the cancelled');
    },
  },
  {
    name: 'takes the longest delay without calling at once',
    run: async ({ clock, pass }) => {
      let called = false;
      const timer = clock.startTimer(2_147_483_647, 'background', () => {
        called = true;
      });
      await pass(20);
      timer.cancel();
      expectTrue(!called, 'a timer of 24 days not to be called within 20 ms');
    },
  },
];

/**
 * Lets time pass until `done`, giving a busy machine a hundred times longer than it should need.
 */
async function passUntil(pass: (ms: number) => Promise<void>, done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !done(); turn++) await pass(5);
  expectTrue(done(), 'the timer to be called');
}
