import type { Clock, Timer } from '@holdfast/core';

export const nodeClock: Clock = {
  wallMs: () => Date.now(),

  monotonicMs: () => performance.now(),

  startTimer(delayMs, keepAlive, callback): Timer {
    if (delayMs === 0) {
      return keepAlive === 'background' ? startInBackground(callback) : startImmediate(callback);
    }
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
function startImmediate(callback: () => void): Timer {
  const immediate = setImmediate(callback);
  return { cancel: () => clearImmediate(immediate) };
}

/**
 * The next turn, if there is one. Node sleeps on without looking at an immediate that is to keep
 * nothing alive, until something else happens: where that takes long, a timer, which it does wake
 * up for, has it served.
 */
function startInBackground(callback: () => void): Timer {
  const immediate = setImmediate(() => {
    clearTimeout(wake);
    callback();
  });
  immediate.unref();
  const wake = setTimeout(() => immediate.ref(), 1);
  wake.unref();
  return {
    cancel: () => {
      clearTimeout(wake);
      clearImmediate(immediate);
    },
  };
}
