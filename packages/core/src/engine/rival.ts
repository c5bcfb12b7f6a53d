import { isExpired } from '../expiry/expiry.ts';
import type { MainLog } from './main-log.ts';
import type { Readable } from './readable.ts';
import type { Segment } from './segment.ts';

/**
 * What cannot be read may hide something older in another main segment: the one to be reclaimed
 * first, by copying what is live, or `undefined` if there is none left.
 */
export function rivalOf(
  segment: Segment,
  { isWhole }: Readable,
  main: MainLog,
  nowMs: number,
): Segment | undefined {
  // Where it has memory, recovery has seen to what it hid.
  const isSafe = isWhole || segment.memory !== undefined;
  if (isSafe || isExpired(segment.untilMs, nowMs)) return undefined;
  segment.rivals ??= main.segments.filter((each) => each !== segment);
  const rival = segment.rivals.find((each) => main.segments.includes(each));
  if (rival !== undefined) main.seal(rival);
  return rival;
}
