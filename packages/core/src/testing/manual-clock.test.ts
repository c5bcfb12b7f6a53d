// Goal: a test that moves the clock sees timers in the order and at the moments a runtime would
// show them.
// Method: timers that write down when they ran.
// Not covered: that real clocks behave like this one (clockConformance does that, per adapter).
import { describe, expect, test } from 'vitest';
import { delay } from '../ports/clock.ts';
import { ManualClock } from './index.ts';

describe('ManualClock', () => {
  test('runs timers when they are due, in order, never early', async () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    clock.startTimer(20, 'background', () => ran.push(`late ${clock.monotonicMs()}`));
    clock.startTimer(10, 'background', () => ran.push(`first ${clock.monotonicMs()}`));
    clock.startTimer(10, 'foreground', () => ran.push(`second ${clock.monotonicMs()}`));
    await clock.advance(9);
    expect(ran).toEqual([]);
    await clock.advance(1);
    expect(ran).toEqual(['first 10', 'second 10']);
    await clock.advance(100);
    expect(ran).toEqual(['first 10', 'second 10', 'late 20']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('runs timers that timers and waiting promises start on the way', async () => {
    const clock = new ManualClock();
    const ran: number[] = [];
    const tick = async (): Promise<void> => {
      for (let count = 0; count < 3; count++) {
        await delay(clock, 10);
        ran.push(clock.monotonicMs());
      }
    };
    void tick();
    await clock.advance(30);
    expect(ran).toEqual([10, 20, 30]);
  });

  test('a cancelled timer does not run, and cancelling twice does nothing', async () => {
    const clock = new ManualClock();
    let hasRun = false;
    const timer = clock.startTimer(10, 'background', () => {
      hasRun = true;
    });
    timer.cancel();
    timer.cancel();
    await clock.advance(20);
    expect(hasRun).toBe(false);
  });

  test('a step of the wall clock moves no timer and no monotonic time', async () => {
    const clock = new ManualClock(1000);
    let hasRun = false;
    clock.startTimer(10, 'background', () => {
      hasRun = true;
    });
    clock.setWallMs(999_999);
    expect(clock.monotonicMs()).toBe(0);
    expect(clock.wallMs()).toBe(999_999);
    await clock.advance(9);
    expect(hasRun).toBe(false);
    expect(clock.wallMs()).toBe(1_000_008);
  });

  test('settling waits for as long as a source is busy', async () => {
    const clock = new ManualClock();
    let polls = 0;
    let last = 0;
    clock.addBusySource(() => {
      polls++;
      const isBusy = polls <= 500 && polls % 40 === 0;
      if (isBusy) last = polls;
      return isBusy;
    });
    await clock.settle();
    expect(last).toBe(480);
  });
});
