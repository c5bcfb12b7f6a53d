import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;

/**
 * Watches for the longest time in which the event loop served nobody else.
 *
 * Node's monitor is a native timer due every millisecond that records how long it was between two
 * of its turns, so it runs no JavaScript of ours, needs no memory, and sees collections and
 * microtasks as well. A stall of 1 to 10 ms is seen to a millisecond, which is taken off again: the
 * timer itself is due only a millisecond after the last turn. A timer in JavaScript would measure
 * the same and be part of the load; a loop of `setImmediate` would see shorter stalls, but keep a
 * processor busy that the store's own threads need.
 */
export function watchEventLoop(): { longestStallMs(): number } {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  return {
    longestStallMs() {
      monitor.disable();
      return Math.max(0, monitor.max / 1e6 - RESOLUTION_MS);
    },
  };
}
