/** The middle of one measurement's rounds and how far they lie apart. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError('no samples to summarize');
  const sorted = [...samples].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle]!;
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1]! : upper;
  return { median: (lower + upper) / 2, min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * The ratio of two measurements taken round by round. Dividing within a round cancels what slowed
 * the machine during that round; dividing the medians would not.
 */
export function summarizeRatio(
  samples: readonly number[],
  reference: readonly number[],
): Summary | undefined {
  const rounds = Math.min(samples.length, reference.length);
  if (rounds === 0) return undefined;
  return summarize(
    Array.from({ length: rounds }, (_, round) => samples[round]! / reference[round]!),
  );
}

/** Three significant digits, or all of a whole number: more would claim what was not measured. */
export function renderNumber(number: number): string {
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString('en');
  return String(Number(number.toPrecision(3)));
}
