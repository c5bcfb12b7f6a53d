/**
 * Time, passed in: nothing in core asks a runtime for it.
 */
export interface Clock {
  /**
   * Milliseconds since the Unix epoch. May jump in either direction when somebody sets the clock.
   */
  wallMs(): number;

  /**
   * Milliseconds since some fixed moment; never goes back, and does not follow the wall clock's
   * steps.
   */
  monotonicMs(): number;

  /**
   * Calls `callback` once, from the event loop, at least `delayMs` milliseconds from now (0 to
   * 2,147,483,647). A `background` timer does not keep the process alive; a `foreground` one does.
   */
  startTimer(delayMs: number, keepAlive: 'background' | 'foreground', callback: () => void): Timer;
}

export interface Timer {
  /**
   * The callback will not be called after this; cancelling twice, or after it ran, does nothing.
   */
  cancel(): void;
}

/** Resolves after `delayMs`, keeping the process alive meanwhile. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.startTimer(delayMs, 'foreground', resolve);
  });
}
