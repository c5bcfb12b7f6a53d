/** A sequence of requests for objects of one size; the seed it was made from makes it again. */
export interface Trace {
  /** Object numbers, from 0. */
  readonly requests: Uint32Array;
  /** One more than the highest number requested. */
  readonly numbersEnd: number;
  /**
   * How many requests after it was stored an object expires, `Infinity` for never; absent where
   * nothing does.
   */
  readonly lifetimeOf?: (object: number) => number;
}

export interface TraceOptions {
  /** Objects that may come again; a cache's size is given as a share of these. */
  readonly objectCount: number;
  readonly requestCount: number;
  readonly seed: number;
}

export interface TraceKind {
  readonly name: string;
  /** What it imitates, in a few words. */
  readonly description: string;
  create(options: TraceOptions): Trace;
}

/** `objectAt` is called for each request in order. */
export function traceOf(
  requestCount: number,
  objectAt: (at: number) => number,
  lifetimeOf?: (object: number) => number,
): Trace {
  const requests = new Uint32Array(requestCount);
  let highest = 0;
  for (let at = 0; at < requestCount; at++) {
    const object = objectAt(at);
    requests[at] = object;
    if (object > highest) highest = object;
  }
  const trace = { requests, numbersEnd: highest + 1 };
  return lifetimeOf === undefined ? trace : { ...trace, lifetimeOf };
}
