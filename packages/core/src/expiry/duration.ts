import { InvalidArgumentError } from '../errors.ts';

/** Milliseconds, or text: `'250ms' '30s' '5m' '2h' '7d'`. Fractions are allowed: `'1.5s'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** About 31,700 years: every sum of a deadline and a clock stays an exact integer. */
const DURATION_MS_MAX = 1e15;

/**
 * Milliseconds of a duration, rounded up to a whole one. Throws `InvalidArgumentError` for anything
 * negative, NaN, over 10^15 ms, or text in another form; `Infinity` passes, meaning never.
 */
export function durationMs(duration: Duration, name: string): number {
  const ms = typeof duration === 'string' ? parse(duration) : duration;
  if (
    typeof ms !== 'number' ||
    !(ms >= 0) ||
    (ms > DURATION_MS_MAX && ms !== Number.POSITIVE_INFINITY)
  ) {
    throw new InvalidArgumentError(
      `${name} must be milliseconds (0 to 1e15, or Infinity) or text like '250ms' '30s' '5m' '2h' '7d', got=${String(duration)}`,
    );
  }
  return Math.ceil(ms);
}

function parse(text: string): number {
  const match = PATTERN.exec(text);
  return match === null ? Number.NaN : Number(match[1]) * (UNIT_MS[match[2] as string] as number);
}
