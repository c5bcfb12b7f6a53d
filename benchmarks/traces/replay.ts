import type { Policy } from '../policies/policy.ts';
import type { Trace } from './trace.ts';

/**
 * The share of requests that a policy answers. One request is one unit of time; what has expired is
 * removed when it is asked for, as a cache that looks at deadlines on reading does.
 */
export function hitRatioOf(trace: Trace, policy: Policy): number {
  const { requests, lifetimeOf } = trace;
  const deadlines = new Float64Array(lifetimeOf === undefined ? 0 : trace.numbersEnd);
  let hits = 0;
  for (let at = 0; at < requests.length; at++) {
    const object = requests[at]!;
    if (lifetimeOf !== undefined && deadlines[object]! <= at) policy.remove(object);
    if (policy.hit(object)) {
      hits++;
      continue;
    }
    policy.insert(object);
    if (lifetimeOf !== undefined) deadlines[object] = at + lifetimeOf(object);
  }
  return hits / requests.length;
}
