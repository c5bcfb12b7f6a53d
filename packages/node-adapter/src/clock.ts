import type { Clock, Timer } from '@holdfast/core';

export const nodeClock: Clock = {
  wallMs: () => Date.now(),

  monotonicMs: () => performance.now(),

  startTimer(delayMs, keepAlive, callback): Timer {
    // Timers count from a time cut to whole milliseconds, so one of 5 ms may come after 4.04 ms (6
    // of 300 did).
    const timer = setTimeout(callback, Math.min(Math.ceil(delayMs) + 1, 2_147_483_647));
    if (keepAlive === 'background') timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
