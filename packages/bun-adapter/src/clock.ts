import type { Clock, Timer } from '@holdfast/core';

export const bunClock: Clock = {
  wallMs: () => Date.now(),

  monotonicMs: () => performance.now(),

  startTimer(delayMs, keepAlive, callback): Timer {
    // Bun cuts a delay to whole milliseconds; of 300 whole ones none came early.
    const timer = setTimeout(callback, Math.ceil(delayMs));
    if (keepAlive === 'background') timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
