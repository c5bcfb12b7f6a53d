import type { Clock, Timer } from '@holdfast/core';

export const nodeClock: Clock = {
  wallMs: () => Date.now(),

  monotonicMs: () => performance.now(),

  startTimer(delayMs, keepAlive, callback): Timer {
    if (delayMs === 0) return startImmediate(keepAlive, callback);
    // Timers count from a time cut to whole milliseconds, so one of 5 ms may come after 4.04 ms (6
    // of 300 did).
    const timer = setTimeout(callback, Math.min(Math.ceil(delayMs) + 1, 2_147_483_647));
    if (keepAlive === 'background') timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/**
 * The next turn. Node serves all timers that are due before anything else, and those that are
 * started and fall due meanwhile as well: work that goes on in a timer of its own after each
 * millisecond would keep all others waiting (118 ms were seen).
 */
function startImmediate(keepAlive: 'background' | 'foreground', callback: () => void): Timer {
  const immediate = setImmediate(callback);
  if (keepAlive === 'background') immediate.unref();
  return { cancel: () => clearImmediate(immediate) };
}
