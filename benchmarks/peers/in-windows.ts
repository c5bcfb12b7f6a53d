/** Calls in flight together where each is slow; one at a time is slower still. */
export const CALLS_IN_FLIGHT = 64;

/** Calls for every key, so many at a time. */
export async function inWindows(
  keys: readonly string[],
  call: (key: string, index: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < keys.length; from += CALLS_IN_FLIGHT) {
    const window = keys.slice(from, from + CALLS_IN_FLIGHT);
    await Promise.all(window.map((key, index) => call(key, from + index)));
  }
}
