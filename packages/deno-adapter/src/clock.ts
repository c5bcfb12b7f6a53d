import type { Clock, Timer } from '@holdfast/core';

export const denoClock: Clock = {
  wallMs: () => Date.now(),

  monotonicMs: () => performance.now(),

  startTimer(delayMs, keepAlive, callback): Timer {
    // Deno cuts a delay to whole milliseconds; of 300 whole ones none came early.
    const timer = setTimeout(callback, Math.ceil(delayMs));
    if (keepAlive === 'background') Deno.unrefTimer(timer);
    return { cancel: () => clearTimeout(timer) };
  },
};
